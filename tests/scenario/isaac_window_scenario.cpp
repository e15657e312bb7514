// SPDX-License-Identifier: Apache-2.0
// One 16-bit window of 128 inputs x 16 outputs, the load of one ISAAC crossbar, through the shipped
// configuration.
#include <fstream>

#include <unistd.h>

#include "sim/run/run.h"
#include "tests/catch.h"
#include "tests/tiny_bundle.h"

using namespace squeezebar;
using namespace squeezebar::test;
namespace fs = std::filesystem;

namespace {

constexpr int kInputs = 128;
constexpr int kOutputs = 16;

std::string digest(const fs::path& file) { return *sha256_hex_of_file(file); }

/// A linear layer of 16-bit weights and activations with one sample.
void write_window(const fs::path& folder) {
  fs::create_directories(folder);
  std::vector<std::int16_t> weights;
  for (int i = 0; i < kInputs * kOutputs; ++i)
    weights.push_back(static_cast<std::int16_t>(i * 7919 % 65535 - 32767));
  std::vector<std::uint16_t> inputs;
  for (int i = 0; i < kInputs; ++i) inputs.push_back(static_cast<std::uint16_t>(i * 511));
  write_tensor<std::int16_t>(folder / "w.npy", DType::int16, {kOutputs, kInputs}, weights);
  write_tensor<std::int32_t>(folder / "b.npy", DType::int32, {kOutputs}, std::vector<std::int32_t>(kOutputs));
  write_tensor<double>(folder / "m.npy", DType::float64, {kOutputs}, std::vector<double>(kOutputs, 1e-8));
  write_tensor<std::uint16_t>(folder / "x.npy", DType::uint16, {1, kInputs, 1, 1}, inputs);
  const auto tensor = [&](const char* file, const char* dtype, const std::string& shape) {
    return fmt::format("{{file: {}, dtype: {}, shape: [{}], sha256: {}}}", file, dtype, shape,
                       digest(folder / file));
  };
  std::ofstream(folder / "network.yaml")
      << "format: squeezebar-bundle\nversion: 1\nname: window\noutput: fc\n"
      << "input: {name: x, shape: [128, 1, 1], bits: 16, signed: false, scale: 1.0, zero_point: 0}\n"
      << "layers:\n  - name: fc\n    op: linear\n    inputs: [x]\n    magnitude_bits: 15\n"
      << "    weight: " << tensor("w.npy", "int16", "16, 128")
      << "\n    bias: " << tensor("b.npy", "int32", "16")
      << "\n    multiplier: " << tensor("m.npy", "float64", "16")
      << "\n    weight_scale: " << tensor("m.npy", "float64", "16")
      << "\n    output: {bits: 16, signed: true, scale: 1.0, zero_point: 0, min: -32768, max: 32767}\n"
      << "samples: {inputs: " << tensor("x.npy", "uint16", "1, 128, 1, 1") << "}\n";
  std::ofstream(folder / "provenance.yaml") << "source: made for a test\n";
}

}  // namespace

namespace {

RunResult run_window(std::vector<std::string> overrides) {
  const fs::path folder = fs::temp_directory_path() / fmt::format("squeezebar-window-{}", getpid());
  write_window(folder);
  Diagnostics diagnostics;
  // The paper's figure is that of one tile: nothing crosses the network on chip.
  overrides.insert(overrides.end(), {"workload.bundle=" + folder.string(), "noc.model=ideal"});
  const Job job =
      load_job(std::string(SQUEEZEBAR_SOURCE_DIR) + "/configs/chip/isaac.yaml", overrides, diagnostics);
  INFO(diagnostics.text());
  REQUIRE_FALSE(diagnostics.has_errors());
  RunResult result = run_job(job).result;
  fs::remove_all(folder);
  return result;
}

}  // namespace

TEST_CASE("without overlap of sample-and-hold a bit-cycle takes reading and conversion one after the other") {
  // 100 ns for the read, then 128 conversions at 1.28 GS/s.
  CHECK(run_window({"sample_hold.overlap=false"}).cycles == 22 * 240);
}

TEST_CASE(
    "ISAAC's configuration takes 22 cycles of 100 ns for one 16-bit window and one conversion per product") {
  const RunResult result = run_window({});
  CHECK(result.cycles == 22 * 120);
  CHECK(*result.latency_s == Approx(22 * 100e-9).epsilon(1e-12));
  CHECK(result.allocated.total == 1);
  // 16 bit-cycles x (128 columns and the unit column) over 128 x 16 products of 16 bits.
  CHECK(result.adc_conversions == 16 * 129);
  CHECK(static_cast<double>(result.adc_conversions) / (kInputs * kOutputs) == Approx(129.0 / 128.0));
  CHECK_FALSE(result.sqnr_db.has_value());
}
