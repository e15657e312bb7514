// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/config.h"
#include "sim/base/diag.h"
#include "sim/base/file_list.h"
#include "sim/compare/run_identity.h"
#include "sim/report/run_result.h"
#include "sim/workload/bundle.h"

namespace squeezebar {

/// Progress of a run: images finished of all.
using Progress = std::function<void(std::int64_t done, std::int64_t all)>;

class WholeFolder;
struct AdcResolutions;
struct Calibration;
struct PreparedHardware;

/// A config with its workload, checked against each other: everything that can be refused before the run is.
struct Job {
  Config config;
  Bundle bundle;
  int images = 0;                                    ///< to run; 0: the bundle has none
  std::shared_ptr<const Calibration> calibration;    ///< with adc.range: calibrated
  std::shared_ptr<const PreparedHardware> hardware;  ///< the network mapped and placed
};

/// Loads config and bundle alone: enough for `map`, and for networks that do not fit the chip.
Job load_inputs(const std::string& config_file, const std::vector<std::string>& overrides,
                Diagnostics& diagnostics);

/// Loads config and bundle and checks them against each other (buffers, tiles, ADC, signs). All problems go
/// to `diagnostics`; the job is usable only without errors. Warnings may be there in any case.
Job load_job(const std::string& config_file, const std::vector<std::string>& overrides,
             Diagnostics& diagnostics);

/// The bundle that a config names, with what its seed draws.
Bundle load_workload(const Config& config, Diagnostics& diagnostics);
/// Images that a config asks for, of those that there are.
int images_to_run(const Config& config, const Bundle& bundle, Diagnostics& diagnostics);
/// Maps a job's network onto its chip and checks that it fits, as load_job does. Takes the job's calibration,
/// or loads the one that its config needs.
void prepare(Job& job, Diagnostics& diagnostics);

/// A cost that the ADC model does not have is found before the run, not after it.
void check_cost(const Config& config, const AdcResolutions& adcs, Diagnostics& diagnostics);

/// What a reader must know of the prices on the job's chip.
std::vector<std::string> price_notes(const Job& job);

/// What decides the results of a job.
RunIdentity identity_of(const Job& job);

/// Refuses a job without images; called before the run.
void check_images(const Job& job);

/// What a run leaves behind.
struct Run {
  RunResult result;
  HostFacts host;
  std::vector<FeatureMap> outputs;  ///< of the network's output layer, one per image; only with run.outputs
  std::optional<FileDigest> values_digest;  ///< of the file of values, if one was kept
};

/// What a job takes from an earlier run.
struct Reusable {
  enum class Part {
    values,
    timing
  } part = Part::values;       ///< timing: values and time, so that prices are left
  std::filesystem::path file;  ///< that holds it
};

/// What the run in a folder has for the job; else why it has nothing, in `diagnostics`.
std::optional<Reusable> find_reusable(const Job& job, const std::filesystem::path& folder,
                                      Diagnostics& diagnostics);

/// What a run takes from elsewhere, and what it writes while it goes.
struct RunContext {
  Progress progress{};
  std::optional<Reusable> reused{};
  bool or_simulate = false;              ///< if what is to be reused turns out to be damaged
  std::filesystem::path beside{};        ///< folder of the files below
  bool traces = false;                   ///< those that the config asks for
  std::uint64_t values_limit_bytes = 0;  ///< largest file of values that is kept; 0: none
};

/// map -> elaborate -> simulate -> account. Throws UserError, RunError or Interrupted. One run per process
/// (SystemC).
Run run_job(const Job& job, const RunContext& context = {});

/// Whether the config asks for files that are written while the run goes.
bool is_traced(const Job& job);

/// A run folder under a temporary name beside its final one. It is removed unless it is completed.
class RunFolder {
 public:
  /// An existing folder will be replaced only if it holds nothing but a run; with `force` what else there is
  /// stays. Throws UserError if the place cannot be written to.
  RunFolder(const std::filesystem::path& folder, bool force);
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder();

  /// Where the files of the run lie until it is complete.
  [[nodiscard]] std::filesystem::path path() const;
  /// Writes the results beside what is there and gives the folder its name. Throws UserError if that fails.
  void complete(const Job& job, const Run& run);

 private:
  std::unique_ptr<WholeFolder> partial_;
};

/// Writes the run folder in one go, as RunFolder does.
void write_run_folder(const Job& job, const Run& run, const std::filesystem::path& folder, bool force);

/// Refuses an output folder that could not be written later; called before the run.
void check_output_folder(const std::filesystem::path& folder, bool force);

}  // namespace squeezebar
