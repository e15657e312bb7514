// SPDX-License-Identifier: Apache-2.0
#include "sim/run/traces.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/base/log.h"
#include "sim/base/version.h"
#include "sim/report/run_files.h"
#include "sim/run/params.h"
#include "sim/run/prepared.h"
#include "sim/run/trace_params.h"
#include "sim/run/waveform_file.h"

namespace squeezebar {
namespace {

std::int64_t femtoseconds(Time time) { return std::llround(time.si() * 1e15); }

/// A layer's lanes as they can be named in the config.
std::vector<std::string> lane_names(const LayerPlan& layer) {
  std::vector<std::string> out;
  for (int lane = 0; lane < layer.lanes(); ++lane) {
    for (int r = 0; r < layer.replicas(lane); ++r)
      out.push_back(layer.name + "." + replica_name(layer.lane(lane), r));
  }
  return out;
}

bool has(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

class NameCheck {
 public:
  NameCheck(const Config& config, const Network& network, Diagnostics& diagnostics)
      : config_(config), network_(network), diagnostics_(diagnostics) {}

  /// Reports each of the names at `key` that is not among the known ones.
  void check(const std::string& key, const std::vector<std::string>& names,
             const std::vector<std::string>& known, const char* what) {
    for (const std::string& name : names) {
      if (has(known, name)) continue;
      diagnostics_.error(
          config_.place(key), key,
          fmt::format("'{}' has no {} '{}'{}", network_.name, what, name, did_you_mean(name, known)));
    }
  }

 private:
  const Config& config_;
  const Network& network_;
  Diagnostics& diagnostics_;
};

TimelineOptions timeline_options(const Job& job, const TraceParams& params) {
  TimelineOptions out;
  const ChipPlan& plan = job.hardware->plan;
  out.clock_period_fs = plan.clock_period_fs;
  out.from_fs = femtoseconds(params.from);
  if (params.to.si() > 0) out.to_fs = femtoseconds(params.to);
  out.most_events = params.events;
  for (const LayerPlan& layer : plan.layers) {
    out.layers.push_back(layer.name);
    out.chosen.push_back(params.layers.empty() || has(params.layers, layer.name));
  }
  out.tool_version = tool_version();
  out.workload = job.bundle.network.name;
  return out;
}

WaveformOptions waveform_options(const std::filesystem::path& folder, const TraceParams& params) {
  WaveformOptions out;
  out.file = (folder / "waves.systemc").string();
  out.modules = params.vcd;
  out.from_fs = femtoseconds(params.from);
  if (params.to.si() > 0) out.to_fs = femtoseconds(params.to);
  out.most_changes = params.events;
  return out;
}

void warn_stopped(const char* file, const char* what, std::int64_t most) {
  log_warning(
      fmt::format("{} holds the first {} {} only; trace.events allows more, trace.from and trace.to "
                  "choose others",
                  file, most, what));
}

}  // namespace

void check_traces(const Config& config, const Network& network, const ChipPlan& plan,
                  Diagnostics& diagnostics) {
  const TraceParams& params = config.get<TraceParams>();
  std::vector<std::string> layers;
  for (const LayerPlan& layer : plan.layers) layers.push_back(layer.name);
  NameCheck names(config, network, diagnostics);
  names.check("trace.layers", params.layers, layers, "layer");
  std::vector<std::string> modules = layers;
  for (const LayerPlan& layer : plan.layers) {
    const std::vector<std::string> lanes = lane_names(layer);
    modules.insert(modules.end(), lanes.begin(), lanes.end());
  }
  names.check("trace.vcd", params.vcd, modules, "layer or running row group");
  const bool traced = params.timeline || !params.vcd.empty();
  if (traced && config.get<RunParams>().function == RunFunction::values) {
    diagnostics.warning(config.place("trace"), "trace",
                        "nothing is traced, because run.function: values has no time");
  }
}

bool is_traced(const Job& job) {
  const TraceParams& params = job.config.get<TraceParams>();
  return (params.timeline || !params.vcd.empty()) &&
         job.config.get<RunParams>().function != RunFunction::values;
}

Traces::Traces(const Job& job, const std::filesystem::path& folder) : folder_(folder) {
  const TraceParams& params = job.config.get<TraceParams>();
  if (folder.empty()) return;
  if (params.timeline)
    timeline_ = std::make_unique<TimelineJson>(folder / kTimelineFile, timeline_options(job, params));
  if (!params.vcd.empty()) waveforms_ = waveform_options(folder, params);
}

Watch Traces::watch() { return {timeline_.get(), waveforms_ ? &*waveforms_ : nullptr}; }

void Traces::finish(const ChipTiming& timing) {
  if (timeline_) finish_timeline(timing);
  if (waveforms_) finish_waveforms(timing);
}

void Traces::finish_timeline(const ChipTiming& timing) {
  timeline_->finish(timing.end);
  if (timeline_->stopped()) warn_stopped("trace.json", "events", timeline_->events());
  if (timeline_->events() == 0) log_warning("trace.json is empty: nothing happened in the window");
}

void Traces::finish_waveforms(const ChipTiming& timing) {
  const WaveformOutcome& outcome = timing.waveforms;
  if (!outcome.written) {
    log_warning("waves.vcd is not written: the run ended before trace.from");
    return;
  }
  const std::filesystem::path raw = waveforms_->file + ".vcd";
  copy_waveforms(raw, folder_ / kWaveformsFile, {waveforms_->from_fs, outcome.end_fs, outcome.stopped_at_fs});
  std::filesystem::remove(raw);
  if (outcome.stopped_at_fs >= 0) warn_stopped("waves.vcd", "changes", waveforms_->most_changes);
}

}  // namespace squeezebar
