// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "models/adc/adc.h"
#include "sim/mapping/mapping.h"
#include "sim/numerics/integer_layer.h"
#include "sim/numerics/requantise.h"
#include "tests/catch.h"
#include "tests/law/slow_operation_units.h"
#include "tests/program_reading.h"

// Laws of the crossbar arithmetic, on random layers, mappings and converters.

namespace squeezebar::test {
namespace {

/// A network of one random layer with weights, mapped on random crossbars.
struct Case {
  Network network;
  FeatureMap input;
  CrossbarGeometry geometry;
  std::string scheme;
  std::vector<MappedGroup> groups;

  [[nodiscard]] const Layer& layer() const { return network.layers[0]; }
  [[nodiscard]] std::string text() const {
    return fmt::format(
        "{}, signs {}, flip {}, {}x{} crossbars, cell {}, DAC {}, {} rows, {} columns, magnitude {}, {} "
        "{}-bit inputs",
        scheme, static_cast<int>(geometry.signs), geometry.flip_encoding, geometry.rows, geometry.columns,
        geometry.cell_bits, geometry.dac_bits, layer().weights.rows, layer().weights.columns,
        layer().weights.magnitude_bits, network.input.is_signed ? "signed" : "unsigned", network.input.bits);
  }
};

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

/// The scheme, with operation units of any size if it has any.
std::unique_ptr<MappingScheme> random_mapping(std::uint64_t seed, const std::string& scheme) {
  const auto& registry = Registry<MappingScheme>::instance();
  auto mapping = registry.create(scheme);
  if (!mapping->operation_unit()) return mapping;
  Random random(seed + 2000);
  return registry.create(scheme, fmt::format("{{ou_rows: {}, ou_columns: {}}}",
                                             random.pick({1, 2, 9, 16, 64}), random.pick({1, 3, 8, 16, 64})));
}

Case random_case(std::uint64_t seed, const std::string& scheme) {
  Random random(seed);
  Case c;
  c.scheme = scheme;
  const int magnitude_bits = random.between(1, 15);
  const auto mapping = random_mapping(seed, scheme);
  c.geometry = random_geometry(random, magnitude_bits, *mapping);
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
  c.groups = mapping->map(c.layer().weights, c.geometry).groups;
  return c;
}

/// Programs the converters: the least bits without loss, or any.
void program_adcs(Case& c, int bits, AdcRange range) {
  const auto model = Registry<AdcModel>::instance().create("isaac");
  for (MappedGroup& group : c.groups) {
    for (std::size_t a = 0; a < group.facts.size(); ++a) {
      group.program.arrays[a].adc = model->transfer(bits, range, group.facts[a].sum_bound(c.geometry));
      for (ColumnGroup& columns : group.program.arrays[a].column_groups)
        columns.scanned_columns = scanned_columns(columns, AdcScan::mapped);
    }
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

struct Result {
  std::vector<std::uint16_t> codes;
  std::vector<WaveActivity> activity;
};

/// Runs the layer in pieces of `tile` waves.
Result run(const Case& c, int tile) {
  std::vector<RowGroupProgram> programs;
  for (const MappedGroup& group : c.groups) programs.push_back(group.program);
  const CrossbarLayer crossbars(c.layer(), c.network.input, c.geometry.dac_bits, false, std::move(programs));
  FeatureMap out{c.layer().shape,
                 std::vector<std::uint16_t>(static_cast<std::size_t>(c.layer().shape.size()))};
  std::vector<WaveActivity> activity(c.groups.size() * static_cast<std::size_t>(crossbars.waves()));
  const auto padded = crossbars.pad(c.input);
  for (int first = 0; first < crossbars.waves(); first += tile) {
    crossbars.run(padded, first, std::min(first + tile, crossbars.waves()), out, activity);
  }
  return {out.codes, activity};
}

/// Calls `test(case)` for random cases of every mapping scheme.
template <class F>
void for_each_case(std::uint64_t cases, F test) {
  for (const std::string& scheme : Registry<MappingScheme>::instance().names()) {
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
      Case c = random_case(seed, scheme);
      INFO("seed " << seed << ": " << c.text());
      test(c, seed);
    }
  }
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
                        std::vector<std::int64_t>& sums256) {
  if (group.program.ou_rows > 0) return slow_operation_units(group, c.geometry, c.network.input, x, sums256);
  const CrossbarGeometry& g = c.geometry;
  const int cycles = (c.network.input.bits + g.dac_bits - 1) / g.dac_bits;
  const RowGroupProgram& p = group.program;
  WaveActivity activity;
  activity.bit_cycles = activity.steps = static_cast<std::uint32_t>(cycles);
  for (int t = 0; t < cycles; ++t) {
    const auto drive = [&](int r) {
      return (x[static_cast<std::size_t>(p.rows[static_cast<std::size_t>(r)])] >> (t * g.dac_bits)) &
             g.full_drive();
    };
    for (int r = 0; r < group.rows(); ++r) activity.ones += drive(r) != 0;
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
  return activity;
}

TEST_CASE("with lossless converters crossbars compute the integer layer", "[law][numerics]") {
  int signed_cases = 0;
  for_each_case(400, [&](Case& c, std::uint64_t) {
    program_adcs(c, std::min(16, lossless_bits(c)), AdcRange::clip);
    const Result result = run(c, 32);
    const FeatureMap wanted = evaluate_layer_reference(c.network, c.layer(), {c.input});
    CHECK(result.codes == wanted.codes);
    CHECK(std::none_of(result.activity.begin(), result.activity.end(),
                       [](const WaveActivity& w) { return w.clipped > 0; }));
    signed_cases += c.network.input.is_signed;
  });
  CHECK(signed_cases > 200);
}

TEST_CASE("a full range with lossless bits is lossless too", "[law][numerics]") {
  for_each_case(60, [&](Case& c, std::uint64_t) {
    program_adcs(c, std::min(16, lossless_bits(c)), AdcRange::full);
    CHECK(run(c, 32).codes == evaluate_layer_reference(c.network, c.layer(), {c.input}).codes);
  });
}

TEST_CASE("codes, clips and drives are those of the arithmetic written out", "[law][numerics]") {
  std::uint64_t clipped = 0;
  for_each_case(120, [&](Case& c, std::uint64_t seed) {
    Random random(seed + 1000);
    program_adcs(c, random.between(1, lossless_bits(c)), random.chance(50) ? AdcRange::clip : AdcRange::full);
    const Result result = run(c, 32);
    const int waves = c.layer().waves();
    bool same_activity = true;
    bool same_codes = true;
    for (int wave = 0; wave < waves; ++wave) {
      const auto x = input_vector(c, wave);
      std::vector<std::int64_t> sums256(static_cast<std::size_t>(c.layer().shape.channels));
      for (std::size_t g = 0; g < c.groups.size(); ++g) {
        if (!c.groups[g].program.runs) continue;
        const WaveActivity wanted = slow_group(c, c.groups[g], x, sums256);
        const WaveActivity& got =
            result.activity[g * static_cast<std::size_t>(waves) + static_cast<std::size_t>(wave)];
        same_activity = same_activity && got == wanted;
        clipped += got.clipped;
      }
      for (std::size_t channel = 0; channel < sums256.size(); ++channel) {
        const std::int32_t code = requantise(sums256[channel], c.layer().bias[channel],
                                             c.layer().multiplier[channel], c.layer().quantisation);
        same_codes =
            same_codes &&
            result.codes[channel * static_cast<std::size_t>(waves) + static_cast<std::size_t>(wave)] ==
                static_cast<std::uint16_t>(code);
      }
    }
    CHECK(same_activity);
    CHECK(same_codes);
  });
  CHECK(clipped > 10000);
}

TEST_CASE("results do not depend on how waves are cut into tiles", "[law][numerics]") {
  for_each_case(30, [&](Case& c, std::uint64_t seed) {
    program_adcs(c, std::max(1, lossless_bits(c) - 2), AdcRange::clip);
    const Result whole = run(c, 1 << 20);
    const Result pieces = run(c, 1 + static_cast<int>(seed % 7));
    CHECK(whole.codes == pieces.codes);
    CHECK(whole.activity == pieces.activity);
  });
}

TEST_CASE("results do not depend on the kernel variant", "[law][numerics]") {
  for_each_case(40, [&](Case& c, std::uint64_t) {
    program_adcs(c, std::max(1, lossless_bits(c) - 1), AdcRange::clip);
    const Result best = run(c, 32);
    for (const std::string& variant : kernel_variants()) {
      REQUIRE(select_kernel_variant(variant));
      const Result result = run(c, 32);
      CHECK(result.codes == best.codes);
      CHECK(result.activity == best.activity);
    }
    select_kernel_variant("");
  });
}

/// A fully connected layer of the largest weights and inputs on the tallest crossbars that hold a column sum.
Case widest_case(const std::string& scheme, Signs signs, bool is_signed, int cell_bits, int dac_bits) {
  Case c;
  c.scheme = scheme;
  c.geometry.signs = signs;
  c.geometry.cell_bits = cell_bits;
  c.geometry.dac_bits = dac_bits;
  c.geometry.columns = 1024;
  c.geometry.rows = static_cast<int>(
      std::min<std::int64_t>(1024, kMaxColumnSum / (c.geometry.full_level() * c.geometry.full_drive())));
  const int low = is_signed ? -32768 : 0;
  c.network.input = {16, is_signed, 1.0, 0, low, low + 65535};
  c.network.input_shape = {c.geometry.rows, 1, 1};
  c.network.output = 1;
  Layer layer;
  layer.inputs = {0};
  layer.input_shapes = {c.network.input_shape};
  layer.op = Registry<Operator>::instance().create("linear");
  layer.window = layer.op->window(c.network.input_shape, {});
  layer.shape = {3, 1, 1};
  layer.weights = {c.geometry.rows, 3, 15, {}};
  for (const int weight : {32767, -32767, 32767}) {
    layer.weights.values.insert(layer.weights.values.end(), static_cast<std::size_t>(c.geometry.rows),
                                static_cast<std::int16_t>(weight));
  }
  layer.bias = {0, 0, 7};
  layer.multiplier = {1e-8, 1e-8, 1e-9};
  layer.quantisation = {16, true, 1.0, 0, -32768, 32767};
  c.network.layers.push_back(std::move(layer));
  c.input.shape = c.network.input_shape;
  c.input.codes.assign(static_cast<std::size_t>(c.geometry.rows), is_signed ? 0x8000 : 0xFFFF);
  c.groups = Registry<MappingScheme>::instance().create(scheme)->map(c.layer().weights, c.geometry).groups;
  return c;
}

TEST_CASE("the widest codes, weights and columns stay exact", "[law][numerics]") {
  for (const std::string& scheme : Registry<MappingScheme>::instance().names()) {
    for (const Signs signs : {Signs::differential, Signs::offset, Signs::magnitude}) {
      if (!Registry<MappingScheme>::instance().create(scheme)->takes(signs)) continue;
      for (const int cell_bits : {1, 2, 3, 4}) {
        for (const int dac_bits : {0, 1, 2, 3, 4}) {  // 0: signed inputs
          Case c = widest_case(scheme, signs, dac_bits == 0, cell_bits, std::max(1, dac_bits));
          INFO(c.text());
          for (const AdcRange range : {AdcRange::clip, AdcRange::full}) {
            program_adcs(c, 16, range);
            CHECK(run(c, 32).codes == evaluate_layer_reference(c.network, c.layer(), {c.input}).codes);
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace squeezebar::test
