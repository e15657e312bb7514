// SPDX-License-Identifier: Apache-2.0
#include "models/probe/lane_probe_module.h"

#include "models/lane/layer_if_module.h"

namespace squeezebar {
namespace {

constexpr int kStateBits = 2;
constexpr int kWaveBits = 40;
constexpr int kResultBits = 17;  // of row_pipeline.partial_sum_depth

}  // namespace

LaneProbe::LaneProbe(const sc_core::sc_module_name& name, const std::string& shown, const SimClock& clock,
                     ProbeBudget& budget)
    : sc_module(name),
      clock_(clock),
      state_(budget, shown + ".state", kStateBits),
      wave_(budget, shown + ".wave", kWaveBits),
      results_(budget, shown + ".results", kResultBits) {
  SC_HAS_PROCESS(LaneProbe);
  SC_METHOD(input_came);
  sensitive << input_;
  dont_initialize();
}

void LaneProbe::enter(LaneState state) {
  now_ = state;
  state_.set(static_cast<std::int64_t>(state));
}

void LaneProbe::begins(std::int64_t wave) {
  enter(LaneState::busy);
  wave_.set(wave);
}

void LaneProbe::waits(Cycles gate, Cycles fetched) {
  input_.cancel();
  if (gate == kNotYet) return enter(LaneState::idle);
  const Cycles now = clock_.now();
  if (fetched != kNotYet && fetched <= now) return enter(LaneState::stall_result);
  enter(LaneState::stall_input);
  if (fetched != kNotYet) input_.notify(clock_.span(fetched - now));
}

void LaneProbe::input_came() {
  // The lane may have begun at the same moment.
  if (now_ == LaneState::stall_input) enter(LaneState::stall_result);
}

void LaneProbe::show_in(sc_core::sc_trace_file* file) const {
  state_.show_in(file);
  wave_.show_in(file);
  results_.show_in(file);
}

}  // namespace squeezebar
