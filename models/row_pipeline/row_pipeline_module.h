// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <systemc>
#include <vector>

#include "models/chip/sim_clock_module.h"
#include "models/probe/lane_probe_module.h"
#include "models/row_pipeline/activity_source.h"
#include "models/row_pipeline/bit_cycle_unit_module.h"
#include "models/row_pipeline/layer_if_module.h"
#include "sim/terms/lane_time.h"
#include "sim/terms/timeline_observer.h"

namespace squeezebar {

/// The track of a row group's ADCs, with what it takes to tell their time from that of a wave.
struct AdcTrack {
  TimelineTrack track;
  Cycles start = 0;                 ///< of a step's conversions, after the beginning of the step
  Cycles time = 0;                  ///< of a step's conversions
  std::uint64_t per_bit_cycle = 0;  ///< conversions, unless operation units are read
  AdcScan scan = AdcScan::all;      ///< of operation units
};

/// Sequencer of one replica of a row group: streams input vectors bit by bit, one wave after the other. It
/// starts wave w + R as soon as wave w is done (R replicas), the receptive field has been fetched and its
/// partial-sum buffer is not full.
class RowPipeline final : public sc_core::sc_module, public LaneIf {
 public:
  struct Settings {
    int layer = 0;
    int group = 0;
    int replica = 0;
    int replicas = 1;
    std::int64_t waves = 0;  ///< of all images
    Cycles bit_cycle = 0;
    Cycles fetch = 0;
    int partial_sum_depth = 1;
  };

  sc_core::sc_port<LayerIf> layer;
  /// The data path, in the order of the signal.
  sc_core::sc_port<BitCycleUnitIf, 0, sc_core::SC_ZERO_OR_MORE_BOUND> units;

  RowPipeline(const sc_core::sc_module_name& name, const Settings& settings, const SimClock& clock,
              ActivitySource& source);

  void wake() override {
    if (!waiting_) return;
    waiting_ = false;
    wake_.notify(sc_core::SC_ZERO_TIME);
  }
  void consumed(WaitCause cause) override;

  /// Tells its waves and stalls to the track's observer, which outlives the simulation.
  void observe(const TimelineTrack& track) { track_ = track; }
  /// Tells when its ADCs convert, likewise.
  void observe(const AdcTrack& adcs) { adcs_ = adcs; }
  /// Shows its state in a probe, which outlives the simulation.
  void show_in(LaneProbe& probe) { probe_ = &probe; }

  [[nodiscard]] const RowGroupCounts& counts() const { return counts_; }
  /// Time of the lane in a run that took `total` cycles; the parts sum to it.
  [[nodiscard]] LaneTime time(Cycles total) const;
  [[nodiscard]] bool finished() const { return next_wave_ >= settings_.waves && !running_; }
  /// What the lane waits for, for the report of a deadlock.
  [[nodiscard]] std::string waiting_for() const;

 private:
  void step();
  void try_start(Cycles now);
  void begin(Cycles now, Cycles fetched, Cycles gate);
  void account_wait(Cycles now, Cycles fetched, Cycles gate);
  void show_wait(Cycles gate, Cycles arrival);
  void show_conversions(Cycles now, const WaveActivity& activity);

  Settings settings_;
  const SimClock& clock_;
  ActivitySource& source_;
  sc_core::sc_event wake_;
  std::int64_t next_wave_;
  bool running_ = false;
  bool waiting_ = false;  ///< for a wake-up: nobody else is notified
  Cycles end_ = 0;        ///< of the running or last wave
  bool any_ = false;      ///< a wave has started
  int unconsumed_ = 0;
  WaitCause last_wait_ = WaitCause::none;
  LaneTime time_;
  RowGroupCounts counts_;
  TimelineTrack track_;
  AdcTrack adcs_;
  LaneProbe* probe_ = nullptr;
};

}  // namespace squeezebar
