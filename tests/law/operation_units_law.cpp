// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <fmt/format.h>

#include "sim/engine/crossbar/kernels/operation_units.h"
#include "tests/catch.h"
#include "tests/law/slow_operation_units.h"
#include "tests/program_reading.h"

// Laws of operation units (OUs) that no other mapping has. Values, clips and counts against arithmetic
// written out, lossless converters and tiles are laws of every mapping, in crossbar_layer_law.cpp.

namespace squeezebar::test {
namespace {

struct Case {
  WeightMatrix weights;
  CrossbarGeometry geometry;
  OperationUnit unit;
  Quantisation input;
  std::vector<std::uint16_t> x;  ///< [rows]
};

/// A matrix of at most `most_rows` rows, one input vector of unsigned codes.
Case random_case(std::uint64_t seed, int most_rows) {
  Random random(seed);
  Case c;
  const int magnitude_bits = random.between(1, 9);
  c.weights = random_weights(random, random.between(1, most_rows), random.between(1, 40), magnitude_bits,
                             random.pick({30, 80, 95}));
  c.geometry = random_geometry(random, magnitude_bits);
  if (c.geometry.signs == Signs::offset) c.geometry.signs = Signs::differential;
  c.geometry.flip_encoding = false;
  c.geometry.dac_bits = random.between(1, 3);
  c.unit = {random.pick({1, 4, 9, 16}), random.pick({1, 4, 8, 16})};
  c.input = {random.between(1, 10), false, 1.0, 0, 0, 0};
  for (int r = 0; r < c.weights.rows; ++r)
    c.x.push_back(
        static_cast<std::uint16_t>(random.chance(40) ? 0 : random.between(0, (1 << c.input.bits) - 1)));
  return c;
}

LayerMapping map(const Case& c) {
  return Registry<MappingScheme>::instance()
      .create("operation_units", fmt::format("{{ou_rows: {}, ou_columns: {}}}", c.unit.rows, c.unit.columns))
      ->map(c.weights, c.geometry, {"layer", 8});
}

/// What all row groups together do for the input vector, with converters of `bits` bits.
WaveActivity run(const Case& c, int bits) {
  WaveActivity out;
  for (MappedGroup& group : map(c).groups) {
    for (ProgrammedArray& array : group.program.arrays) array.adc.max_code = (1 << bits) - 1;
    std::vector<std::uint16_t> codes;
    for (const int row : group.program.rows) codes.push_back(c.x[static_cast<std::size_t>(row)]);
    std::vector<std::int64_t> sums(static_cast<std::size_t>(group.program.channels));
    const WaveActivity wave =
        OperationUnits(group.program, c.input, c.geometry.dac_bits).run(group.program, codes, sums);
    out.steps += wave.steps;
    out.ou_reads += wave.ou_reads;
    out.ou_drives += wave.ou_drives;
    out.ou_all += wave.ou_all;
    out.ou_mapped += wave.ou_mapped;
    out.ou_occupied += wave.ou_occupied;
    out.bit_cycles += wave.bit_cycles;
  }
  return out;
}

/// The same with some of the zero weights made non-zero.
Case denser(const Case& c, std::uint64_t seed) {
  Random random(seed);
  Case out = c;
  for (std::int16_t& weight : out.weights.values) {
    if (weight == 0 && random.chance(20))
      weight = static_cast<std::int16_t>(
          random.between(-(1 << c.weights.magnitude_bits) + 1, (1 << c.weights.magnitude_bits) - 1));
  }
  return out;
}

TEST_CASE("denser weights never take fewer slots of a crossbar", "[law][numerics]") {
  int more = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    Case sparse = random_case(seed, 60);
    // With several crossbars to a column block a new row moves others to the next crossbar, where they may
    // share an operation unit.
    sparse.geometry.rows = 64;
    const WaveActivity before = run(sparse, 16);
    const WaveActivity after = run(denser(sparse, seed + 1), 16);
    INFO("seed " << seed);
    CHECK(after.steps >= before.steps);
    CHECK(after.ou_reads >= before.ou_reads);
    CHECK(after.ou_drives >= before.ou_drives);
    CHECK(after.ou_all >= before.ou_all);
    CHECK(after.ou_mapped >= before.ou_mapped);
    CHECK(after.ou_occupied >= before.ou_occupied);
    more += after.steps > before.steps;
  }
  CHECK(more > 100);
}

TEST_CASE("denser weights never drive fewer word lines, however many crossbars there are",
          "[law][numerics]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Case sparse = random_case(seed, 200);
    INFO("seed " << seed);
    CHECK(run(denser(sparse, seed + 1), 16).ou_drives >= run(sparse, 16).ou_drives);
  }
}

TEST_CASE("converters change no count", "[law][numerics]") {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const Case c = random_case(seed, 200);
    INFO("seed " << seed);
    CHECK(run(c, 16) == run(c, 2));
  }
}

TEST_CASE("slots lie between those of the busiest crossbar and those of all", "[law][numerics]") {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const Case c = random_case(seed, 200);
    const WaveActivity wave = run(c, 16);
    INFO("seed " << seed);
    CHECK(wave.steps <= wave.ou_reads);
    CHECK(wave.steps >= wave.bit_cycles);
    // Both polarities at most are read at once.
    CHECK(2 * wave.steps >= wave.ou_reads);
    CHECK(wave.ou_drives <= wave.ou_reads * static_cast<std::uint32_t>(c.unit.rows));
    CHECK(wave.ou_drives >= wave.ou_reads);
  }
}

}  // namespace
}  // namespace squeezebar::test
