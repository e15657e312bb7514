// SPDX-License-Identifier: Apache-2.0
#include "models/lane/lane_module.h"

#include <algorithm>

#include <fmt/format.h>

namespace squeezebar {

Lane::Lane(const sc_core::sc_module_name& name, const LanePlan& plan, const Settings& settings,
           const SimClock& clock, WorkSource& source)
    : sc_module(name),
      plan_(plan),
      settings_(settings),
      clock_(clock),
      source_(source),
      next_wave_(settings.replica),
      ends_(plan.stages.size(), 0),
      steps_(plan.stages.size(), 0) {
  SC_HAS_PROCESS(Lane);
  SC_METHOD(step);
  sensitive << wake_;
}

void Lane::step() {
  const Cycles now = clock_.now();
  deliver(now);
  try_start(now);
}

/// Waves that are through are the reducer's.
void Lane::deliver(Cycles now) {
  while (!in_flight_.empty() && in_flight_.front().end <= now) {
    const std::int64_t wave = in_flight_.front().wave;
    in_flight_.pop_front();
    ++held_;
    if (probe_ != nullptr) probe_->holds(held_);
    last_wait_ = WaitCause::none;
    layer->delivered(settings_.lane, wave);
  }
}

void Lane::try_start(Cycles now) {
  if (next_wave_ >= settings_.waves) {
    if (!in_flight_.empty()) return sleep_until(in_flight_.front().end, now);
    if (probe_ != nullptr) probe_->rests();
    return;
  }
  if (ends_.front() > now) return sleep_until(ends_.front(), now);
  const Cycles gate = layer->gate(next_wave_);
  const Cycles arrival = layer->input_arrival(next_wave_);
  if (gate == kNotYet || arrival == kNotYet || unconsumed_ >= plan_.depth) {
    waiting_ = true;
    if (probe_ != nullptr) show_wait(gate, arrival);
    if (!in_flight_.empty()) next_trigger(clock_.span(in_flight_.front().end - now), wake_);
    return;
  }
  const Cycles fetched = arrival + settings_.fetch;
  const Cycles start = std::max({now, fetched, gate});
  if (start > now) {
    if (probe_ != nullptr) show_wait(gate, arrival);
    return sleep_until(start, now);
  }
  begin(now, fetched, gate);
}

/// Until then, or until a wave is through.
void Lane::sleep_until(Cycles start, Cycles now) {
  const Cycles next = in_flight_.empty() ? start : std::min(start, in_flight_.front().end);
  next_trigger(clock_.span(next - now));
}

void Lane::show_wait(Cycles gate, Cycles arrival) {
  // Before its first wave a lane is idle, whatever it waits for; account_wait counts it so, too.
  probe_->waits(any_ ? gate : kNotYet, arrival == kNotYet ? kNotYet : arrival + settings_.fetch);
}

void Lane::begin(Cycles now, Cycles fetched, Cycles gate) {
  account_wait(now, fetched, gate);
  const WaveWork work = source_.take(settings_.layer, settings_.lane, next_wave_);
  const Cycles before = std::max(now, ends_.back());
  Cycles at = now;
  for (std::size_t k = 0; k < plan_.stages.size(); ++k) {
    steps_[k] = work[plan_.stages[k].steps];
    at = ends_[k] = std::max(at, ends_[k]) + static_cast<Cycles>(steps_[k]) * plan_.stages[k].step;
  }
  time_.busy += ends_.back() - before;
  in_flight_.push_back({next_wave_, ends_.back()});
  ++unconsumed_;
  if (track_) show_wave(now, work);
  if (probe_ != nullptr) probe_->begins(next_wave_);
  const std::int64_t wave = next_wave_;
  next_wave_ += settings_.replicas;
  sleep_until(ends_.front(), now);
  layer->started(wave);
}

void Lane::show_wave(Cycles now, const WaveWork& work) {
  std::vector<Count> figures;
  for (const WaveFigure& figure : plan_.figures) figures.push_back(figure.of(work));
  track_->busy(track_.number(), next_wave_, now, ends_.back(), figures);
  for (std::size_t k = 0; k < parts_.size(); ++k) {
    if (steps_[k] == 0) continue;
    const Stage& stage = plan_.stages[k];
    const Cycles length = static_cast<Cycles>(steps_[k]) * stage.step;
    path->pass(stage, {next_wave_, ends_[k] - length, ends_[k] - stage.step}, work, parts_[k]);
  }
}

void Lane::account_wait(Cycles now, Cycles fetched, Cycles gate) {
  if (!any_) {
    any_ = true;
    time_.idle += now;
    return;
  }
  // The schedule is named first, then the input, then the results that could not leave. While a later stage
  // works, the lane is busy.
  Cycles from = ends_.back();
  const auto until = [&](Cycles t, Cycles& sink) {
    const Cycles since = from;
    from = std::max(from, std::min(t, now));
    sink += from - since;
    return since;
  };
  const auto stalled_until = [&](Cycles t, Cycles& sink, StallCause cause) {
    const Cycles since = until(t, sink);
    if (track_ && from > since) track_->stall(track_.number(), cause, since, from);
  };
  until(gate, time_.idle);
  stalled_until(fetched, time_.stall_input, StallCause::input);
  if (last_wait_ == WaitCause::output_buffer) {
    stalled_until(now, time_.stall_output, StallCause::output);
  } else {
    stalled_until(now, time_.stall_partial_sum, StallCause::partial_sum);
  }
}

void Lane::consumed(WaitCause cause) {
  --unconsumed_;
  --held_;
  if (probe_ != nullptr) probe_->holds(held_);
  last_wait_ = cause;
  wake();
}

LaneTime Lane::time(Cycles total) const {
  LaneTime out = time_;
  out.idle += total - ends_.back();  // after its last wave, or all the time if it had none
  return out;
}

std::string Lane::waiting_for() const {
  if (unconsumed_ >= plan_.depth) {
    return fmt::format("wave {}: {} results wait in the partial-sum buffer", next_wave_, unconsumed_);
  }
  if (layer->gate(next_wave_) == kNotYet)
    return fmt::format("wave {}: the schedule holds it back", next_wave_);
  return fmt::format("wave {}: its receptive field is not in the input buffer", next_wave_);
}

}  // namespace squeezebar
