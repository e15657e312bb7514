// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <deque>
#include <systemc>
#include <vector>

#include "models/chip/sim_clock_module.h"
#include "models/lane/data_path_module.h"
#include "models/lane/lane_timer_module.h"
#include "models/lane/layer_if_module.h"
#include "models/lane/work_source.h"
#include "models/probe/lane_probe_module.h"
#include "sim/terms/lane_time.h"
#include "sim/terms/timeline_observer.h"

namespace squeezebar {

/// Sequencer of one replica of a lane: sends waves through its stages one after the other. It starts wave
/// w + R (R replicas) as soon as wave w has left the first stage, the receptive field has been fetched, and
/// no more than `depth` waves would be started and not consumed. A wave enters a stage when it has left the
/// one before and the wave before it has left this one.
class Lane final : public sc_core::sc_module, public LaneIf, public TimedIf {
 public:
  struct Settings {
    int layer = 0;
    int lane = 0;  ///< of the layer
    int replica = 0;
    int replicas = 1;
    std::int64_t waves = 0;  ///< of all images
    Cycles fetch = 0;
  };

  sc_core::sc_port<LayerIf> layer;
  /// The components of its tile.
  sc_core::sc_port<DataPathIf> path;

  /// The plan outlives the lane.
  Lane(const sc_core::sc_module_name& name, const LanePlan& plan, const Settings& settings,
       const SimClock& clock, WorkSource& source);

  /// Must be called once, before the simulation.
  void wake_by(LaneTimer& timer) {
    timer_ = &timer;
    timer.after(0, *this);
  }
  void step() override;
  void wake() override;
  void consumed(WaitCause cause) override;

  /// Tells its waves and stalls to the track's observer, which outlives the simulation.
  void observe(const TimelineTrack& track) { track_ = track; }
  /// Tells when the parts of its stages work, likewise: [stage][part].
  void observe(std::vector<std::vector<TimelineTrack>> parts) { parts_ = std::move(parts); }
  /// Shows its state in a probe, which outlives the simulation.
  void show_in(LaneProbe& probe) { probe_ = &probe; }

  /// Time of the lane in a run that took `total` cycles; the parts sum to it.
  [[nodiscard]] LaneTime time(Cycles total) const;
  [[nodiscard]] bool finished() const { return next_wave_ >= settings_.waves && in_flight_.empty(); }
  /// What the lane waits for, for the report of a deadlock.
  [[nodiscard]] std::string waiting_for() const;

 private:
  struct Flight {
    std::int64_t wave = 0;
    Cycles end = 0;  ///< of its last stage
  };

  /// What the next wave waits for, each kNotYet where that is not known.
  struct Readiness {
    Cycles gate = kNotYet;
    Cycles fetched = kNotYet;  ///< its input is at the first stage
    Cycles start = kNotYet;    ///< both, and there is room for its results
  };

  void deliver(Cycles now);
  void try_start(Cycles now);
  [[nodiscard]] Readiness readiness() const;
  void begin(Cycles now, const Readiness& ready);
  void sleep_until(Cycles time, Cycles now) { timer_->after(time - now, *this); }
  void account_wait(Cycles now, const Readiness& ready);
  void show_wait(const Readiness& ready);
  void show_wave(Cycles now, const WaveWork& work);

  const LanePlan& plan_;
  Settings settings_;
  const SimClock& clock_;
  WorkSource& source_;
  LaneTimer* timer_ = nullptr;
  std::int64_t next_wave_;
  std::deque<Flight> in_flight_;
  std::vector<Cycles> ends_;  ///< [stage] of the last wave in it
  std::vector<Count> steps_;  ///< [stage] of the wave that begins
  bool waiting_ = false;      ///< for a wake-up: nobody else is notified
  bool any_ = false;          ///< a wave has started
  int unconsumed_ = 0;        ///< waves that have started and are not consumed
  int held_ = 0;              ///< of them, those that are through
  WaitCause last_wait_ = WaitCause::none;
  LaneTime time_;
  TimelineTrack track_;
  std::vector<std::vector<TimelineTrack>> parts_;
  LaneProbe* probe_ = nullptr;
};

}  // namespace squeezebar
