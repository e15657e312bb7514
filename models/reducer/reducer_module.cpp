// SPDX-License-Identifier: Apache-2.0
#include "models/reducer/reducer_module.h"

namespace squeezebar {

Reducer::Reducer(const sc_core::sc_module_name& name, const OutputBuffer& output)
    : sc_module(name), output_(output) {}

void Reducer::deliver(std::int64_t wave) {
  const auto at = static_cast<std::size_t>(wave - base_);
  if (at >= slots_.size()) slots_.resize(at + 1);
  ++slots_[at].delivered;
  if (complete(slots_[at])) try_consume(wave, false);
}

void Reducer::retry() {
  for (std::int64_t wave = base_;
       wave - base_ < static_cast<std::int64_t>(slots_.size()) && output_.has_slot(wave);) {
    const Slot& slot = slots_[static_cast<std::size_t>(wave - base_)];
    const std::int64_t base = base_;
    if (complete(slot) && !slot.consumed) try_consume(wave, true);
    // Consuming the oldest wave moves the base; the next slot is then the oldest.
    wave = base_ > base ? base_ : wave + 1;
  }
}

void Reducer::try_consume(std::int64_t wave, bool waited_for_output) {
  if (!output_.has_slot(wave)) return;
  slots_[static_cast<std::size_t>(wave - base_)].consumed = true;
  while (!slots_.empty() && slots_.front().consumed) {
    slots_.pop_front();
    ++base_;
  }
  for (const auto& replicas : lanes_) {
    replicas[static_cast<std::size_t>(wave) % replicas.size()]->consumed(
        waited_for_output ? WaitCause::output_buffer : WaitCause::other_lanes);
  }
  on_consume(wave);
}

}  // namespace squeezebar
