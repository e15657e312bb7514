// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/diag.h"
#include "sim/terms/adc_calibration.h"

namespace squeezebar {

/// File of a calibration's folder that says what it is; the histograms lie beside it.
inline constexpr const char* kCalibrationFile = "calibration.yaml";

/// The sums of a layer's crossbars on sample inputs, in the order of their row groups.
struct LayerSums {
  std::string layer;
  std::vector<SumHistogram> crossbars;  ///< of allocated crossbars; a pair that counts as one has one
};

/// What `squeezebar calibrate` found: histograms instead of steps, so that one serves ADCs of all resolutions
/// and every rule.
struct Calibration {
  std::string tool_version;
  std::string workload;
  std::string workload_hash;
  std::int64_t first_image = 0;  ///< of the workload's
  std::int64_t images = 0;
  std::map<std::string, std::string> config;  ///< every key that the sums depend on
  std::vector<LayerSums> layers;
  std::string hash;  ///< of the file, which has those of the histograms; empty until it is read
};

/// Writes its files into an existing folder. Throws std::runtime_error with the reason.
void write_calibration(const Calibration& calibration, const std::filesystem::path& folder);

/// Reads a folder; nothing if something is wrong with it.
std::optional<Calibration> read_calibration(const std::filesystem::path& folder, Diagnostics& diagnostics);

}  // namespace squeezebar
