// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <systemc>
#include <vector>

#include "models/chip/sim_clock_module.h"

namespace squeezebar {

/// What a timer calls.
class TimedIf {
 public:
  virtual ~TimedIf() = default;
  virtual void step() = 0;
};

/// Wakes the lanes of a layer at the times that they ask for. Lanes of a layer mostly begin and end together,
/// so that one event of the kernel serves all of them at a time; those of one moment go in the order in which
/// they asked.
class LaneTimer final : public sc_core::sc_module {
 public:
  LaneTimer(const sc_core::sc_module_name& name, const SimClock& clock);

  /// Steps the lane after `cycles`; with 0 in the next delta cycle.
  void after(Cycles cycles, TimedIf& lane);

 private:
  void run();
  void sleep();

  const SimClock& clock_;
  sc_core::sc_event wake_;
  std::map<Cycles, std::vector<TimedIf*>> due_;
  std::vector<TimedIf*> now_;  ///< those that are stepped
  Cycles asleep_until_ = 0;    ///< -1: for ever
};

}  // namespace squeezebar
