// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/kernels/crossbar_kernel.h"

#include <algorithm>
#include <bit>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/engine/crossbar/kernels/crossbar_kernel.cpp"
#include <hwy/foreach_target.h>  // compiles this file once per instruction set
#include <hwy/highway.h>

#ifndef SQUEEZEBAR_CROSSBAR_KERNEL_SHARED
#define SQUEEZEBAR_CROSSBAR_KERNEL_SHARED
namespace squeezebar {
namespace {

/// kOnes[x][w] = popcount(x & w): the current that four driven rows x draw through four one-bit cells w.
struct OnesTable {
  alignas(16) std::uint8_t row[16][16];
};

constexpr OnesTable make_ones_table() {
  OnesTable table{};
  for (int x = 0; x < 16; ++x) {
    for (int w = 0; w < 16; ++w) {
      int ones = 0;
      for (int b = 0; b < 4; ++b) ones += (x >> b) & (w >> b) & 1;
      table.row[x][w] = static_cast<std::uint8_t>(ones);
    }
  }
  return table;
}

constexpr OnesTable kOnes = make_ones_table();

/// Nibbles of rows whose ones fit a byte counter.
constexpr std::size_t kNibblesPerByteSum = 63;

}  // namespace
}  // namespace squeezebar
#endif  // SQUEEZEBAR_CROSSBAR_KERNEL_SHARED

HWY_BEFORE_NAMESPACE();
namespace squeezebar {
namespace HWY_NAMESPACE {

#if HWY_TARGET == HWY_SCALAR

// No byte shuffle: table look-ups one column at a time.
std::uint64_t read_array_impl(const ArrayRead& read, const WaveBits& input) {
  const PackedArray& array = *read.cells;
  const auto columns = static_cast<std::size_t>(array.padded_columns());
  std::vector<std::int32_t> sums(columns);
  std::uint64_t clipped = 0;
  for (int t = read.first_cycle; t < read.last_cycle; ++t) {
    std::fill(sums.begin(), sums.end(), 0);
    for (int drive_bit = 0; drive_bit < read.dac_bits; ++drive_bit) {
      for (const DrivenNibble& driven : input.bit(t * read.dac_bits + drive_bit)) {
        const std::uint8_t* ones = kOnes.row[driven.bits()];
        for (int cell_bit = 0; cell_bit < array.cell_bits(); ++cell_bit) {
          const std::uint8_t* cells = array.plane(cell_bit) + driven.nibble() * columns;
          for (std::size_t c = 0; c < columns; ++c) sums[c] += ones[cells[c]] << (drive_bit + cell_bit);
        }
      }
    }
    const int shift = read.shift + (t - read.first_cycle) * read.dac_bits;
    const bool subtract = read.negative != (t == read.negative_cycle);
    for (std::size_t c = 0; c < columns; ++c) {
      const std::int64_t raw = read.adc.unsaturated(sums[c]);
      const auto code = static_cast<std::int32_t>(std::min<std::int64_t>(raw, read.adc.max_code));
      read.accumulator[c] += subtract ? -(code << shift) : code << shift;
      bool counted = raw > read.adc.max_code;
      if (read.clip_mask != nullptr) {
        std::uint8_t& mark = read.clip_mask[static_cast<std::size_t>(t) * columns + c];
        counted = counted || mark != 0;
        mark = counted ? 0xFF : 0;
      }
      clipped += read.count_clips && counted;
    }
  }
  return clipped;
}

#else

namespace hn = hwy::HWY_NAMESPACE;

using Bytes = hn::ScalableTag<std::uint8_t>;
using Words = hn::ScalableTag<std::uint16_t>;
using Longs = hn::ScalableTag<std::int32_t>;
using ByteVector = hn::Vec<Bytes>;
using WordVector = hn::Vec<Words>;

/// Counts the ones of kVectors neighbouring byte vectors of columns for the driven nibbles.
template <std::size_t kVectors>
HWY_INLINE void count_ones(const std::uint8_t* HWY_RESTRICT cells, std::size_t stride,
                           std::span<const DrivenNibble> driven, ByteVector (&sums)[kVectors]) {
  const Bytes d;
  const std::size_t lanes = hn::Lanes(d);
  for (std::size_t v = 0; v < kVectors; ++v) sums[v] = hn::Zero(d);
  for (const DrivenNibble& nibble : driven) {
    const auto table = hn::LoadDup128(d, kOnes.row[nibble.bits()]);
    const std::uint8_t* row = cells + nibble.nibble() * stride;
    for (std::size_t v = 0; v < kVectors; ++v) {
      sums[v] = hn::Add(sums[v], hn::TableLookupBytes(table, hn::LoadU(d, row + v * lanes)));
    }
  }
}

/// The 16-bit values of the even and of the odd columns of one byte vector of columns.
struct ColumnWords {
  WordVector even;
  WordVector odd;
};

HWY_INLINE ColumnWords widen(ByteVector bytes) {
  const Words d;
  const auto words = hn::BitCast(d, bytes);
  return {hn::And(words, hn::Set(d, 0xFF)), hn::ShiftRight<8>(words)};
}

/// Byte per column, 0xFF where `limit` cut the sum.
HWY_INLINE ByteVector clipped_bytes(const ColumnWords& sums, const ColumnWords& codes) {
  const Words d;
  const auto even = hn::VecFromMask(d, hn::Ne(sums.even, codes.even));
  const auto odd = hn::VecFromMask(d, hn::Ne(sums.odd, codes.odd));
  return hn::BitCast(Bytes(), hn::Or(hn::And(even, hn::Set(d, 0x00FF)), hn::And(odd, hn::Set(d, 0xFF00))));
}

/// Column sums of any cell and DAC resolution and any number of rows.
HWY_INLINE ColumnWords sum_columns(const ArrayRead& read, const WaveBits& input, int t, std::size_t column) {
  const Words d;
  ColumnWords sums{hn::Zero(d), hn::Zero(d)};
  for (int drive_bit = 0; drive_bit < read.dac_bits; ++drive_bit) {
    const auto all_driven = input.bit(t * read.dac_bits + drive_bit);
    for (std::size_t first = 0; first < all_driven.size(); first += kNibblesPerByteSum) {
      const auto driven = all_driven.subspan(first, std::min(kNibblesPerByteSum, all_driven.size() - first));
      for (int cell_bit = 0; cell_bit < read.cells->cell_bits(); ++cell_bit) {
        ByteVector ones[1];
        count_ones<1>(read.cells->plane(cell_bit) + column,
                      static_cast<std::size_t>(read.cells->padded_columns()), driven, ones);
        const ColumnWords part = widen(ones[0]);
        sums.even = hn::Add(sums.even, hn::ShiftLeftSame(part.even, drive_bit + cell_bit));
        sums.odd = hn::Add(sums.odd, hn::ShiftLeftSame(part.odd, drive_bit + cell_bit));
      }
    }
  }
  return sums;
}

/// The code before saturation of sums at an ADC step other than one: (512 sum + step) / (2 step). The
/// quotient of floats is at most one off, and its remainder tells which way.
template <class Sums>
HWY_INLINE Sums divide_by_step(Sums sums, std::int32_t step256) {
  const Longs d;
  const hn::RebindToFloat<Longs> real;
  const auto divisor = hn::Set(d, 2 * step256);
  const auto dividend = hn::Add(hn::ShiftLeft<9>(sums), hn::Set(d, step256));
  const auto near = hn::MulAdd(hn::ConvertTo(real, sums), hn::Set(real, 256.0F / static_cast<float>(step256)),
                               hn::Set(real, 0.5F));
  const auto quotient = hn::ConvertTo(d, near);
  const auto rest = hn::Sub(dividend, hn::Mul(quotient, divisor));
  const auto one = hn::Set(d, 1);
  const auto less = hn::IfThenElseZero(hn::Lt(rest, hn::Zero(d)), one);
  const auto more = hn::IfThenZeroElse(hn::Lt(rest, divisor), one);
  return hn::Add(hn::Sub(quotient, less), more);
}

/// Divides sums by an ADC step other than one.
HWY_INLINE WordVector apply_step(WordVector sums, const AdcTransfer& adc) {
  const Words d;
  const Longs longs;
  const hn::Rebind<std::uint16_t, Longs> half;
  HWY_ALIGN std::uint16_t lane[hn::MaxLanes(Words())];
  hn::Store(sums, d, lane);
  for (std::size_t i = 0; i < hn::Lanes(d); i += hn::Lanes(longs)) {
    const auto codes = divide_by_step(hn::PromoteTo(longs, hn::LoadU(half, lane + i)), adc.step256);
    hn::StoreU(hn::DemoteTo(half, codes), half, lane + i);
  }
  return hn::Load(d, lane);
}

/// Notes the clipped columns of one bit-cycle; returns the bytes (0xFF) that count.
HWY_INLINE ByteVector note_clips(const ArrayRead& read, int t, std::size_t column, ByteVector clipped) {
  const Bytes d;
  if (read.clip_mask != nullptr) {
    std::uint8_t* mask =
        read.clip_mask +
        static_cast<std::size_t>(t) * static_cast<std::size_t>(read.cells->padded_columns()) + column;
    clipped = hn::Or(clipped, hn::LoadU(d, mask));
    hn::StoreU(clipped, d, mask);
  }
  return clipped;
}

/// Adds (or subtracts) words << shift to the 32-bit accumulators.
HWY_INLINE void flush(const ColumnWords& words, int shift, bool subtract,
                      std::int32_t* HWY_RESTRICT accumulator) {
  const Words d16;
  const Longs d32;
  const hn::Rebind<std::uint16_t, Longs> half;
  HWY_ALIGN std::uint16_t lane[2 * hn::MaxLanes(Words())];
  hn::StoreInterleaved2(words.even, words.odd, d16, lane);
  for (std::size_t i = 0; i < 2 * hn::Lanes(d16); i += hn::Lanes(d32)) {
    const auto value = hn::ShiftLeftSame(hn::PromoteTo(d32, hn::LoadU(half, lane + i)), shift);
    const auto before = hn::LoadU(d32, accumulator + i);
    hn::StoreU(subtract ? hn::Sub(before, value) : hn::Add(before, value), d32, accumulator + i);
  }
}

/// Codes of byte sums.
HWY_INLINE ByteVector look_up(const CodeTable& table, ByteVector sums) {
  const Bytes d;
  auto codes = hn::Zero(d);
  std::uint8_t first = 0;
  for (const CodeTable::Part& part : table.parts()) {
    // Sums of other parts get the highest bit, with which a look-up gives zero.
    const auto index = hn::SaturatedAdd(hn::Sub(sums, hn::Set(d, first)), hn::Set(d, 0x70));
    codes = hn::Or(codes, hn::TableLookupBytesOr0(hn::LoadDup128(d, part.codes.data()), index));
    first = static_cast<std::uint8_t>(first + 16);
  }
  return codes;
}

/// One-bit cells, one-bit drive and few enough rows: whole sums and codes are bytes.
template <std::size_t kVectors>
HWY_INLINE void convert_bytes(const ArrayRead& read, const WaveBits& input, int t, std::size_t column,
                              int shift, ColumnWords (&words)[kVectors], ByteVector& clips) {
  const Bytes d;
  ByteVector sums[kVectors];
  count_ones<kVectors>(read.cells->plane(0) + column, static_cast<std::size_t>(read.cells->padded_columns()),
                       input.bit(t), sums);
  const bool unit_step = read.adc.step256 == 256;
  const auto limit = hn::Set(
      d, unit_step ? static_cast<std::uint8_t>(std::min(read.adc.max_code, 255)) : read.codes->last());
  for (std::size_t v = 0; v < kVectors; ++v) {
    const ByteVector unclipped = hn::Min(sums[v], limit);
    const ByteVector clipped = hn::VecFromMask(d, hn::Ne(unclipped, sums[v]));
    const ByteVector codes = unit_step ? unclipped : look_up(*read.codes, sums[v]);
    clips = hn::Sub(clips, note_clips(read, t, column + v * hn::Lanes(d), clipped));
    const ColumnWords code_words = widen(codes);
    words[v].even = hn::Add(words[v].even, hn::ShiftLeftSame(code_words.even, shift));
    words[v].odd = hn::Add(words[v].odd, hn::ShiftLeftSame(code_words.odd, shift));
  }
}

template <std::size_t kVectors>
HWY_INLINE void convert_words(const ArrayRead& read, const WaveBits& input, int t, std::size_t column,
                              int shift, ColumnWords (&words)[kVectors], ByteVector& clips) {
  const Words d;
  const auto limit = hn::Set(d, static_cast<std::uint16_t>(std::min(read.adc.max_code, 65535)));
  for (std::size_t v = 0; v < kVectors; ++v) {
    const std::size_t at = column + v * hn::Lanes(Bytes());
    ColumnWords sums = sum_columns(read, input, t, at);
    if (read.adc.step256 != 256) sums = {apply_step(sums.even, read.adc), apply_step(sums.odd, read.adc)};
    const ColumnWords codes{hn::Min(sums.even, limit), hn::Min(sums.odd, limit)};
    clips = hn::Sub(clips, note_clips(read, t, at, clipped_bytes(sums, codes)));
    words[v].even = hn::Add(words[v].even, hn::ShiftLeftSame(codes.even, shift));
    words[v].odd = hn::Add(words[v].odd, hn::ShiftLeftSame(codes.odd, shift));
  }
}

/// Reads kVectors byte vectors of columns over all bit-cycles. Codes of up to `batch` bit-cycles are gathered
/// in 16-bit registers before they go to the 32-bit accumulators.
template <std::size_t kVectors, bool kBytes>
HWY_INLINE std::uint64_t read_columns(const ArrayRead& read, const WaveBits& input, std::size_t column,
                                      int batch) {
  const Bytes d8;
  const Words d16;
  std::uint64_t clipped = 0;
  for (int first = read.first_cycle; first < read.last_cycle;) {
    int last = std::min(first + batch, read.last_cycle);
    const bool sign_cycle = first == read.negative_cycle;
    if (sign_cycle) {
      last = first + 1;
    } else if (read.negative_cycle > first && read.negative_cycle < last) {
      last = read.negative_cycle;
    }
    ColumnWords words[kVectors];
    for (std::size_t v = 0; v < kVectors; ++v) words[v] = {hn::Zero(d16), hn::Zero(d16)};
    ByteVector clips = hn::Zero(d8);
    for (int t = first; t < last; ++t) {
      const int shift = (t - first) * read.dac_bits;
      if constexpr (kBytes) {
        convert_bytes<kVectors>(read, input, t, column, shift, words, clips);
      } else {
        convert_words<kVectors>(read, input, t, column, shift, words, clips);
      }
    }
    const int shift = read.shift + (first - read.first_cycle) * read.dac_bits;
    for (std::size_t v = 0; v < kVectors; ++v) {
      flush(words[v], shift, read.negative != sign_cycle, read.accumulator + column + v * hn::Lanes(d8));
    }
    if (read.count_clips)
      clipped += hn::GetLane(hn::SumOfLanes(hn::ScalableTag<std::uint64_t>(), hn::SumsOf8(clips)));
    first = last;
  }
  return clipped;
}

template <bool kBytes>
HWY_INLINE std::uint64_t read_all_columns(const ArrayRead& read, const WaveBits& input, int batch) {
  const std::size_t lanes = hn::Lanes(Bytes());
  const auto columns = static_cast<std::size_t>(read.cells->padded_columns());
  std::uint64_t clipped = 0;
  std::size_t c = 0;
  for (; c + 4 * lanes <= columns; c += 4 * lanes) clipped += read_columns<4, kBytes>(read, input, c, batch);
  for (; c + 2 * lanes <= columns; c += 2 * lanes) clipped += read_columns<2, kBytes>(read, input, c, batch);
  for (; c < columns; c += lanes) clipped += read_columns<1, kBytes>(read, input, c, batch);
  return clipped;
}

std::uint64_t read_array_impl(const ArrayRead& read, const WaveBits& input) {
  // A sum of n codes of b bits, each shifted by dac_bits more than the last, stays below 2^(b + n * dac_bits
  // - dac_bits + 1).
  const int bits = std::bit_width(static_cast<unsigned>(read.adc.max_code));
  const int batch = std::max(1, (16 - bits + read.dac_bits - 1) / read.dac_bits);
  const bool fits_byte = read.dac_bits == 1 && read.cells->cell_bits() == 1 &&
                         (read.adc.step256 == 256 || read.codes != nullptr) &&
                         static_cast<std::size_t>(read.cells->nibbles()) <= kNibblesPerByteSum;
  // Byte codes never exceed 252, however wide the ADC; the clip counters are bytes: 4 vectors x 16 bit-cycles
  // at most.
  return fits_byte ? read_all_columns<true>(read, input, std::clamp(batch, 8, 15))
                   : read_all_columns<false>(read, input, batch);
}

#endif  // HWY_TARGET == HWY_SCALAR

}  // namespace HWY_NAMESPACE
}  // namespace squeezebar
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace squeezebar {
namespace {
HWY_EXPORT(read_array_impl);
/// What this CPU can run, whatever was selected meanwhile.
std::int64_t supported_targets() {
  static const std::int64_t targets = hwy::SupportedTargets() & HWY_TARGETS;
  return targets;
}
std::string& forced_variant() {
  static std::string name;
  return name;
}
}  // namespace

CodeTable::CodeTable(const AdcTransfer& adc, int largest)
    : parts_(static_cast<std::size_t>(largest) / 16 + 1) {
  for (int sum = 0; sum <= largest; ++sum) {
    const std::int64_t code = adc.unsaturated(sum);
    if (code <= adc.max_code) last_ = static_cast<std::uint8_t>(sum);
    parts_[static_cast<std::size_t>(sum) / 16].codes[static_cast<std::size_t>(sum) % 16] =
        static_cast<std::uint8_t>(std::min<std::int64_t>(code, adc.max_code));
  }
}

std::uint64_t read_array(const ArrayRead& read, const WaveBits& input) {
  return HWY_DYNAMIC_DISPATCH(read_array_impl)(read, input);
}

std::vector<std::string> kernel_variants() {
  std::vector<std::string> names;
  for (std::int64_t remaining = supported_targets(); remaining != 0; remaining &= remaining - 1) {
    names.emplace_back(hwy::TargetName(remaining & -remaining));  // lower bits are better targets
  }
  return names;
}

bool select_kernel_variant(const std::string& name) {
  const std::int64_t supported = supported_targets();
  std::int64_t chosen = name.empty() ? supported : 0;
  for (std::int64_t remaining = supported; chosen == 0 && remaining != 0; remaining &= remaining - 1) {
    const std::int64_t target = remaining & -remaining;
    if (name == hwy::TargetName(target)) chosen = target;
  }
  const bool found = chosen != 0;
  forced_variant() = found ? name : "";
  hwy::SetSupportedTargetsForTest(name.empty() || !found ? 0 : chosen);
  hwy::GetChosenTarget().Update(hwy::SupportedTargets());
  return found;
}

std::string selected_kernel_variant() {
  const auto all = kernel_variants();
  return !forced_variant().empty() ? forced_variant() : all.front();
}

}  // namespace squeezebar
#endif  // HWY_ONCE
