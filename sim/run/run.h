// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/config.h"
#include "sim/base/diag.h"
#include "sim/report/run_result.h"
#include "sim/workload/bundle.h"

namespace squeezebar {

/// Progress of a run: images finished of all.
using Progress = std::function<void(std::int64_t done, std::int64_t all)>;

struct PreparedHardware;

/// A config with its workload, checked against each other: everything that can be refused before the run is.
struct Job {
  Config config;
  Bundle bundle;
  int images = 0;                              ///< to run; 0: the bundle has none
  std::shared_ptr<PreparedHardware> hardware;  ///< the network mapped and placed; used up by run_job
};

/// Loads config and bundle and checks them against each other (buffers, tiles, ADC, signs). All problems go
/// to `diagnostics`; the job is usable only without errors. Warnings may be there in any case.
Job load_job(const std::string& config_file, const std::vector<std::string>& overrides,
             Diagnostics& diagnostics);

/// Refuses a job without images; called before the run.
void check_images(const Job& job);

/// Crossbars of one layer under every mapping, for `map`.
struct LayerCrossbars {
  std::string name;
  std::string op;
  int rows = 0;
  int columns = 0;
  std::int64_t conventional = 0;
  std::int64_t dense_sliced = 0;
  std::int64_t allocated = 0;  ///< with the configured mapping
  std::int64_t row_groups = 0;
  int adc_bits_lossless = 0;  ///< fewest bits with which no sum of the layer is clipped
};
std::vector<LayerCrossbars> map_job(const Job& job);

/// What a run leaves behind.
struct Run {
  RunResult result;
  HostFacts host;
  std::vector<FeatureMap> outputs;  ///< of the network's output layer, one per image; only with run.outputs
};

/// map -> elaborate -> simulate -> account. Throws UserError, RunError or Interrupted. One run per process
/// (SystemC).
Run run_job(const Job& job, const Progress& progress = {});

/// Writes the run folder under a temporary name and renames it when complete. An existing folder is replaced
/// only if `force` is set or it is itself a complete run folder. Throws UserError if the place cannot be
/// written to.
void write_run_folder(const Job& job, const Run& run, const std::filesystem::path& folder, bool force);

/// Refuses an output folder that could not be written later; called before the run.
void check_output_folder(const std::filesystem::path& folder, bool force);

}  // namespace squeezebar
