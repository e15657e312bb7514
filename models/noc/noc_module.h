// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <systemc>

#include "models/buffer/buffer_module.h"
#include "models/chip/sim_clock_module.h"
#include "sim/terms/timeline_observer.h"

namespace squeezebar {

/// Carries pixels from one output buffer to one input buffer: one message per pixel, one at a time, as long
/// as the receiver has space. The link is free again when the last byte has left; the pixel arrives a fixed
/// latency later.
class Link final : public sc_core::sc_module {
 public:
  sc_core::sc_port<OutputBufferIf> from;
  sc_core::sc_port<InputBufferIf> to;

  Link(const sc_core::sc_module_name& name, const EdgePlan& edge, int index, std::int64_t pixels,
       const SimClock& clock);

  /// Tells its transfers to the track's observer, which outlives the simulation.
  void observe(const TimelineTrack& track) { track_ = track; }

  void wake() {
    if (!waiting_) return;
    waiting_ = false;
    wake_.notify(sc_core::SC_ZERO_TIME);
  }

 private:
  void step();

  const EdgePlan& edge_;
  int index_;  ///< among the links of `from`
  std::int64_t pixels_;
  const SimClock& clock_;
  sc_core::sc_event wake_;
  bool sending_ = false;
  bool waiting_ = false;
  std::int64_t sent_ = 0;
  TimelineTrack track_;
};

}  // namespace squeezebar
