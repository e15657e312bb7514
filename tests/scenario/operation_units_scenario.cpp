// SPDX-License-Identifier: Apache-2.0
// A layer of 6 inputs x 2 outputs on 4 x 4 cells, read by operation units of 2 x 2: every slot by hand.
#include <fstream>

#include <unistd.h>

#include "sim/run/run.h"
#include "tests/catch.h"
#include "tests/tiny_bundle.h"

using namespace squeezebar;
using namespace squeezebar::test;
namespace fs = std::filesystem;

namespace {

/// Three samples: the first as worked out below, the second all zero, the third with one bit.
void write_bundle(const fs::path& folder) {
  fs::create_directories(folder);
  // Outputs x inputs; two digits of one bit, so that each output fills the two columns of a unit.
  write_tensor<std::int8_t>(folder / "w.npy", DType::int8, {2, 6}, {1, 0, 3, 0, 2, 1, 0, 0, 2, 1, 0, -1});
  write_tensor<std::int32_t>(folder / "b.npy", DType::int32, {2}, {0, 0});
  write_tensor<double>(folder / "m.npy", DType::float64, {2}, {1.0, 1.0});
  write_tensor<std::uint8_t>(folder / "x.npy", DType::uint8, {3, 6, 1, 1},
                             {1, 3, 3, 2, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0});
  const auto tensor = [&](const char* file, const char* dtype, const std::string& shape) {
    return fmt::format("{{file: {}, dtype: {}, shape: [{}], sha256: {}}}", file, dtype, shape,
                       *sha256_hex_of_file(folder / file));
  };
  std::ofstream(folder / "network.yaml")
      << "format: squeezebar-bundle\nversion: 1\nname: units\noutput: fc\n"
      << "input: {name: x, shape: [6, 1, 1], bits: 2, signed: false, scale: 1.0, zero_point: 0}\n"
      << "layers:\n  - name: fc\n    op: linear\n    inputs: [x]\n    magnitude_bits: 2\n"
      << "    weight: " << tensor("w.npy", "int8", "2, 6") << "\n    bias: " << tensor("b.npy", "int32", "2")
      << "\n    multiplier: " << tensor("m.npy", "float64", "2")
      << "\n    weight_scale: " << tensor("m.npy", "float64", "2")
      << "\n    output: {bits: 8, signed: true, scale: 1.0, zero_point: 0, min: -128, max: 127}\n"
      << "samples: {inputs: " << tensor("x.npy", "uint8", "3, 6, 1, 1") << "}\n";
  std::ofstream(folder / "provenance.yaml") << "source: made for a test\n";
}

RunResult run_units(const std::vector<std::string>& more) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("squeezebar-units-{}", getpid());
  write_bundle(folder);
  // 1 GHz clock, 1 ns to read, 2 ns to convert: a unit of two columns takes 4 cycles.
  std::vector<std::string> overrides{"workload.bundle=" + folder.string(),
                                     "mapping.model=operation_units",
                                     "mapping.ou_rows=2",
                                     "mapping.ou_columns=2",
                                     "crossbar.rows=4",
                                     "crossbar.columns=4",
                                     "crossbar.read_time=1 ns",
                                     "adc.rate=0.5 GHz",
                                     "adc.resolution=lossless",
                                     "noc.model=ideal"};
  overrides.insert(overrides.end(), more.begin(), more.end());
  Diagnostics diagnostics;
  const Job job =
      load_job(std::string(SQUEEZEBAR_SOURCE_DIR) + "/configs/chip/sme.yaml", overrides, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  RunResult result = run_job(job).result;
  fs::remove_all(folder);
  return result;
}

// Rows listed: positive {0, 2, 4, 5} for the first output and {2, 3} for the second, negative {5} for the
// second. Sample 1, bit 0 drives rows 0, 1, 2, 4, 5: positive 2 + 1 units, negative 1, so 3 slots.
//           bit 1 drives rows 1, 2, 3:       positive 1 + 1 units, negative none, so 2 slots.
// Sample 2: both bit-cycles are skipped.
// Sample 3, bit 1 drives row 2:              positive 1 + 1 units, so 2 slots; bit 0 is skipped.
constexpr std::uint64_t kUnits = 4 + 2 + 2;
constexpr std::int64_t kSlots = 3 + 2 + 2;
constexpr std::int64_t kStages = 1 + 4;  // SME's stages around them, each one slot long

}  // namespace

// A process holds one simulation: one run to a test case.

TEST_CASE("operation units take their slots to the cycle") {
  CHECK(run_units({}).cycles == (kSlots + kStages) * 4);
}

TEST_CASE("without overlap an operation unit is read, then converted") {
  CHECK(run_units({"sample_hold.overlap=false"}).cycles == (kSlots + kStages) * 5);
}

TEST_CASE("ADCs of a crossbar share the columns of an operation unit") {
  CHECK(run_units({"adc.per_crossbar=2"}).cycles == (kSlots + kStages) * 2);
}

TEST_CASE("an operation unit takes at least the time to read it") {
  CHECK(run_units({"crossbar.read_time=7 ns"}).cycles == (kSlots + kStages) * 7);
}

TEST_CASE("operation units count what they do") {
  const RunResult result = run_units({});
  CHECK_FALSE(result.sqnr_db.has_value());
  CHECK(result.allocated.total == 2);
  CHECK(result.conventional.total == 4);
  CHECK(result.bit_cycles == 3);
  CHECK(result.bit_cycles_skipped == 3);
  CHECK(result.adc_conversions == 2 * kUnits);
  const ActionCounts& actions = result.layers[0].actions;
  CHECK(actions[action_id("crossbar", "read")] == kUnits);
  CHECK(actions[action_id("sample_hold", "sample")] == 2 * kUnits);
  CHECK(actions[action_id("mux", "select")] == 2 * kUnits);
  CHECK(actions[action_id("shift_add", "add")] == 2 * kUnits);
  CHECK(actions[action_id("splice", "add")] == 0);
  // Positive {0, 2, 4, 5}, {2} and negative {5}; positive {2} and {2, 3}; positive {2} and {2}.
  CHECK(actions[action_id("dac", "drive")] == 4 + 1 + 1 + 1 + 2 + 1 + 1);
  for (const ComponentEnergy& line : result.energy) {
    // Four cells are read at a time; the price is that of 128 x 128.
    if (line.component == "crossbar")
      CHECK(line.dynamic_j == Approx(kUnits * 17.33333e-12 * (2 * 2) / (128 * 128)).epsilon(1e-9));
  }
}

TEST_CASE("values alone count the same conversions") {
  const RunResult result = run_units({"run.function=values"});
  CHECK(result.adc_conversions == 2 * kUnits);
  CHECK(result.bit_cycles == 3);
  CHECK(result.bit_cycles_skipped == 3);
}
