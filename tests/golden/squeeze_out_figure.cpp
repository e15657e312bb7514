// SPDX-License-Identifier: Apache-2.0
#include "models/adc/adc.h"
#include "sim/engine/crossbar/kernels/crossbar_layer.h"
#include "sim/engine/crossbar/mapping/plane_counts.h"
#include "tests/catch.h"
#include "tests/program_reading.h"

// Squeeze-out of SME's figure 3 (arXiv 2103.01705): 4-bit weights of two filters on 2x2 crossbars, 3-bit
// inputs.

namespace squeezebar::test {
namespace {

CrossbarGeometry small_crossbars() {
  CrossbarGeometry g;
  g.rows = 2;
  g.columns = 2;
  g.signs = Signs::magnitude;
  return g;
}

/// Filter 1: 10, 4, 6, 4; filter 2: 12, 1, 2, 6.
WeightMatrix figure_weights() { return {4, 2, 4, {10, 4, 6, 4, 12, 1, 2, 6}}; }

TEST_CASE("squeezing SME's figure 3 leaves five of eight crossbars and the same sums", "[validation]") {
  Layer layer;
  layer.name = "figure3";
  layer.inputs = {0};
  layer.input_shapes = {{4, 1, 1}};
  layer.op = Registry<Operator>::instance().create("linear");
  layer.window = layer.op->window(layer.input_shapes[0], {});
  layer.shape = {2, 1, 1};
  layer.weights = figure_weights();
  layer.bias = {0, 0};
  layer.multiplier = {1.0, 1.0};
  layer.quantisation = {8, false, 1.0, 0, 0, 255};
  const Quantisation input{3, false, 1.0, 0, 0, 7};
  const CrossbarGeometry g = small_crossbars();

  LayerMapping mapping = Registry<MappingScheme>::instance()
                             .create("bit_sliced", "{squeeze: all, squeeze_degree: 1}")
                             ->map(layer.weights, g, {layer.name, input.bits});
  REQUIRE(mapping.groups.size() == 2);
  const MappedGroup& upper = mapping.groups[0];
  const MappedGroup& lower = mapping.groups[1];
  // XB1 is released, XB5 and XB8 were never allocated; planes count from the least significant here.
  const auto planes = [](const MappedGroup& group) {
    std::vector<int> out;
    for (const ArrayFacts& facts : group.facts) {
      if (facts.allocated && facts.counted) out.push_back(facts.plane);
    }
    return out;
  };
  CHECK(planes(upper) == std::vector<int>{0, 1, 2});  // XB4, XB3, XB2
  CHECK(planes(lower) == std::vector<int>{1, 2});     // XB7, XB6
  CHECK(upper.allocated() + lower.allocated() == 5);
  CHECK(upper.program.row_shift == std::vector<std::uint8_t>{1, 0});
  CHECK(lower.program.row_shift.empty());
  CHECK(mapping.error.squared_error == 0);

  // Row 1 holds 5 and 6 now, row 2 still 4 and 1.
  for (const auto& [row, filter, value] : {std::tuple{0, 0, 5}, {0, 1, 6}, {1, 0, 4}, {1, 1, 1}}) {
    int stored = 0;
    for (const ProgrammedArray& array : upper.program.arrays) {
      if (!array.negative) stored += cell_level(array.cells, row, filter) << array.targets[0].shift;
    }
    CHECK(stored == value);
  }

  std::vector<RowGroupProgram> programs;
  for (const MappedGroup& group : mapping.groups) {
    programs.push_back(group.program);
    for (ProgrammedArray& array : programs.back().arrays) array.adc = {7, 256};
  }
  const CrossbarLayer crossbars(layer, input, g.dac_bits, false, share(std::move(programs)));
  CHECK(crossbars.bit_cycles(0) == 4);
  CHECK(crossbars.bit_cycles(1) == 3);

  const FeatureMap x{layer.input_shapes[0], {2, 6, 4, 5}};
  FeatureMap y{layer.shape, std::vector<std::uint16_t>(2)};
  std::vector<WaveActivity> activity(2);
  const auto padded = crossbars.pad(x);
  crossbars.run(padded, 0, 1, y, activity);
  CHECK(y.codes == std::vector<std::uint16_t>{88, 68});
  CHECK(activity[0].bit_cycles == 4);
  CHECK(activity[1].bit_cycles == 3);

  // The aligned inputs of the upper group, most significant bit first: 0100 and 0110.
  std::vector<WaveBits> bits(1);
  crossbars.slice(0, padded, 0, bits);
  const std::vector<std::size_t> driven{0, 2, 3, 0};  // rows per bit-cycle: bit 0 is row 1, bit 1 is row 2
  for (std::size_t t = 0; t < 4; ++t) {
    const auto words = bits[0].bit(static_cast<int>(t));
    CHECK((words.empty() ? 0 : words[0].bits()) == driven[t]);
  }
}

TEST_CASE("the counts of SME's figure 3, without packing an array", "[validation]") {
  const PlaneAnalysis analysis(figure_weights(), small_crossbars());
  CHECK(count_planes(analysis, {}, 3).allocated == std::vector<std::int64_t>{1, 2, 2, 1});
  const PlaneCounts squeezed = count_planes(analysis, {.policy = SqueezePolicy::all, .degree = 1}, 3);
  CHECK(squeezed.allocated == std::vector<std::int64_t>{0, 2, 2, 1});
  CHECK(squeezed.bit_cycles == 4 + 3);
  CHECK(squeezed.index.occupancy == 8);
  CHECK(squeezed.index.row_mask == 2);
  CHECK(squeezed.error.squared_error == 0);
}

}  // namespace
}  // namespace squeezebar::test
