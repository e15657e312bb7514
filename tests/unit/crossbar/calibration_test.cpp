// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/adc/calibration.h"

#include <fstream>
#include <functional>
#include <sstream>

#include "sim/base/hash.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"
#include "tests/tiny_bundle.h"

namespace squeezebar::test {
namespace {

namespace fs = std::filesystem;

Calibration sample() {
  Calibration out;
  out.tool_version = "0.1.0";
  out.workload = "tiny: a network";
  out.workload_hash = std::string(64, '1');
  out.first_image = 2;
  out.images = 3;
  out.config = {{"cell.bits", "1"}, {"mapping.squeeze_layers", "\"\""}};
  out.layers = {{"conv/1", {{5, 0, 2, 0, 0}, {0, 7}}}, {"empty", {}}, {"fc", {{0, 0, 0, 0}}}};
  return out;
}

std::string text_of(const fs::path& file) {
  std::stringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

/// What reading complains about once `change` has been at the sample's folder.
std::string complaint(const std::function<void(const fs::path&)>& change) {
  const TemporaryFolder folder;
  write_calibration(sample(), folder.path());
  change(folder.path());
  Diagnostics diagnostics;
  const bool read = read_calibration(folder.path(), diagnostics).has_value();
  REQUIRE(read != diagnostics.has_errors());
  return diagnostics.text();
}

void replace(const fs::path& folder, const std::string& from, const std::string& to) {
  std::string text = text_of(folder / kCalibrationFile);
  const std::size_t at = text.find(from);
  REQUIRE(at != std::string::npos);
  std::ofstream(folder / kCalibrationFile) << text.replace(at, from.size(), to);
}

template <class T>
void put_counts(const fs::path& folder, DType dtype, const std::string& shape,
                const std::vector<std::int64_t>& extents, const std::vector<T>& counts) {
  const std::string before = sha256_hex_of_file(folder / "layer_0.npy").value();
  write_tensor<T>(folder / "layer_0.npy", dtype, extents, counts);
  replace(folder, "dtype: int64, shape: [2, 3], sha256: " + before,
          fmt::format("dtype: {}, shape: {}, sha256: {}", dtype_name(dtype), shape,
                      sha256_hex_of_file(folder / "layer_0.npy").value()));
}

TEST_CASE("a calibration is read as it was written") {
  const TemporaryFolder folder;
  const Calibration wanted = sample();
  write_calibration(wanted, folder.path());
  Diagnostics diagnostics;
  const auto got = read_calibration(folder.path(), diagnostics);
  INFO(diagnostics.text());
  REQUIRE(got.has_value());
  CHECK(got->tool_version == wanted.tool_version);
  CHECK(got->workload == wanted.workload);
  CHECK(got->workload_hash == wanted.workload_hash);
  CHECK(got->first_image == wanted.first_image);
  CHECK(got->images == wanted.images);
  CHECK(got->config == wanted.config);
  CHECK(got->hash == sha256_hex(text_of(folder.path() / kCalibrationFile)));
  REQUIRE(got->layers.size() == 3);
  CHECK(got->layers[0].layer == "conv/1");
  // As wide as the largest sum that was seen.
  CHECK(got->layers[0].crossbars == std::vector<SumHistogram>{{5, 0, 2}, {0, 7, 0}});
  CHECK(got->layers[1].crossbars.empty());
  CHECK(got->layers[2].crossbars == std::vector<SumHistogram>{{0}});
}

TEST_CASE("what is wrong with a calibration is told at its place") {
  CHECK(complaint([](const fs::path&) {}).empty());
  CHECK_THAT(complaint([](const fs::path& f) { fs::remove(f / kCalibrationFile); }),
             ContainsSubstring("calibration.yaml: error:"));
  CHECK_THAT(complaint([](const fs::path& f) { replace(f, "squeezebar-calibration", "squeezebar-bundle"); }),
             ContainsSubstring(":2:9: error: format: 'squeezebar-bundle' is not squeezebar-calibration"));
  CHECK_THAT(complaint([](const fs::path& f) { replace(f, "version: 1", "version: 2"); }),
             ContainsSubstring("error: version: format version 2 is not supported (this program reads 1)"));
  CHECK_THAT(complaint([](const fs::path& f) { replace(f, "images: 3", "pictures: 3"); }),
             ContainsSubstring("unknown key 'pictures'") && ContainsSubstring("images: missing"));
  CHECK_THAT(complaint([](const fs::path& f) { replace(f, "config:", "config: []\nold:"); }),
             ContainsSubstring("config: must be a map"));
  CHECK_THAT(
      complaint([](const fs::path& f) { fs::remove(f / "layer_0.npy"); }),
      ContainsSubstring("conv/1.histograms.file: 'layer_0.npy' cannot be used: there is no such file"));
  CHECK_THAT(complaint([](const fs::path& f) {
               write_tensor<std::int64_t>(f / "layer_0.npy", DType::int64, {2, 3}, {5, 0, 2, 0, 8, 0});
             }),
             ContainsSubstring("conv/1.histograms.sha256: does not match 'layer_0.npy'"));
  CHECK_THAT(complaint([](const fs::path& f) { fs::resize_file(f / "layer_0.npy", 140); }),
             ContainsSubstring("conv/1.histograms.file: 'layer_0.npy' cannot be used: it is truncated"));
}

TEST_CASE("histograms that cannot be are refused") {
  const auto told = [](DType dtype, const std::string& shape, const std::vector<std::int64_t>& extents,
                       const std::vector<std::int64_t>& counts) {
    return complaint([&](const fs::path& f) { put_counts<std::int64_t>(f, dtype, shape, extents, counts); });
  };
  CHECK_THAT(told(DType::int64, "[3]", {3}, {1, 2, 3}), ContainsSubstring("must have two dimensions"));
  CHECK_THAT(told(DType::int64, "[2, 0]", {2, 0}, {}), ContainsSubstring("must have 1 to 65536 sums"));
  CHECK_THAT(told(DType::int64, "[1, 2]", {1, 2}, {1, -2}), ContainsSubstring("holds the count -2"));
  CHECK_THAT(told(DType::int64, "[1, 2]", {1, 2}, {std::int64_t{1} << 62, 1}),
             ContainsSubstring("holds more conversions than can be added up"));
  CHECK_THAT(complaint([](const fs::path& f) {
               put_counts<double>(f, DType::float64, "[1, 2]", {1, 2}, {1.0, 2.0});
             }),
             ContainsSubstring("must hold int64 counts"));
}

}  // namespace
}  // namespace squeezebar::test
