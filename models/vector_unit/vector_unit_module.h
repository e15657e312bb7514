// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <map>
#include <systemc>
#include <vector>

#include "models/buffer/buffer_module.h"
#include "models/chip/sim_clock_module.h"
#include "models/lane/layer_if_module.h"
#include "models/probe/lane_probe_module.h"
#include "sim/terms/lane_time.h"
#include "sim/terms/timeline_observer.h"

namespace squeezebar {

/// Behind the reducers of a layer on crossbars: sample-and-hold drain, reduction, vector stage and write-back
/// are pure delays; pixels leave in order, at least `interval` apart.
class PixelPipeline final : public sc_core::sc_module {
 public:
  PixelPipeline(const sc_core::sc_module_name& name, const LayerPlan& plan, const SimClock& clock,
                OutputBuffer& output);

  /// All column blocks of a wave are reduced now.
  void reduced(std::int64_t wave);
  /// Tells its pixels to the track's observer, which outlives the simulation.
  void observe(const TimelineTrack& track) { track_ = track; }

 private:
  void step();
  void schedule();

  const LayerPlan& plan_;
  const SimClock& clock_;
  OutputBuffer& output_;
  sc_core::sc_event wake_;
  std::map<std::int64_t, Cycles> early_;  ///< finished before an older wave
  std::deque<Cycles> leaving_;            ///< when each pixel is in the output buffer, in order
  std::int64_t next_ = 0;                 ///< oldest wave that is not in leaving_
  Cycles last_ = -1;                      ///< when the youngest of leaving_ is done; -1: none was yet
  TimelineTrack track_;
};

/// A layer without crossbars: one wave after the other through the vector unit.
class VectorSequencer final : public sc_core::sc_module {
 public:
  sc_core::sc_port<LayerIf> layer;

  VectorSequencer(const sc_core::sc_module_name& name, const LayerPlan& plan, std::int64_t waves,
                  const SimClock& clock, OutputBuffer& output);

  void wake() {
    if (!waiting_) return;
    waiting_ = false;
    wake_.notify(sc_core::SC_ZERO_TIME);
  }
  /// Tells its waves and stalls to the track's observer, which outlives the simulation.
  void observe(const TimelineTrack& track) { track_ = track; }
  /// Shows its state in a probe, which outlives the simulation.
  void show_in(LaneProbe& probe) { probe_ = &probe; }

  /// Time of the lane in a run that took `total` cycles; the parts sum to it.
  [[nodiscard]] LaneTime time(Cycles total) const;
  [[nodiscard]] bool finished() const { return next_wave_ == waves_ && !running_; }
  [[nodiscard]] std::string waiting_for() const;

 private:
  void step();
  void account_wait(Cycles now, Cycles arrival, Cycles gate);
  void show_wait(Cycles gate, Cycles arrival);

  const LayerPlan& plan_;
  std::int64_t waves_;
  const SimClock& clock_;
  OutputBuffer& output_;
  sc_core::sc_event wake_;
  std::int64_t next_wave_ = 0;
  bool running_ = false;
  bool waiting_ = false;
  Cycles end_ = 0;  ///< of the running or last wave
  LaneTime time_;
  TimelineTrack track_;
  LaneProbe* probe_ = nullptr;
};

}  // namespace squeezebar
