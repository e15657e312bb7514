// SPDX-License-Identifier: Apache-2.0
#include "models/vector_unit/vector_unit_module.h"

#include <algorithm>

#include <fmt/format.h>

namespace squeezebar {

PixelPipeline::PixelPipeline(const sc_core::sc_module_name& name, const LayerPlan& plan,
                             const SimClock& clock, OutputBuffer& output)
    : sc_module(name), plan_(plan), clock_(clock), output_(output) {
  SC_HAS_PROCESS(PixelPipeline);
  SC_METHOD(step);
  sensitive << wake_;
  dont_initialize();
}

void PixelPipeline::reduced(std::int64_t wave) {
  early_.emplace(wave, clock_.now() + plan_.engine.tail);
  const bool was_empty = leaving_.empty();
  while (!early_.empty() && early_.begin()->first == next_) {
    const Cycles done = early_.begin()->second;
    last_ = last_ < 0 ? done : std::max(done, last_ + plan_.interval);
    leaving_.push_back(last_);
    if (track_) {
      // Where in the tail the vector stage lies is not modelled; it cannot begin before the reduction.
      track_->output(track_.number(), next_, std::max(done - plan_.engine.tail, last_ - plan_.interval),
                     last_);
    }
    early_.erase(early_.begin());
    ++next_;
  }
  if (was_empty && !leaving_.empty()) schedule();
}

void PixelPipeline::schedule() { wake_.notify(clock_.span(leaving_.front() - clock_.now())); }

void PixelPipeline::step() {
  while (!leaving_.empty() && leaving_.front() <= clock_.now()) {
    leaving_.pop_front();
    output_.write();
  }
  if (!leaving_.empty()) schedule();
}

VectorSequencer::VectorSequencer(const sc_core::sc_module_name& name, const LayerPlan& plan,
                                 std::int64_t waves, const SimClock& clock, OutputBuffer& output)
    : sc_module(name), plan_(plan), waves_(waves), clock_(clock), output_(output) {
  SC_HAS_PROCESS(VectorSequencer);
  SC_METHOD(step);
  sensitive << wake_;
}

void VectorSequencer::step() {
  const Cycles now = clock_.now();
  if (running_) {
    running_ = false;
    ++next_wave_;
    output_.write();
  }
  if (next_wave_ == waves_) {
    if (probe_ != nullptr) probe_->rests();
    return;
  }
  const Cycles gate = layer->gate(next_wave_);
  const Cycles arrival = layer->input_arrival(next_wave_);
  if (gate == kNotYet || arrival == kNotYet || !output_.has_slot(next_wave_)) {
    waiting_ = true;
    if (probe_ != nullptr) show_wait(gate, arrival);
    return;
  }
  const Cycles start = std::max({now, arrival, gate});
  if (start > now) {
    if (probe_ != nullptr) show_wait(gate, arrival);
    next_trigger(clock_.span(start - now));
    return;
  }
  account_wait(now, arrival, gate);
  running_ = true;
  time_.busy += plan_.service;
  end_ = now + plan_.service;
  if (track_) track_->busy(track_.number(), next_wave_, now, end_, {});
  if (probe_ != nullptr) probe_->begins(next_wave_);
  next_trigger(clock_.span(plan_.service));
  layer->started(next_wave_);
}

void VectorSequencer::account_wait(Cycles now, Cycles arrival, Cycles gate) {
  if (next_wave_ == 0) {
    time_.idle += now;
    return;
  }
  // The same order as for lanes: the schedule, then the input, then the results that could not leave.
  const Cycles scheduled = std::clamp(gate, end_, now);
  const Cycles fed = std::clamp(arrival, scheduled, now);
  time_.idle += scheduled - end_;
  time_.stall_input += fed - scheduled;
  time_.stall_output += now - fed;
  if (!track_) return;
  if (fed > scheduled) track_->stall(track_.number(), StallCause::input, scheduled, fed);
  if (now > fed) track_->stall(track_.number(), StallCause::output, fed, now);
}

void VectorSequencer::show_wait(Cycles gate, Cycles arrival) {
  // Before its first wave the unit is idle, whatever it waits for; account_wait counts it so, too.
  probe_->waits(next_wave_ > 0 ? gate : kNotYet, arrival);
}

LaneTime VectorSequencer::time(Cycles total) const {
  LaneTime out = time_;
  out.idle += total - end_;  // after its last wave
  return out;
}

std::string VectorSequencer::waiting_for() const {
  if (!output_.has_slot(next_wave_)) return fmt::format("wave {}: the output buffer is full", next_wave_);
  if (layer->gate(next_wave_) == kNotYet)
    return fmt::format("wave {}: the schedule holds it back", next_wave_);
  return fmt::format("wave {}: its receptive field is not in the input buffer", next_wave_);
}

}  // namespace squeezebar
