// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <systemc>
#include <vector>

#include "models/adc/adc_module.h"
#include "models/crossbar/crossbar_module.h"
#include "models/dac/dac_module.h"
#include "models/input_register/input_register_module.h"
#include "models/mux/mux_module.h"
#include "models/output_register/output_register_module.h"
#include "models/row_conversion/row_conversion_module.h"
#include "models/row_pipeline/row_pipeline_module.h"
#include "models/sample_hold/sample_hold_module.h"
#include "models/shift_add/shift_add_module.h"
#include "models/splice/splice_module.h"
#include "models/zero_detect/zero_detect_module.h"

namespace squeezebar {

/// The crossbars of one row group with their periphery and the sequencer that drives them; one replica.
class RowGroupModule final : public sc_core::sc_module {
 public:
  RowGroupModule(const sc_core::sc_module_name& name, const RowGroupPlan& plan,
                 const RowPipeline::Settings& settings, const SimClock& clock, ActivitySource& source);

  RowPipeline pipeline;
  void collect(ActionCounts& counts) const;

 private:
  std::unique_ptr<RowConversion> row_conversion_;  ///< only if the row group is squeezed
  InputRegister input_register_;
  std::unique_ptr<ZeroDetect> zero_detect_;  ///< only if bit-cycles can be skipped
  DacBank dac_;
  CrossbarBank crossbar_;
  SampleHoldBank sample_hold_;
  ColumnMux mux_;
  AdcBank adc_;
  ShiftAdd shift_add_;
  Splice splice_;
  OutputRegister output_register_;
};

}  // namespace squeezebar
