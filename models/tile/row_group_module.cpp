// SPDX-License-Identifier: Apache-2.0
#include "models/tile/row_group_module.h"

namespace squeezebar {

RowGroupModule::RowGroupModule(const sc_core::sc_module_name& name, const RowGroupPlan& plan,
                               const RowPipeline::Settings& settings, const SimClock& clock,
                               ActivitySource& source)
    : sc_module(name),
      pipeline("row_pipeline", settings, clock, source),
      input_register_("input_register", plan.register_bytes, plan.drive_bytes),
      dac_("dac", plan.arrays, plan.rows, plan.charge_ones),
      crossbar_("crossbar", plan.arrays),
      sample_hold_("sample_hold", plan.conversions_per_bit_cycle(), plan.scan),
      mux_("mux", plan.conversions_per_bit_cycle(), plan.scan),
      adc_("adc", plan.conversions, plan.conversion_cycles, plan.scan),
      shift_add_("shift_add", plan.shift_adds, plan.scan),
      splice_("splice", plan.splice_adds),
      output_register_("output_register", plan.channels * kPartialSumBytes) {
  if (plan.aligned_words > 0) {
    row_conversion_ = std::make_unique<RowConversion>("row_conversion", plan.aligned_words);
    pipeline.units(*row_conversion_);
  }
  pipeline.units(input_register_);
  if (plan.zero_detect) {
    zero_detect_ = std::make_unique<ZeroDetect>("zero_detect");
    pipeline.units(*zero_detect_);
  }
  pipeline.units(dac_);
  pipeline.units(crossbar_);
  pipeline.units(sample_hold_);
  pipeline.units(mux_);
  pipeline.units(adc_);
  pipeline.units(splice_);
  pipeline.units(shift_add_);
  pipeline.units(output_register_);
}

void RowGroupModule::collect(ActionCounts& counts) const {
  for (int i = 0; i < pipeline.units.size(); ++i) {
    const BitCycleUnitIf* unit = pipeline.units[i];
    unit->collect(counts);
  }
}

}  // namespace squeezebar
