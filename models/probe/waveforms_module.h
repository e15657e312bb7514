// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "models/probe/lane_probe_module.h"
#include "models/probe/waveform_options.h"

namespace squeezebar {

/// The probes of a simulation and the VCD file in which SystemC writes them.
class Waveforms {
 public:
  explicit Waveforms(const WaveformOptions& options) : options_(options), budget_(options.most_changes) {}
  Waveforms(const Waveforms&) = delete;
  Waveforms& operator=(const Waveforms&) = delete;
  ~Waveforms() { finish(); }

  [[nodiscard]] const WaveformOptions& options() const { return options_; }
  /// Whether the module was asked for: by its name in the layer, or with the whole layer (`name` empty or
  /// not).
  [[nodiscard]] bool wants(const std::string& layer, const std::string& name = {}) const;

  /// New probes, shown under the name; made before the simulation starts. They live as long as this.
  LaneProbe& lane(const std::string& shown, const SimClock& clock);
  ProbedValue& pixels(const std::string& shown);

  /// Starts writing, from the values of this moment on.
  void open();
  /// Ends the file at this time; later calls have no effect.
  void close(std::int64_t at_fs);
  [[nodiscard]] WaveformOutcome outcome() const { return {opened_, end_fs_, budget_.stopped_at_fs()}; }

 private:
  void finish();

  WaveformOptions options_;
  ProbeBudget budget_;
  std::vector<std::unique_ptr<LaneProbe>> lanes_;
  std::vector<std::unique_ptr<ProbedValue>> pixels_;
  sc_core::sc_trace_file* file_ = nullptr;
  bool opened_ = false;
  std::int64_t end_fs_ = 0;
};

}  // namespace squeezebar
