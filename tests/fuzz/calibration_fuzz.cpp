// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary text as calibration.yaml. Bytes after the first 0xFF become layer_0.npy; @layer_0 in the
// text stands for its digest, so that changed arrays get past the checksum. Steps must follow from what is
// accepted.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "sim/engine/crossbar/adc/adc_step.h"
#include "sim/engine/crossbar/adc/calibration.h"
#include "sim/terms/adc_transfer.h"
#include "tests/temporary_folder.h"
#include "tests/tiny_bundle.h"

using namespace squeezebar;

namespace {

constexpr std::size_t kMostSums = 2000;

void choose_steps(const Calibration& calibration) {
  std::size_t sums = 0;
  for (const LayerSums& layer : calibration.layers) {
    for (const SumHistogram& crossbar : layer.crossbars) {
      if ((sums += crossbar.size()) > kMostSums) return;
      for (const CalibrateBy by : {CalibrateBy::percentile, CalibrateBy::least_error}) {
        const auto step = calibrated_step256(crossbar, kMaxColumnSum, 15, {by, 99.9});
        if (step && (*step < 256 || *step > least_step256(kMaxColumnSum, 15))) std::abort();
      }
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const test::TemporaryFolder folder;
  const std::string bytes(data, data + size);
  const std::size_t split = bytes.find('\xFF');
  std::ofstream(folder.path() / "layer_0.npy", std::ios::binary)
      << (split == std::string::npos ? std::string() : bytes.substr(split + 1));
  std::ofstream(folder.path() / kCalibrationFile, std::ios::binary)
      << test::with_digests(bytes.substr(0, split), folder.path());
  Diagnostics diagnostics;
  const auto calibration = read_calibration(folder.path(), diagnostics);
  static_cast<void>(diagnostics.text());
  if (calibration.has_value() == diagnostics.has_errors()) std::abort();
  if (calibration) choose_steps(*calibration);
  return 0;
}
