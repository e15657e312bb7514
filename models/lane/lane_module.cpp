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
      steps_(plan.stages.size(), 0) {}

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
    if (probe_ != nullptr && in_flight_.empty()) probe_->rests();
    return;
  }
  if (ends_.front() > now) return;  // the first stage is busy until then
  const Readiness ready = readiness();
  if (ready.start != kNotYet && ready.start <= now) return begin(now, ready);
  if (probe_ != nullptr) show_wait(ready);
  waiting_ = ready.start == kNotYet;
  if (!waiting_) sleep_until(ready.start, now);
}

Lane::Readiness Lane::readiness() const {
  Readiness out;
  out.gate = layer->gate(next_wave_);
  const Cycles arrival = layer->input_arrival(next_wave_);
  if (arrival != kNotYet) out.fetched = arrival + settings_.fetch;
  if (out.gate != kNotYet && arrival != kNotYet && unconsumed_ < plan_.depth)
    out.start = std::max(out.fetched, out.gate);
  return out;
}

void Lane::wake() {
  if (!waiting_) return;
  // Nothing that is known now can change any more, so the process sleeps until the wave begins.
  const Readiness ready = readiness();
  if (probe_ != nullptr) show_wait(ready);
  if (ready.start == kNotYet) return;
  waiting_ = false;
  const Cycles now = clock_.now();
  sleep_until(std::max(now, ready.start), now);
}

void Lane::show_wait(const Readiness& ready) {
  // Before its first wave a lane is idle, whatever it waits for; account_wait counts it so, too.
  probe_->waits(any_ ? ready.gate : kNotYet, ready.fetched);
}

void Lane::begin(Cycles now, const Readiness& ready) {
  account_wait(now, ready);
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
  if (ends_.back() > ends_.front()) sleep_until(ends_.back(), now);
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

void Lane::account_wait(Cycles now, const Readiness& ready) {
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
  until(ready.gate, time_.idle);
  stalled_until(ready.fetched, time_.stall_input, StallCause::input);
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
