// SPDX-License-Identifier: Apache-2.0
#include "tests/law/crossbar_case.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/numerics/integer_layer.h"
#include "sim/numerics/requantise.h"
#include "tests/law/slow_operation_units.h"
#include "tests/program_reading.h"
#include "tests/squeeze_variants.h"

namespace squeezebar::test {
namespace {

Quantisation random_quantisation(Random& random, int bits, bool is_signed) {
  const int low = is_signed ? -(1 << (bits - 1)) : 0;
  return {bits, is_signed, 1.0, low + random.between(0, (1 << bits) - 1), low, low + (1 << bits) - 1};
}

void add_layer(Random& random, Network& network, int magnitude_bits) {
  const FeatureShape& in = network.input_shape;
  Layer layer;
  layer.inputs = {0};
  layer.input_shapes = {in};
  const int channels = random.between(1, 12);
  std::vector<std::int64_t> shape{channels, in.size()};
  if (random.chance(25)) {
    layer.op = Registry<Operator>::instance().create("linear");
  } else {
    const int kh = random.between(1, 3);
    const int kw = random.between(1, 3);
    shape = {channels, in.channels, kh, kw};
    layer.op = Registry<Operator>::instance().create(
        "conv2d", fmt::format("{{stride: [{}, {}], padding: [{}, {}, {}, {}]}}", random.between(1, 3),
                              random.between(1, 3), random.between(0, kh - 1), random.between(0, kw - 1),
                              random.between(0, kh - 1), random.between(0, kw - 1)));
  }
  layer.window = layer.op->window(in, shape);
  layer.shape = {channels, layer.window.output_height(in), layer.window.output_width(in)};
  const int rows = in.channels * layer.window.positions();
  layer.weights = random_weights(random, rows, channels, magnitude_bits, random.pick({0, 40, 90, 100}));
  layer.quantisation = random_quantisation(random, 16, random.chance(50));
  for (int c = 0; c < channels; ++c) {
    layer.bias.push_back(random.between(-100000, 100000));
    layer.multiplier.push_back(random.pick({1.0, 0.37, 0.001, 1e-5}));
  }
  network.layers.push_back(std::move(layer));
  network.output = 1;
}

/// One wave's input vector: stored codes with padding, in matrix row order.
std::vector<std::int64_t> input_vector(const Case& c, int wave) {
  const Window& w = c.layer().window;
  const FeatureShape& in = c.network.input_shape;
  const int y = wave / c.layer().shape.width * w.stride_height - w.top;
  const int x = wave % c.layer().shape.width * w.stride_width - w.left;
  std::vector<std::int64_t> out;
  for (int channel = 0; channel < in.channels; ++channel) {
    for (int i = y; i < y + w.kernel_height; ++i) {
      for (int j = x; j < x + w.kernel_width; ++j) {
        const bool inside = i >= 0 && i < in.height && j >= 0 && j < in.width;
        const auto at = static_cast<std::size_t>((channel * in.height + i) * in.width + j);
        out.push_back(inside ? c.input.value(at, c.network.input.is_signed) : c.network.input.zero_point);
      }
    }
  }
  return out;
}

/// The arithmetic of one row group and wave, term by term: what its arrays add to each channel (times 256),
/// and its counts.
WaveActivity slow_group(const Case& c, const MappedGroup& group, const std::vector<std::int64_t>& x,
                        bool skip_zeros, std::vector<std::int64_t>& sums256) {
  if (group.program.ou_rows > 0) return slow_operation_units(group, c.geometry, c.network.input, x, sums256);
  const CrossbarGeometry& g = c.geometry;
  const RowGroupProgram& p = group.program;
  const int cycles = (c.network.input.bits + p.shift_bits + g.dac_bits - 1) / g.dac_bits;
  WaveActivity activity;
  for (int t = 0; t < cycles; ++t) {
    const auto drive = [&](int r) {
      const int up = p.row_shift.empty() ? 0 : p.row_shift[static_cast<std::size_t>(r)];
      const std::int64_t aligned =
          x[static_cast<std::size_t>(p.rows[static_cast<std::size_t>(r)])] * (std::int64_t{1} << up);
      return (aligned >> (t * g.dac_bits)) & g.full_drive();
    };
    std::uint32_t driven = 0;
    for (int r = 0; r < group.rows(); ++r) driven += drive(r) != 0;
    activity.ones += driven;
    ++(skip_zeros && driven == 0 ? activity.skipped : activity.bit_cycles);
    const std::int64_t sign = c.network.input.is_signed && t == cycles - 1 ? -1 : 1;
    const std::int64_t weight = sign * (std::int64_t{1} << (t * g.dac_bits));
    std::vector<std::vector<bool>> clips(p.arrays.size());
    for (std::size_t a = 0; a < p.arrays.size(); ++a) {
      const ProgrammedArray& array = p.arrays[a];
      const auto convert = [&](std::int64_t sum) {
        const std::int64_t raw = array.adc.unsaturated(sum);
        clips[a].push_back(raw > array.adc.max_code);
        return std::min<std::int64_t>(raw, array.adc.max_code) * array.adc.step256;
      };
      std::vector<std::int64_t> codes;
      for (int column = 0; column < array.cells.columns(); ++column) {
        std::int64_t sum = 0;
        for (int r = 0; r < group.rows(); ++r) sum += drive(r) * cell_level(array.cells, r, column);
        codes.push_back(convert(sum));
      }
      std::int64_t unit = 0;
      if (array.unit_column) {
        std::int64_t sum = 0;
        for (int r = 0; r < group.rows(); ++r) sum += drive(r);
        unit = convert(sum);
      }
      for (std::size_t column = 0; column < codes.size(); ++column) {
        const ColumnTarget& target = array.targets[column];
        const std::int64_t code = target.flipped ? g.full_level() * unit - codes[column] : codes[column];
        const auto channel = static_cast<std::size_t>(p.first_channel + target.channel);
        sums256[channel] += weight * (array.negative ? -1 : 1) * (code << target.shift);
      }
      for (int channel = 0; channel < p.channels; ++channel) {
        sums256[static_cast<std::size_t>(p.first_channel + channel)] += weight * array.unit_weight * unit;
      }
    }
    for (std::size_t a = 0; a < p.arrays.size(); ++a) {
      const int pair = p.arrays[a].pair;
      if (pair >= 0 && static_cast<std::size_t>(pair) < a) continue;  // counted with its first polarity
      for (std::size_t column = 0; column < clips[a].size(); ++column) {
        activity.clipped += clips[a][column] || (pair >= 0 && clips[static_cast<std::size_t>(pair)][column]);
      }
    }
  }
  activity.steps = activity.bit_cycles;
  return activity;
}

}  // namespace

std::string Case::text() const {
  return fmt::format(
      "{} {}, signs {}, flip {}, {}x{} crossbars, cell {}, DAC {}, {} rows, {} columns, magnitude {}, {} "
      "{}-bit inputs",
      scheme, parameters, static_cast<int>(geometry.signs), geometry.flip_encoding, geometry.rows,
      geometry.columns, geometry.cell_bits, geometry.dac_bits, layer().weights.rows, layer().weights.columns,
      layer().weights.magnitude_bits, network.input.is_signed ? "signed" : "unsigned", network.input.bits);
}

void Case::map() {
  LayerMapping mapping = Registry<MappingScheme>::instance()
                             .create(scheme, parameters)
                             ->map(layer().weights, geometry, {"layer", network.input.bits});
  groups = std::move(mapping.groups);
  error = mapping.error;
  kept = network;
  WeightMatrix& weights = kept.layers[0].weights;
  for (const MappedGroup& group : groups) {
    const RowGroupProgram& p = group.program;
    for (std::size_t r = 0; r < p.row_shift.size(); ++r) {
      for (int column = p.first_channel; column < p.first_channel + p.channels; ++column) {
        auto& weight =
            weights.values[static_cast<std::size_t>(column) * static_cast<std::size_t>(weights.rows) +
                           static_cast<std::size_t>(p.rows[r])];
        weight = static_cast<std::int16_t>(without_lowest_bits(weight, p.row_shift[r]));
      }
    }
  }
}

std::vector<CaseKind> case_kinds() {
  std::vector<CaseKind> out;
  for (const std::string& scheme : Registry<MappingScheme>::instance().names())
    out.push_back({scheme, false});
  out.push_back({"bit_sliced", true});
  return out;
}

Case random_case(std::uint64_t seed, const CaseKind& kind) {
  Random random(seed);
  Case c;
  c.scheme = kind.scheme;
  const int magnitude_bits = random.between(1, 15);
  c.geometry = accepted_by(*Registry<MappingScheme>::instance().create(c.scheme),
                           random_geometry(random, magnitude_bits));
  const bool is_signed = random.chance(40);
  c.geometry.dac_bits = is_signed || random.chance(50) ? 1 : random.between(2, 4);
  c.network.input = random_quantisation(random, random.between(1, 16), is_signed);
  c.network.input_shape = {random.between(1, 4), random.between(3, 8), random.between(3, 8)};
  add_layer(random, c.network, magnitude_bits);
  c.input.shape = c.network.input_shape;
  const int density = random.pick({10, 60, 100});
  for (std::int64_t i = 0; i < c.input.shape.size(); ++i) {
    const int code = random.chance(density) ? random.between(c.network.input.min, c.network.input.max)
                                            : c.network.input.min;
    c.input.codes.push_back(static_cast<std::uint16_t>(code));
  }
  if (c.scheme == "operation_units") {
    c.parameters = fmt::format("{{ou_rows: {}, ou_columns: {}}}", random.pick({1, 2, 9, 16, 64}),
                               random.pick({1, 3, 8, 16, 64}));
  }
  if (kind.squeezed) {
    c.geometry.signs = random.pick({Signs::differential, Signs::magnitude});
    c.geometry.flip_encoding = false;
    c.parameters = squeeze_yaml(random_squeeze(random, c.geometry.cells_per_weight(c.layer().weights)));
  }
  c.map();
  return c;
}

void program_adcs(Case& c, int bits, AdcRange range) {
  const auto model = Registry<AdcModel>::instance().create("isaac");
  for (MappedGroup& group : c.groups) {
    for (std::size_t a = 0; a < group.facts.size(); ++a) {
      const std::int64_t bound = group.facts[a].sum_bound(c.geometry);
      group.program.arrays[a].set_adc(model->transfer(bits, range, bound), bound);
    }
  }
}

void read_every_array(Case& c) {
  for (MappedGroup& group : c.groups) {
    for (ProgrammedArray& array : group.program.arrays) array.exact = false;
  }
}

int lossless_bits(const Case& c) {
  int bits = 1;
  for (const MappedGroup& group : c.groups) {
    for (const ArrayFacts& facts : group.facts) {
      while (facts.sum_bound(c.geometry) >= (std::int64_t{1} << bits)) ++bits;
    }
  }
  return bits;
}

Result run(const Case& c, int tile, bool skip_zeros) {
  std::vector<RowGroupProgram> programs;
  for (const MappedGroup& group : c.groups) programs.push_back(group.program);
  const CrossbarLayer crossbars(c.layer(), c.network.input, c.geometry.dac_bits, skip_zeros,
                                share(std::move(programs)));
  FeatureMap out{c.layer().shape,
                 std::vector<std::uint16_t>(static_cast<std::size_t>(c.layer().shape.size()))};
  const auto waves = static_cast<std::size_t>(crossbars.waves());
  std::vector<WaveActivity> activity(c.groups.size() * waves);
  const auto padded = crossbars.pad(c.input);
  for (int first = 0; first < crossbars.waves(); first += tile) {
    const int last = std::min(first + tile, crossbars.waves());
    const auto count = static_cast<std::size_t>(last - first);
    std::vector<WaveActivity> part(c.groups.size() * count);
    crossbars.run(padded, first, last, out, part);
    for (std::size_t g = 0; g < c.groups.size(); ++g) {
      std::copy_n(part.begin() + static_cast<std::ptrdiff_t>(g * count), count,
                  activity.begin() + static_cast<std::ptrdiff_t>(g * waves) + first);
    }
  }
  return {out.codes, activity};
}

std::vector<std::uint16_t> reference_codes(const Case& c) {
  return evaluate_layer_reference(c.kept, c.kept.layers[0], {c.input}).codes;
}

Result slow_result(const Case& c, bool skip_zeros) {
  const auto waves = static_cast<std::size_t>(c.layer().waves());
  const auto channels = static_cast<std::size_t>(c.layer().shape.channels);
  Result out{std::vector<std::uint16_t>(channels * waves),
             std::vector<WaveActivity>(c.groups.size() * waves)};
  for (std::size_t wave = 0; wave < waves; ++wave) {
    const auto x = input_vector(c, static_cast<int>(wave));
    std::vector<std::int64_t> sums256(channels);
    for (std::size_t g = 0; g < c.groups.size(); ++g) {
      if (c.groups[g].program.runs)
        out.activity[g * waves + wave] = slow_group(c, c.groups[g], x, skip_zeros, sums256);
    }
    for (std::size_t channel = 0; channel < channels; ++channel) {
      out.codes[channel * waves + wave] = static_cast<std::uint16_t>(requantise(
          sums256[channel], c.layer().bias[channel], c.layer().multiplier[channel], c.layer().quantisation));
    }
  }
  return out;
}

}  // namespace squeezebar::test
