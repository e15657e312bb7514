// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/kernels/operation_units.h"

#include <algorithm>
#include <bit>
#include <functional>

namespace squeezebar {
namespace {

/// The largest level sum over all word lines.
std::int64_t largest_column_sum(const PackedArray& cells) { return largest_ou_sum(cells, cells.rows()); }

std::vector<std::uint8_t> unpack(const PackedArray& cells) {
  std::vector<std::uint8_t> out;
  for (int r = 0; r < cells.rows(); ++r) {
    for (int c = 0; c < cells.columns(); ++c) out.push_back(static_cast<std::uint8_t>(cells.level(r, c)));
  }
  return out;
}

/// A word line of the operation unit that is being read.
struct DrivenLine {
  std::size_t line = 0;
  std::int32_t drive = 0;
};

struct Scratch {
  std::vector<std::uint16_t> codes;    ///< on the word lines of the column group that is read
  WaveBits bits;                       ///< the same, sliced
  std::vector<std::uint32_t> slots;    ///< [bit-cycle] operation units of the array that is read
  std::vector<std::uint32_t> busiest;  ///< [bit-cycle] of the array with most of them
  std::vector<std::int32_t> accumulator;
  std::vector<DrivenLine> driven;
  std::vector<std::int32_t> unit;
  std::vector<std::int64_t> codes_of_member[2];
  std::vector<std::uint8_t> clips;
};

Scratch& scratch() {
  thread_local Scratch buffers;
  return buffers;
}

/// What the columns sum up for one operation unit, [columns].
void add_unit(std::span<const DrivenLine> driven, const std::uint8_t* levels, std::span<std::int32_t> sums) {
  std::fill(sums.begin(), sums.end(), 0);
  for (const DrivenLine& d : driven) {
    const std::uint8_t* row = levels + d.line * sums.size();
    for (std::size_t c = 0; c < sums.size(); ++c) sums[c] += d.drive * row[c];
  }
}

}  // namespace

struct OperationUnits::Member {
  const ProgrammedArray* array = nullptr;
  const ColumnGroup* columns = nullptr;
  const ColumnPlan* plan = nullptr;

  /// Adds `codes` (of step one, shifted) of the member's columns to their channels.
  template <class Code>
  void splice(std::span<const Code> codes, std::int64_t scale, std::span<std::int64_t> sums) const {
    const auto first = static_cast<std::size_t>(columns->first_column);
    for (std::size_t c = 0; c < static_cast<std::size_t>(columns->cells.columns()); ++c) {
      const ColumnTarget& target = array->targets[first + c];
      const std::int64_t term = scale * (std::int64_t{codes[c]} << target.shift);
      sums[static_cast<std::size_t>(target.channel)] += array->negative ? -term : term;
    }
  }
};

std::int64_t largest_ou_sum(const PackedArray& cells, int ou_rows) {
  std::int64_t largest = 0;
  std::vector<int> levels(static_cast<std::size_t>(cells.rows()));
  const auto most = std::min<std::ptrdiff_t>(ou_rows, cells.rows());
  for (int c = 0; c < cells.columns(); ++c) {
    for (int r = 0; r < cells.rows(); ++r) levels[static_cast<std::size_t>(r)] = cells.level(r, c);
    std::partial_sort(levels.begin(), levels.begin() + most, levels.end(), std::greater<>());
    std::int64_t sum = 0;
    for (std::ptrdiff_t i = 0; i < most; ++i) sum += levels[static_cast<std::size_t>(i)];
    largest = std::max(largest, sum);
  }
  return largest;
}

OperationUnits::OperationUnits(const RowGroupProgram& group, const Quantisation& input, int dac_bits)
    : dac_bits_(dac_bits),
      bit_cycles_((input.bits + dac_bits - 1) / dac_bits),
      negative_cycle_(input.is_signed ? bit_cycles_ - 1 : -1) {
  for (const ProgrammedArray& array : group.arrays) {
    auto& plans = plans_.emplace_back();
    for (const ColumnGroup& columns : array.column_groups)
      plans.push_back(plan(columns, array.adc, group.ou_rows));
  }
}

OperationUnits::ColumnPlan OperationUnits::plan(const ColumnGroup& columns, const AdcTransfer& adc,
                                                int ou_rows) const {
  ColumnPlan out;
  out.exact = adc.step256 == 256 && largest_ou_sum(columns.cells, ou_rows) * full_drive() <= adc.max_code;
  if (!out.exact) {
    out.levels = unpack(columns.cells);
    return out;
  }
  const auto bound = static_cast<std::int32_t>(largest_column_sum(columns.cells) * full_drive());
  out.whole = {.max_code = bound};
  out.chunk = std::max(1, (30 - static_cast<int>(std::bit_width(static_cast<unsigned>(bound)))) / dac_bits_);
  return out;
}

template <class Read>
void OperationUnits::for_each_unit(int bit_cycle, int ou_rows, const Read& read) const {
  Scratch& buffers = scratch();
  buffers.driven.clear();
  for (std::size_t line = 0; line < buffers.codes.size(); ++line) {
    const std::int32_t drive = (buffers.codes[line] >> (bit_cycle * dac_bits_)) & full_drive();
    if (drive != 0) buffers.driven.push_back({line, drive});
  }
  const std::span<const DrivenLine> driven(buffers.driven);
  const auto most = static_cast<std::size_t>(ou_rows);
  for (std::size_t first = 0; first < driven.size(); first += most)
    read(driven.subspan(first, std::min(most, driven.size() - first)));
}

WaveActivity OperationUnits::run(const RowGroupProgram& group, std::span<const std::uint16_t> codes,
                                 std::span<std::int64_t> sums) const {
  Scratch& buffers = scratch();
  WaveActivity out;
  const auto bit_cycles = static_cast<std::size_t>(bit_cycles_);
  buffers.busiest.assign(bit_cycles, 0);
  for (std::size_t a = 0; a < group.arrays.size(); ++a) {
    const int pair = group.arrays[a].pair;
    // A pair is read together, by its first array.
    if (group.arrays[a].blank || (pair >= 0 && static_cast<std::size_t>(pair) < a)) continue;
    buffers.slots.assign(bit_cycles, 0);
    for (std::size_t g = 0; g < group.arrays[a].column_groups.size(); ++g) {
      const ColumnGroup& columns = group.arrays[a].column_groups[g];
      buffers.codes.clear();
      for (const std::int32_t line : columns.lines)
        buffers.codes.push_back(codes[static_cast<std::size_t>(line)]);
      slice_input(buffers.codes, {dac_bits_, bit_cycles_}, buffers.bits);
      count_units(columns, group.ou_rows, out);
      read(group, a, g, out, sums);
    }
    for (std::size_t t = 0; t < bit_cycles; ++t)
      buffers.busiest[t] = std::max(buffers.busiest[t], buffers.slots[t]);
  }
  for (const std::uint32_t slots : buffers.busiest) {
    ++(slots == 0 ? out.skipped : out.bit_cycles);
    out.steps += slots;
  }
  return out;
}

void OperationUnits::count_units(const ColumnGroup& columns, int ou_rows, WaveActivity& activity) const {
  Scratch& buffers = scratch();
  const auto rows = static_cast<std::uint32_t>(ou_rows);
  std::uint32_t reads = 0;
  for (std::size_t t = 0; t < buffers.slots.size(); ++t) {
    const std::uint32_t driven = buffers.bits.ones[t];
    const std::uint32_t units = (driven + rows - 1) / rows;
    buffers.slots[t] += units;
    reads += units;
    activity.ou_drives += driven;
  }
  activity.ou_reads += reads;
  activity.ou_all += reads * static_cast<std::uint32_t>(columns.physical_columns);
  activity.ou_mapped += reads * static_cast<std::uint32_t>(columns.cells.columns());
  activity.ou_occupied += reads * static_cast<std::uint32_t>(columns.occupied_columns);
}

void OperationUnits::read(const RowGroupProgram& group, std::size_t array, std::size_t column_group,
                          WaveActivity& activity, std::span<std::int64_t> sums) const {
  const int pair = group.arrays[array].pair;
  const std::size_t polarities[2] = {array, static_cast<std::size_t>(pair)};
  Member clipping[2];
  std::size_t clips = 0;
  for (std::size_t p = 0; p < (pair < 0 ? 1U : 2U); ++p) {
    const ProgrammedArray& member_array = group.arrays[polarities[p]];
    const Member member{&member_array, &member_array.column_groups[column_group],
                        &plans_[polarities[p]][column_group]};
    if (member.plan->exact) {
      read_exact(member, sums);
    } else {
      clipping[clips++] = member;
    }
  }
  if (clips > 0) activity.clipped += read_unit_by_unit({clipping, clips}, group.ou_rows, sums);
}

void OperationUnits::count_sums(const RowGroupProgram& group, std::size_t array,
                                std::span<const std::uint16_t> codes, SumHistogram& sums) const {
  Scratch& buffers = scratch();
  for (const ColumnGroup& columns : group.arrays[array].column_groups) {
    const std::vector<std::uint8_t> levels = unpack(columns.cells);
    buffers.unit.resize(static_cast<std::size_t>(columns.cells.columns()));
    for (std::size_t wave = 0; wave < codes.size(); wave += group.rows.size()) {
      buffers.codes.clear();
      for (const std::int32_t line : columns.lines)
        buffers.codes.push_back(codes[wave + static_cast<std::size_t>(line)]);
      for (int t = 0; t < bit_cycles_; ++t) {
        for_each_unit(t, group.ou_rows, [&](std::span<const DrivenLine> unit) {
          add_unit(unit, levels.data(), buffers.unit);
          for (const std::int32_t sum : buffers.unit) ++sums[static_cast<std::size_t>(sum)];
        });
      }
    }
  }
}

void OperationUnits::read_exact(const Member& member, std::span<std::int64_t> sums) const {
  std::vector<std::int32_t>& accumulator = scratch().accumulator;
  const ColumnPlan& plan = *member.plan;
  if (plan.whole.max_code == 0) return;
  for (int first = 0; first < bit_cycles_; first += plan.chunk) {
    accumulator.assign(static_cast<std::size_t>(member.columns->cells.padded_columns()), 0);
    read_array({.cells = &member.columns->cells,
                .adc = plan.whole,
                .dac_bits = dac_bits_,
                .first_cycle = first,
                .last_cycle = std::min(first + plan.chunk, bit_cycles_),
                .negative_cycle = negative_cycle_,
                .accumulator = accumulator.data()},
               scratch().bits);
    member.splice(std::span<const std::int32_t>(accumulator), std::int64_t{256} << (first * dac_bits_), sums);
  }
}

std::uint32_t OperationUnits::read_unit_by_unit(std::span<const Member> members, int ou_rows,
                                                std::span<std::int64_t> sums) const {
  Scratch& buffers = scratch();
  const auto columns = static_cast<std::size_t>(members[0].columns->cells.columns());
  std::uint32_t clipped = 0;
  buffers.unit.resize(columns);
  for (std::size_t m = 0; m < members.size(); ++m) buffers.codes_of_member[m].assign(columns, 0);
  for (int t = 0; t < bit_cycles_; ++t) {
    for_each_unit(t, ou_rows, [&](std::span<const DrivenLine> unit) {
      buffers.clips.assign(columns, 0);
      for (std::size_t m = 0; m < members.size(); ++m) {
        const AdcTransfer& adc = members[m].array->adc;
        add_unit(unit, members[m].plan->levels.data(), buffers.unit);
        for (std::size_t c = 0; c < columns; ++c) {
          const std::int64_t raw = adc.step256 == 256 ? buffers.unit[c] : adc.unsaturated(buffers.unit[c]);
          const std::int64_t code = std::min<std::int64_t>(raw, adc.max_code) << (t * dac_bits_);
          buffers.codes_of_member[m][c] += t == negative_cycle_ ? -code : code;
          buffers.clips[c] |= static_cast<std::uint8_t>(raw > adc.max_code);
        }
      }
      clipped += static_cast<std::uint32_t>(std::count(buffers.clips.begin(), buffers.clips.end(), 1));
    });
  }
  for (std::size_t m = 0; m < members.size(); ++m) {
    members[m].splice(std::span<const std::int64_t>(buffers.codes_of_member[m]),
                      members[m].array->adc.step256, sums);
  }
  return clipped;
}

}  // namespace squeezebar
