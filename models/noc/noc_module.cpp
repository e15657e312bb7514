// SPDX-License-Identifier: Apache-2.0
#include "models/noc/noc_module.h"

namespace squeezebar {

Link::Link(const sc_core::sc_module_name& name, const EdgePlan& edge, int index, std::int64_t pixels,
           const SimClock& clock)
    : sc_module(name), edge_(edge), index_(index), pixels_(pixels), clock_(clock) {
  SC_HAS_PROCESS(Link);
  SC_METHOD(step);
  sensitive << wake_;
}

void Link::step() {
  if (sending_) {
    sending_ = false;
    from->sent(index_);
  }
  while (sent_ < pixels_ && sent_ < from->written() && to->has_space()) {
    const Cycles now = clock_.now();
    const Cycles free = now + edge_.occupancy;
    if (track_) track_->transfer(track_.number(), sent_, now, free, free + edge_.latency);
    ++sent_;
    to->push(free + edge_.latency);
    if (edge_.occupancy > 0) {
      sending_ = true;
      next_trigger(clock_.span(edge_.occupancy));
      return;
    }
    from->sent(index_);
  }
  waiting_ = true;
}

}  // namespace squeezebar
