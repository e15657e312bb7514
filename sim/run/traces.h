// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "models/probe/waveform_options.h"
#include "sim/report/timeline_json.h"
#include "sim/run/elaborate.h"
#include "sim/run/run.h"

namespace squeezebar {

/// Reports names in the section `trace` that the network and its mapping do not have.
void check_traces(const Config& config, const Network& network, const ChipPlan& plan,
                  Diagnostics& diagnostics);

/// The traces of one run: trace.json and waves.vcd, as far as the config asks for them.
class Traces {
 public:
  /// Opens the files in `folder`; if that is empty, nothing is traced. Throws UserError if one cannot be
  /// opened.
  Traces(const Job& job, const std::filesystem::path& folder);

  /// What the simulation is to write into the files.
  [[nodiscard]] Watch watch();
  /// Completes the files. Warns if they hold less than was asked for; throws RunError if they could not be
  /// written.
  void finish(const ChipTiming& timing);

 private:
  void finish_timeline(const ChipTiming& timing);
  void finish_waveforms(const ChipTiming& timing);

  std::filesystem::path folder_;
  std::unique_ptr<TimelineJson> timeline_;
  std::optional<WaveformOptions> waveforms_;
};

}  // namespace squeezebar
