// SPDX-License-Identifier: Apache-2.0
// The per-wave work around the crossbar reads: slicing inputs into bits, splicing columns, requantising
// outputs. Plain loops, compiled once per instruction set so that the compiler may use what the CPU has.
#include "sim/engine/crossbar/kernels/wave_kernels.h"

#include <algorithm>
#include <bit>
#include <vector>

#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "sim/engine/crossbar/kernels/wave_kernels.cpp"
#include <hwy/foreach_target.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace squeezebar {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Input bits as 64-row masks.
struct BitPlanes {
  int bits = 0;                      ///< that `words` holds; any above are zero
  std::vector<std::uint64_t> words;  ///< [bit][64 rows]
  std::vector<std::uint8_t> bytes;   ///< one byte of every row's code
  std::size_t words_per_bit = 0;

  [[nodiscard]] std::span<const std::uint64_t> bit(int b) const {
    return {words.data() + static_cast<std::size_t>(b) * words_per_bit, words_per_bit};
  }
};

#if HWY_TARGET == HWY_SCALAR

/// Eight rows of a bit as one byte of its mask.
void slice_rows(const std::uint8_t* bytes, std::size_t rows, std::size_t bytes_per_bit, std::uint8_t* masks) {
  for (std::size_t r = 0; r < rows; ++r) {
    for (std::size_t b = 0; b < 8; ++b) {
      std::uint8_t& mask = masks[b * bytes_per_bit + r / 8];
      mask = static_cast<std::uint8_t>(mask | (bytes[r] >> b & 1) << (r % 8));
    }
  }
}

#else

/// A vector of rows at a time: the sign bits of all bytes are one bit of every row.
void slice_rows(const std::uint8_t* bytes, std::size_t rows, std::size_t bytes_per_bit, std::uint8_t* masks) {
  const hn::CappedTag<std::uint8_t, 64> d;
  const hn::RebindToSigned<decltype(d)> d_signed;
  for (std::size_t r = 0; r < rows; r += hn::Lanes(d)) {
    auto rest = hn::LoadU(d, bytes + r);
    for (std::size_t b = 8; b-- > 0;) {
      const auto is_one = hn::Lt(hn::BitCast(d_signed, rest), hn::Zero(d_signed));
      hn::StoreMaskBits(d_signed, is_one, masks + b * bytes_per_bit + r / 8);
      rest = hn::Add(rest, rest);
    }
  }
}

#endif

template <class Code>
void slice_bytes(std::span<const Code> codes, int first_bit, BitPlanes& planes) {
  static_assert(std::endian::native == std::endian::little,
                "bytes of a mask are numbered from its lowest rows");
  const std::size_t rows = planes.words_per_bit * 64;
  for (std::size_t r = 0; r < codes.size(); ++r)
    planes.bytes[r] = static_cast<std::uint8_t>(codes[r] >> first_bit);
  slice_rows(planes.bytes.data(), rows, planes.words_per_bit * 8,
             reinterpret_cast<std::uint8_t*>(planes.words.data() +
                                             static_cast<std::size_t>(first_bit) * planes.words_per_bit));
}

template <class Code>
const BitPlanes& slice_planes(std::span<const Code> codes, int bits) {
  thread_local BitPlanes planes;
  planes.bits = std::min(static_cast<int>(8 * sizeof(Code)), (bits + 7) / 8 * 8);
  planes.words_per_bit = (codes.size() + 63) / 64;
  planes.words.assign(static_cast<std::size_t>(planes.bits) * planes.words_per_bit, 0);
  planes.bytes.assign(planes.words_per_bit * 64, 0);
  for (int first = 0; first < planes.bits; first += 8) slice_bytes(codes, first, planes);
  return planes;
}

/// Lists the nibbles of one input bit that drive a row; returns the end of the list. May write up to eight
/// entries past it.
DrivenNibble* list_driven(std::span<const std::uint64_t> words, DrivenNibble* out) {
  static_assert(sizeof(DrivenNibble) == sizeof(std::uint32_t), "one lane each");
  const hn::CappedTag<std::uint32_t, 8> d;
  for (std::size_t w = 0; w < words.size(); ++w) {
    for (std::uint32_t half = 0; half < 2; ++half) {
      const auto rows = static_cast<std::uint32_t>(words[w] >> (32 * half));
      if (rows == 0) continue;
      for (std::uint32_t n = 0; n < 8; n += static_cast<std::uint32_t>(hn::Lanes(d))) {
        const auto number = hn::Iota(d, n);
        const auto bits = hn::And(hn::Shr(hn::Set(d, rows), hn::ShiftLeft<2>(number)), hn::Set(d, 0xF));
        const auto first = hn::Set(d, static_cast<std::uint32_t>(w) * 16 + 8 * half);
        const auto entry = hn::Or(hn::ShiftLeft<16>(bits), hn::Add(number, first));
        out += hn::CompressStore(entry, hn::Ne(bits, hn::Zero(d)), d, &out->packed);
      }
    }
  }
  return out;
}

void list_planes(const BitPlanes& planes, const InputSlices& slices, WaveBits& out) {
  const auto [dac_bits, bit_cycles, listed] = slices;
  const int bits = dac_bits * bit_cycles;
  const std::size_t most = static_cast<std::size_t>(bits) * planes.words_per_bit * 16 + 8;
  if (out.driven.size() < most) out.driven.resize(most);
  DrivenNibble* const first_driven = out.driven.data();
  DrivenNibble* driven = first_driven;
  for (int t = 0; t < bit_cycles; ++t) {
    // Bits above a code are zero: slicing more bits than a code has is how shifted streams end.
    const int first = t * dac_bits;
    const int last = std::min(first + dac_bits, planes.bits);
    for (int b = first; b < first + dac_bits; ++b) {
      out.begin[static_cast<std::size_t>(b)] = static_cast<std::uint32_t>(driven - first_driven);
      if (listed && b < last) driven = list_driven(planes.bit(b), driven);
    }
    std::uint32_t ones = 0;
    std::uint32_t sum = 0;
    for (std::size_t w = 0; w < planes.words_per_bit; ++w) {
      std::uint64_t any = 0;
      for (int b = first; b < last; ++b) {
        const std::uint64_t word = planes.bit(b)[w];
        any |= word;
        sum += static_cast<std::uint32_t>(std::popcount(word)) << (b - first);
      }
      ones += dac_bits == 1 ? 0 : static_cast<std::uint32_t>(std::popcount(any));
    }
    out.sums[static_cast<std::size_t>(t)] = sum;
    out.ones[static_cast<std::size_t>(t)] = dac_bits == 1 ? sum : ones;
  }
  out.begin[static_cast<std::size_t>(bits)] = static_cast<std::uint32_t>(driven - first_driven);
}

void slice_input_impl(std::span<const std::uint16_t> codes, const InputSlices& slices, WaveBits& out) {
  list_planes(slice_planes(codes, slices.dac_bits * slices.bit_cycles), slices, out);
}

void slice_shifted_input_impl(std::span<const std::uint16_t> codes, std::span<const std::uint8_t> row_shift,
                              bool is_signed, const InputSlices& slices, WaveBits& out) {
  thread_local std::vector<std::uint32_t> shifted;
  shifted.resize(codes.size());
  const int bits = slices.dac_bits * slices.bit_cycles;
  const std::uint32_t mask = bits >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << bits) - 1;
  for (std::size_t r = 0; r < codes.size(); ++r) {
    const std::uint32_t code =
        is_signed ? static_cast<std::uint32_t>(std::int32_t{static_cast<std::int16_t>(codes[r])}) : codes[r];
    shifted[r] = (code << row_shift[r]) & mask;
  }
  list_planes(slice_planes(std::span<const std::uint32_t>(shifted), bits), slices, out);
}

/// Adds the digits of each channel. Common numbers of digits are known to the compiler; 0 takes any.
template <std::size_t kDigits>
HWY_INLINE void add_digits(const SpliceSums& splice, const std::int32_t* HWY_RESTRICT product,
                           std::int64_t unit_codes, std::int64_t scale, std::int64_t* HWY_RESTRICT sums) {
  const std::size_t digits = kDigits == 0 ? static_cast<std::size_t>(splice.digits) : kDigits;
  for (std::size_t k = 0; k < splice.unit_factor.size(); ++k) {
    std::int32_t sum = 0;
    for (std::size_t j = 0; j < digits; ++j) sum += product[k * digits + j];
    sums[k] += scale * (splice.unit_factor[k] * unit_codes + sum);
  }
}

void splice_columns_impl(const SpliceSums& splice, const std::int32_t* HWY_RESTRICT codes,
                         std::int64_t unit_codes, std::int64_t scale, std::int64_t* HWY_RESTRICT sums) {
  thread_local std::vector<std::int32_t> products;
  const std::size_t columns = splice.factor.size();
  products.resize(columns);
  const std::int32_t* HWY_RESTRICT factor = splice.factor.data();
  std::int32_t* HWY_RESTRICT product = products.data();
  for (std::size_t c = 0; c < columns; ++c) product[c] = factor[c] * codes[c];
  switch (splice.digits) {
    case 1:
      return add_digits<1>(splice, product, unit_codes, scale, sums);
    case 2:
      return add_digits<2>(splice, product, unit_codes, scale, sums);
    case 3:
      return add_digits<3>(splice, product, unit_codes, scale, sums);
    case 4:
      return add_digits<4>(splice, product, unit_codes, scale, sums);
    case 7:
      return add_digits<7>(splice, product, unit_codes, scale, sums);
    case 8:
      return add_digits<8>(splice, product, unit_codes, scale, sums);
    default:
      return add_digits<0>(splice, product, unit_codes, scale, sums);
  }
}

void requantise_wave_impl(std::span<const std::int64_t> sums, const RequantiseTable& table,
                          std::size_t stride, std::uint16_t* HWY_RESTRICT codes) {
  constexpr double kNoFraction = 6755399441055744.0;  // see round_half_even
  thread_local std::vector<std::int32_t> rounded_codes;
  rounded_codes.resize(sums.size());
  const std::int64_t* HWY_RESTRICT sum = sums.data();
  const std::int64_t* HWY_RESTRICT bias256 = table.bias256.data();
  const double* HWY_RESTRICT multiplier = table.multiplier_by_256.data();
  std::int32_t* HWY_RESTRICT rounded = rounded_codes.data();
  const double low = table.low;
  const double high = table.high;
  for (std::size_t c = 0; c < sums.size(); ++c) {
    const double value = static_cast<double>(sum[c] + bias256[c]) * multiplier[c];
    const double above = value < low ? low : value;
    const double cut = above > high ? high : above;
    rounded[c] = static_cast<std::int32_t>((cut + kNoFraction) - kNoFraction);
  }
  for (std::size_t c = 0; c < sums.size(); ++c) {
    codes[c * stride] = static_cast<std::uint16_t>(rounded[c] + table.zero_point);
  }
}

}  // namespace HWY_NAMESPACE
}  // namespace squeezebar
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace squeezebar {
namespace {
HWY_EXPORT(slice_input_impl);
HWY_EXPORT(slice_shifted_input_impl);
HWY_EXPORT(splice_columns_impl);
HWY_EXPORT(requantise_wave_impl);
}  // namespace

RequantiseTable::RequantiseTable(std::span<const std::int32_t> bias, std::span<const double> multiplier,
                                 const Quantisation& q)
    : low(static_cast<double>(q.min) - static_cast<double>(q.zero_point)),
      high(static_cast<double>(q.max) - static_cast<double>(q.zero_point)),
      zero_point(q.zero_point) {
  for (const std::int32_t b : bias) bias256.push_back(256 * std::int64_t{b});
  // A division by a power of two is exact, so it may be done beforehand.
  for (const double m : multiplier) multiplier_by_256.push_back(m / 256.0);
}

void slice_input(std::span<const std::uint16_t> codes, const InputSlices& slices, WaveBits& out) {
  HWY_DYNAMIC_DISPATCH(slice_input_impl)(codes, slices, out);
}

void slice_shifted_input(std::span<const std::uint16_t> codes, std::span<const std::uint8_t> row_shift,
                         bool is_signed, const InputSlices& slices, WaveBits& out) {
  HWY_DYNAMIC_DISPATCH(slice_shifted_input_impl)(codes, row_shift, is_signed, slices, out);
}

void shift_inputs(std::span<const std::uint16_t> codes, std::span<const std::uint8_t> row_shift,
                  bool is_signed, std::vector<std::int16_t>& out) {
  out.resize((codes.size() + 1) / 2 * 2);
  for (std::size_t r = 0; r < codes.size(); ++r) {
    const std::int32_t code =
        is_signed ? std::int32_t{static_cast<std::int16_t>(codes[r])} : std::int32_t{codes[r]};
    out[r] = static_cast<std::int16_t>(row_shift.empty() ? code : code * (1 << row_shift[r]));
  }
  if (codes.size() % 2 != 0) out.back() = 0;
}

void splice_columns(const SpliceSums& splice, const std::int32_t* codes, std::int64_t unit_codes,
                    std::int64_t scale, std::int64_t* sums) {
  HWY_DYNAMIC_DISPATCH(splice_columns_impl)(splice, codes, unit_codes, scale, sums);
}

void requantise_wave(std::span<const std::int64_t> sums, const RequantiseTable& table, std::size_t stride,
                     std::uint16_t* codes) {
  HWY_DYNAMIC_DISPATCH(requantise_wave_impl)(sums, table, stride, codes);
}

}  // namespace squeezebar
#endif  // HWY_ONCE
