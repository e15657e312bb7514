// SPDX-License-Identifier: Apache-2.0
#include "models/row_pipeline/row_pipeline_module.h"

#include <algorithm>

#include <fmt/format.h>

namespace squeezebar {

RowPipeline::RowPipeline(const sc_core::sc_module_name& name, const Settings& settings, const SimClock& clock,
                         ActivitySource& source)
    : sc_module(name), settings_(settings), clock_(clock), source_(source), next_wave_(settings.replica) {
  SC_HAS_PROCESS(RowPipeline);
  SC_METHOD(step);
  sensitive << wake_;
}

void RowPipeline::step() {
  const Cycles now = clock_.now();
  if (running_) {
    running_ = false;
    ++unconsumed_;
    if (probe_ != nullptr) probe_->holds(unconsumed_);
    last_wait_ = WaitCause::none;
    const std::int64_t wave = next_wave_;
    next_wave_ += settings_.replicas;
    layer->delivered(settings_.group, wave);
  }
  try_start(now);
}

void RowPipeline::try_start(Cycles now) {
  if (next_wave_ >= settings_.waves) {
    if (probe_ != nullptr) probe_->rests();
    return;
  }
  const Cycles gate = layer->gate(next_wave_);
  const Cycles arrival = layer->input_arrival(next_wave_);
  if (gate == kNotYet || arrival == kNotYet || unconsumed_ >= settings_.partial_sum_depth) {
    waiting_ = true;
    if (probe_ != nullptr) show_wait(gate, arrival);
    return;
  }
  const Cycles fetched = arrival + settings_.fetch;
  const Cycles start = std::max({now, fetched, gate});
  if (start > now) {
    if (probe_ != nullptr) show_wait(gate, arrival);
    next_trigger(clock_.span(start - now));
    return;
  }
  begin(now, fetched, gate);
}

void RowPipeline::show_wait(Cycles gate, Cycles arrival) {
  // Before its first wave a lane is idle, whatever it waits for; account_wait counts it so, too.
  probe_->waits(any_ ? gate : kNotYet, arrival == kNotYet ? kNotYet : arrival + settings_.fetch);
}

void RowPipeline::begin(Cycles now, Cycles fetched, Cycles gate) {
  account_wait(now, fetched, gate);
  const WaveActivity activity = source_.take(settings_.layer, settings_.group, next_wave_);
  for (int i = 0; i < units.size(); ++i) units[i]->execute(activity);
  counts_.bit_cycles += activity.bit_cycles;
  counts_.skipped += activity.skipped;
  counts_.clipped += activity.clipped;
  const Cycles duration = static_cast<Cycles>(activity.steps) * settings_.bit_cycle;
  time_.busy += duration;
  running_ = true;
  end_ = now + duration;
  if (track_) track_->busy(track_.number(), next_wave_, now, end_, activity);
  if (adcs_.track) show_conversions(now, activity);
  if (probe_ != nullptr) probe_->begins(next_wave_);
  next_trigger(clock_.span(duration));
  layer->started(next_wave_);
}

void RowPipeline::show_conversions(Cycles now, const WaveActivity& activity) {
  const std::uint64_t conversions =
      activity.bit_cycles * adcs_.per_bit_cycle + activity.ou_conversions(adcs_.scan);
  if (conversions == 0) return;
  const Cycles last_step = end_ - settings_.bit_cycle;
  adcs_.track->convert(adcs_.track.number(), next_wave_, now + adcs_.start,
                       last_step + adcs_.start + adcs_.time, conversions, activity.clipped);
}

void RowPipeline::account_wait(Cycles now, Cycles fetched, Cycles gate) {
  if (!any_) {
    any_ = true;
    time_.idle += now;
    return;
  }
  // The schedule is named first, then the input, then the results that could not leave.
  Cycles from = end_;
  const auto until = [&](Cycles t, Cycles& sink) {
    const Cycles since = from;
    from = std::clamp(t, from, now);
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

void RowPipeline::consumed(WaitCause cause) {
  --unconsumed_;
  if (probe_ != nullptr) probe_->holds(unconsumed_);
  last_wait_ = cause;
  wake();
}

LaneTime RowPipeline::time(Cycles total) const {
  LaneTime out = time_;
  out.idle += total - end_;  // after its last wave, or all the time if it had none
  return out;
}

std::string RowPipeline::waiting_for() const {
  if (unconsumed_ >= settings_.partial_sum_depth) {
    return fmt::format("wave {}: {} results wait in the partial-sum buffer", next_wave_, unconsumed_);
  }
  if (layer->gate(next_wave_) == kNotYet)
    return fmt::format("wave {}: the schedule holds it back", next_wave_);
  return fmt::format("wave {}: its receptive field is not in the input buffer", next_wave_);
}

}  // namespace squeezebar
