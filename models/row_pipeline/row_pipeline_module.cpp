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
    last_wait_ = WaitCause::none;
    const std::int64_t wave = next_wave_;
    next_wave_ += settings_.replicas;
    layer->delivered(settings_.group, wave);
  }
  try_start(now);
}

void RowPipeline::try_start(Cycles now) {
  if (next_wave_ >= settings_.waves) return;
  const Cycles gate = layer->gate(next_wave_);
  const Cycles arrival = layer->input_arrival(next_wave_);
  if (gate == kNotYet || arrival == kNotYet || unconsumed_ >= settings_.partial_sum_depth) {
    waiting_ = true;
    return;
  }
  const Cycles fetched = arrival + settings_.fetch;
  const Cycles start = std::max({now, fetched, gate});
  if (start > now) {
    next_trigger(clock_.span(start - now));
    return;
  }
  begin(now, fetched, gate);
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
  next_trigger(clock_.span(duration));
  layer->started(next_wave_);
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
    const Cycles cut = std::clamp(t, from, now);
    sink += cut - from;
    from = cut;
  };
  until(gate, time_.idle);
  until(fetched, time_.stall_input);
  until(now, last_wait_ == WaitCause::output_buffer ? time_.stall_output : time_.stall_partial_sum);
}

void RowPipeline::consumed(WaitCause cause) {
  --unconsumed_;
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
