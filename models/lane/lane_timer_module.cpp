// SPDX-License-Identifier: Apache-2.0
#include "models/lane/lane_timer_module.h"

namespace squeezebar {

LaneTimer::LaneTimer(const sc_core::sc_module_name& name, const SimClock& clock)
    : sc_module(name), clock_(clock) {
  SC_HAS_PROCESS(LaneTimer);
  SC_METHOD(run);
  sensitive << wake_;
}

void LaneTimer::after(Cycles cycles, TimedIf& lane) {
  const Cycles at = clock_.now() + cycles;
  due_[at].push_back(&lane);
  if (asleep_until_ >= 0 && asleep_until_ <= at) return;
  sleep();
}

void LaneTimer::sleep() {
  asleep_until_ = due_.empty() ? -1 : due_.begin()->first;
  if (due_.empty()) return;
  const Cycles now = clock_.now();
  wake_.notify(asleep_until_ > now ? clock_.span(asleep_until_ - now) : sc_core::SC_ZERO_TIME);
}

void LaneTimer::run() {
  if (due_.empty()) {
    asleep_until_ = -1;
    return;
  }
  // What is asked for meanwhile at this very moment belongs to the next delta cycle.
  now_ = std::move(due_.begin()->second);
  due_.erase(due_.begin());
  asleep_until_ = clock_.now();
  for (TimedIf* lane : now_) lane->step();
  sleep();
}

}  // namespace squeezebar
