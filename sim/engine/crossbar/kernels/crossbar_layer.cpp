// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/kernels/crossbar_layer.h"

#include <algorithm>
#include <bit>
#include <numeric>

#include "sim/engine/crossbar/kernels/operation_units.h"
#include "sim/numerics/requantise.h"

namespace squeezebar {
namespace {

/// Bits of the largest code that an array's ADC can give out.
int code_bits(const ProgrammedArray& array, int dac_bits) {
  const std::int64_t largest =
      std::int64_t{array.cells.rows()} * ((1 << array.cells.cell_bits()) - 1) * ((1 << dac_bits) - 1);
  const std::int64_t code = std::min<std::int64_t>(array.adc.unsaturated(largest), array.adc.max_code);
  return static_cast<int>(std::bit_width(static_cast<std::uint64_t>(code)));
}

bool identity_targets(const ProgrammedArray& array) {
  for (std::size_t c = 0; c < array.targets.size(); ++c) {
    const ColumnTarget wanted{static_cast<std::int32_t>(c), array.targets[0].shift, false};
    if (!(array.targets[c] == wanted)) return false;
  }
  return true;
}

/// The unit column of one wave: codes added up over bit-cycles [first, last), and how many clipped.
struct UnitSum {
  std::int64_t codes = 0;
  std::uint32_t clipped = 0;
};

UnitSum read_unit(const AdcTransfer& adc, const WaveBits& bits, int dac_bits, int first, int last,
                  int negative_cycle) {
  UnitSum out;
  for (int t = first; t < last; ++t) {
    const std::int64_t raw = adc.unsaturated(bits.sums[static_cast<std::size_t>(t)]);
    const std::int64_t code = std::min<std::int64_t>(raw, adc.max_code) << ((t - first) * dac_bits);
    out.codes += t == negative_cycle ? -code : code;
    out.clipped += raw > adc.max_code;
  }
  return out;
}

/// What one array adds to each channel for an input of one.
void add_weights(const ProgrammedArray& array, const SpliceSums& splice, ExactProduct& product) {
  const auto digits = static_cast<std::size_t>(splice.digits);
  for (int r = 0; r < array.cells.rows(); ++r) {
    for (std::size_t k = 0; k < splice.unit_factor.size(); ++k) {
      std::int64_t weight = 0;
      for (std::size_t j = k * digits; j < (k + 1) * digits; ++j)
        weight += std::int64_t{splice.factor[j]} * array.cells.level(r, static_cast<int>(j));
      if (array.negative) weight = -weight;
      if (array.unit_column) weight += splice.unit_factor[k];
      product.weight(static_cast<std::size_t>(r), static_cast<std::size_t>(splice.first_channel) + k) +=
          weight;
    }
  }
}

struct Scratch {
  std::vector<std::int32_t> accumulator;
  std::vector<std::uint8_t> clip_mask;
};

Scratch& scratch() {
  thread_local Scratch buffers;
  return buffers;
}

/// Of an array whose sums fit a byte, if its ADC has steps other than one.
CodeTable code_table(const ProgrammedArray& array, int dac_bits) {
  const bool is_byte = dac_bits == 1 && array.cells.cell_bits() == 1 && array.cells.rows() <= 255;
  return is_byte && array.adc.step256 != 256 ? CodeTable(array.adc, array.cells.rows()) : CodeTable();
}

}  // namespace

SharedPrograms share(std::vector<RowGroupProgram> programs) {
  SharedPrograms out;
  for (RowGroupProgram& program : programs)
    out.push_back(std::make_shared<const RowGroupProgram>(std::move(program)));
  return out;
}

CrossbarLayer::CrossbarLayer(const Layer& layer, const Quantisation& input, int dac_bits, bool skip_zeros,
                             SharedPrograms groups)
    : layer_(layer),
      input_(input),
      dac_bits_(dac_bits),
      skip_zeros_(skip_zeros),
      groups_(std::move(groups)),
      requantise_(layer.bias, layer.multiplier, layer.quantisation) {
  const FeatureShape& in = layer.input_shapes[0];
  const Window& w = layer.window;
  padded_height_ = in.height + w.top + w.bottom;
  padded_width_ = in.width + w.left + w.right;
  std::vector<std::int32_t> row_offset;
  for (int c = 0; c < in.channels; ++c) {
    for (int i = 0; i < w.kernel_height; ++i) {
      for (int j = 0; j < w.kernel_width; ++j)
        row_offset.push_back((c * padded_height_ + i) * padded_width_ + j);
    }
  }
  for (const auto& shared : groups_) {
    const RowGroupProgram& group = *shared;
    add_stream(group, row_offset);
    operation_units_.push_back(nullptr);
    if (group.ou_rows > 0) {
      operation_units_.back() = std::make_unique<OperationUnits>(group, input, dac_bits);
      plans_.emplace_back();
      continue;
    }
    Plan plan;
    int bits = 0;
    int shift = 0;
    bool same_step = true;
    for (const ProgrammedArray& array : group.arrays) {
      bits = std::max(bits, code_bits(array, dac_bits));
      plan.max_columns = std::max(plan.max_columns, array.cells.padded_columns());
      same_step = same_step && array.adc.step256 == group.arrays[0].adc.step256 && !array.unit_column &&
                  array.cells.columns() == group.channels && identity_targets(array);
      for (const ColumnTarget& target : array.targets) shift = std::max(shift, target.shift);
    }
    // Codes of all bit-cycles of a chunk, spliced over digits, must fit the 32-bit accumulators; sharing one
    // accumulator among all arrays takes room for their number on top.
    const int alone = (29 - bits - shift) / dac_bits;
    const int together = alone - static_cast<int>(std::bit_width(group.arrays.size())) / dac_bits - 1;
    plan.shared = same_step && together >= 1;
    plan.chunk = std::max(1, plan.shared ? together : alone);
    if (!plan.shared) {
      for (const ProgrammedArray& array : group.arrays) plan.arrays.push_back(plan_splice(array));
    }
    plan.product = plan_product(group, plan.read);
    plan.codes.resize(group.arrays.size());
    for (const std::size_t a : plan.read) plan.codes[a] = code_table(group.arrays[a], dac_bits);
    Uses& uses = uses_[stream_of_.back()];
    uses.values = uses.values || plan.product;
    uses.bits = uses.bits || !plan.read.empty();
    plans_.push_back(std::move(plan));
  }
}

CrossbarLayer::~CrossbarLayer() = default;

void CrossbarLayer::add_stream(const RowGroupProgram& group, const std::vector<std::int32_t>& row_offset) {
  Stream stream;
  for (const std::int32_t row : group.rows)
    stream.offsets.push_back(row_offset[static_cast<std::size_t>(row)]);
  stream.row_shift = group.row_shift;
  stream.bit_cycles = (input_.bits + group.shift_bits + dac_bits_ - 1) / dac_bits_;
  if (input_.is_signed) stream.negative_cycle = stream.bit_cycles - 1;
  // Neighbours in the list, the column blocks of a row block, often share their inputs.
  const bool repeated = !streams_.empty() && streams_.back() == stream;
  if (!repeated) {
    streams_.push_back(std::move(stream));
    uses_.emplace_back();
  }
  stream_of_.push_back(streams_.size() - 1);
}

SpliceSums CrossbarLayer::plan_splice(const ProgrammedArray& array) {
  SpliceSums plan;
  plan.first_channel = array.targets.front().channel;
  const int channels = array.targets.back().channel - plan.first_channel + 1;
  // The columns of a channel are neighbours, and every channel has as many.
  plan.digits = static_cast<int>(array.targets.size()) / channels;
  plan.unit_factor.assign(static_cast<std::size_t>(channels), array.unit_weight);
  const std::int64_t full_level = (1 << array.cells.cell_bits()) - 1;
  for (const ColumnTarget& target : array.targets) {
    const std::int32_t factor = 1 << target.shift;
    plan.factor.push_back(target.flipped ? -factor : factor);
    if (target.flipped) {
      plan.unit_factor[static_cast<std::size_t>(target.channel - plan.first_channel)] +=
          full_level * std::int64_t{factor};
    }
  }
  return plan;
}

std::optional<ExactProduct> CrossbarLayer::plan_product(const RowGroupProgram& group,
                                                        std::vector<std::size_t>& read) const {
  ExactProduct product(group.rows.size(), static_cast<std::size_t>(group.channels));
  for (std::size_t a = 0; a < group.arrays.size(); ++a) {
    const ProgrammedArray& array = group.arrays[a];
    // The clipped conversions of a pair are counted together.
    const bool exact =
        array.exact && (array.pair < 0 || group.arrays[static_cast<std::size_t>(array.pair)].exact);
    if (exact) {
      add_weights(array, plan_splice(array), product);
    } else {
      read.push_back(a);
    }
  }
  const std::int64_t largest =
      (std::int64_t{1} << (input_.bits - (input_.is_signed ? 1 : 0) + group.shift_bits));
  if (read.size() < group.arrays.size() && product.pack(largest)) return product;
  read.resize(group.arrays.size());
  std::iota(read.begin(), read.end(), std::size_t{0});
  return std::nullopt;
}

std::vector<std::uint16_t> CrossbarLayer::pad(const FeatureMap& in) const {
  const Window& w = layer_.window;
  std::vector<std::uint16_t> out(static_cast<std::size_t>(in.shape.channels) *
                                     static_cast<std::size_t>(padded_height_) *
                                     static_cast<std::size_t>(padded_width_),
                                 to_code(input_.zero_point));
  for (int c = 0; c < in.shape.channels; ++c) {
    for (int y = 0; y < in.shape.height; ++y) {
      const auto from = in.codes.begin() + (std::ptrdiff_t{c} * in.shape.height + y) * in.shape.width;
      std::copy_n(from, in.shape.width,
                  out.begin() + (std::ptrdiff_t{c} * padded_height_ + y + w.top) * padded_width_ + w.left);
    }
  }
  return out;
}

void CrossbarLayer::run(std::span<const std::uint16_t> padded, int first, int last, FeatureMap& out,
                        std::span<WaveActivity> activity) const {
  const auto channels = static_cast<std::size_t>(layer_.shape.channels);
  const auto count = static_cast<std::size_t>(last - first);
  thread_local std::vector<std::int64_t> sums;
  thread_local std::vector<WaveBits> bits;
  sums.assign(count * channels, 0);
  bits.resize(std::max(bits.size(), count));

  const Stream* sliced = nullptr;
  for (std::size_t g = 0; g < groups_.size(); ++g) {
    if (!groups_[g]->runs) continue;
    if (operation_units_[g]) {
      run_operation_units(g, padded, first, sums, activity);
      continue;
    }
    const Stream& stream = streams_[stream_of_[g]];
    if (&stream != sliced) slice(g, padded, first, std::span(bits).first(count));
    sliced = &stream;
    run_group(g, std::span(bits).first(count), sums, activity);
  }

  const std::size_t pixels = static_cast<std::size_t>(layer_.shape.pixels());
  for (std::size_t i = 0; i < count; ++i) {
    requantise_wave(std::span(sums).subspan(i * channels, channels), requantise_, pixels,
                    out.codes.data() + static_cast<std::size_t>(first) + i);
  }
}

void CrossbarLayer::gather(const Stream& stream, std::span<const std::uint16_t> padded, int wave,
                           std::span<std::uint16_t> codes) const {
  const int y = wave / layer_.shape.width * layer_.window.stride_height;
  const int x = wave % layer_.shape.width * layer_.window.stride_width;
  const std::uint16_t* corner = padded.data() + std::ptrdiff_t{y} * padded_width_ + x;
  for (std::size_t r = 0; r < codes.size(); ++r) codes[r] = corner[stream.offsets[r]];
}

void CrossbarLayer::run_operation_units(std::size_t index, std::span<const std::uint16_t> padded,
                                        int first_wave, std::span<std::int64_t> sums,
                                        std::span<WaveActivity> activity) const {
  const RowGroupProgram& group = *groups_[index];
  const auto channels = static_cast<std::size_t>(layer_.shape.channels);
  thread_local std::vector<std::uint16_t> codes;
  codes.resize(group.rows.size());
  const std::size_t count = sums.size() / channels;
  for (std::size_t i = 0; i < count; ++i) {
    const int wave = first_wave + static_cast<int>(i);
    gather(streams_[stream_of_[index]], padded, wave, codes);
    activity[index * count + i] = operation_units_[index]->run(
        group, codes, sums.subspan(i * channels + static_cast<std::size_t>(group.first_channel)));
  }
}

void CrossbarLayer::slice(std::size_t group, std::span<const std::uint16_t> padded, int first,
                          std::span<WaveBits> bits) const {
  const Stream& stream = streams_[stream_of_[group]];
  const Uses& uses = uses_[stream_of_[group]];
  const InputSlices slices{dac_bits_, stream.bit_cycles, uses.bits};
  thread_local std::vector<std::uint16_t> vector;
  vector.resize(stream.offsets.size());
  for (std::size_t i = 0; i < bits.size(); ++i) {
    gather(stream, padded, first + static_cast<int>(i), vector);
    if (stream.row_shift.empty()) {
      slice_input(vector, slices, bits[i]);
    } else {
      slice_shifted_input(vector, stream.row_shift, input_.is_signed, slices, bits[i]);
    }
    if (uses.values) shift_inputs(vector, stream.row_shift, input_.is_signed, bits[i].values);
  }
}

void CrossbarLayer::run_group(std::size_t index, std::span<const WaveBits> bits, std::span<std::int64_t> sums,
                              std::span<WaveActivity> activity) const {
  const RowGroupProgram& group = *groups_[index];
  const Plan& plan = plans_[index];
  const Stream& stream = streams_[stream_of_[index]];
  const std::size_t activity_first = index * bits.size();
  note_activity(stream, bits, activity.subspan(activity_first, bits.size()));
  const auto channels = static_cast<std::size_t>(layer_.shape.channels);
  const auto first_channel = static_cast<std::size_t>(group.first_channel);
  if (plan.product) {
    for (std::size_t i = 0; i < bits.size(); ++i)
      plan.product->run(bits[i].values, sums.subspan(i * channels + first_channel));
  }
  if (plan.read.empty()) return;
  if (!plan.shared) {
    for (const std::size_t a : plan.read) {
      // A pair is read together, by its first array.
      if (group.arrays[a].pair >= 0 && static_cast<std::size_t>(group.arrays[a].pair) < a) continue;
      read_array_by_array(group, plan, stream, a, bits, sums, activity, activity_first);
    }
    return;
  }
  for (std::size_t i = 0; i < bits.size(); ++i) {
    read_shared(group, plan, stream, bits[i], sums.subspan(i * channels + first_channel),
                activity[activity_first + i]);
  }
}

void CrossbarLayer::note_activity(const Stream& stream, std::span<const WaveBits> bits,
                                  std::span<WaveActivity> activity) const {
  for (std::size_t i = 0; i < bits.size(); ++i) {
    WaveActivity& wave = activity[i];
    wave = {};
    for (int t = 0; t < stream.bit_cycles; ++t) {
      const std::uint32_t ones = bits[i].ones[static_cast<std::size_t>(t)];
      ++(skip_zeros_ && ones == 0 ? wave.skipped : wave.bit_cycles);
      wave.ones += ones;
    }
    wave.steps = wave.bit_cycles;
  }
}

void CrossbarLayer::read_shared(const RowGroupProgram& group, const Plan& plan, const Stream& stream,
                                const WaveBits& bits, std::span<std::int64_t> sums,
                                WaveActivity& activity) const {
  Scratch& buffers = scratch();
  std::uint64_t clipped = 0;
  for (int first = 0; first < stream.bit_cycles; first += plan.chunk) {
    const int last = std::min(first + plan.chunk, stream.bit_cycles);
    buffers.accumulator.assign(static_cast<std::size_t>(plan.max_columns), 0);
    for (const std::size_t a : plan.read) {
      const ProgrammedArray& array = group.arrays[a];
      if (array.blank) continue;
      ArrayRead read{.cells = &array.cells,
                     .adc = array.adc,
                     .codes = plan.codes[a].empty() ? nullptr : &plan.codes[a],
                     .dac_bits = dac_bits_,
                     .first_cycle = first,
                     .last_cycle = last,
                     .shift = array.targets[0].shift,
                     .negative = array.negative,
                     .negative_cycle = stream.negative_cycle,
                     .accumulator = buffers.accumulator.data()};
      if (array.pair >= 0) {
        const bool first_of_pair = &group.arrays[static_cast<std::size_t>(array.pair)] > &array;
        if (first_of_pair) {
          buffers.clip_mask.assign(
              static_cast<std::size_t>(stream.bit_cycles) * static_cast<std::size_t>(plan.max_columns), 0);
        }
        read.clip_mask = buffers.clip_mask.data();
        read.count_clips = !first_of_pair;
      }
      clipped += read_array(read, bits);
    }
    const std::int64_t scale = std::int64_t{group.arrays[0].adc.step256} << (first * dac_bits_);
    for (std::size_t c = 0; c < static_cast<std::size_t>(group.channels); ++c)
      sums[c] += scale * buffers.accumulator[c];
  }
  activity.clipped += static_cast<std::uint32_t>(clipped);
}

void CrossbarLayer::read_array_by_array(const RowGroupProgram& group, const Plan& plan, const Stream& stream,
                                        std::size_t index, std::span<const WaveBits> bits,
                                        std::span<std::int64_t> sums, std::span<WaveActivity> activity,
                                        std::size_t activity_first) const {
  Scratch& buffers = scratch();
  const auto channels = static_cast<std::size_t>(layer_.shape.channels);
  const int pair = group.arrays[index].pair;
  const std::size_t members[2] = {index, pair < 0 ? index : static_cast<std::size_t>(pair)};
  for (std::size_t i = 0; i < bits.size(); ++i) {
    WaveActivity& wave = activity[activity_first + i];
    std::int64_t* out = sums.data() + i * channels + static_cast<std::size_t>(group.first_channel);
    if (pair >= 0) {
      buffers.clip_mask.assign(
          static_cast<std::size_t>(stream.bit_cycles) * static_cast<std::size_t>(plan.max_columns), 0);
    }
    for (int member = 0; member < (pair < 0 ? 1 : 2); ++member) {
      const ProgrammedArray& array = group.arrays[members[member]];
      const SpliceSums& splice = plan.arrays[members[member]];
      if (array.blank && !array.unit_column) continue;
      for (int first = 0; first < stream.bit_cycles; first += plan.chunk) {
        const int last = std::min(first + plan.chunk, stream.bit_cycles);
        buffers.accumulator.assign(static_cast<std::size_t>(array.cells.padded_columns()), 0);
        if (!array.blank) {
          const CodeTable& codes = plan.codes[members[member]];
          const ArrayRead read{.cells = &array.cells,
                               .adc = array.adc,
                               .codes = codes.empty() ? nullptr : &codes,
                               .dac_bits = dac_bits_,
                               .first_cycle = first,
                               .last_cycle = last,
                               .negative = array.negative,
                               .negative_cycle = stream.negative_cycle,
                               .accumulator = buffers.accumulator.data(),
                               .clip_mask = pair < 0 ? nullptr : buffers.clip_mask.data(),
                               .count_clips = pair < 0 || member == 1};
          wave.clipped += static_cast<std::uint32_t>(read_array(read, bits[i]));
        }
        UnitSum unit;
        if (array.unit_column)
          unit = read_unit(array.adc, bits[i], dac_bits_, first, last, stream.negative_cycle);
        wave.clipped += unit.clipped;
        const std::int64_t scale = std::int64_t{array.adc.step256} << (first * dac_bits_);
        splice_columns(splice, buffers.accumulator.data(), unit.codes, scale, out + splice.first_channel);
      }
    }
  }
}

}  // namespace squeezebar
