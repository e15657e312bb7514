// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/peak.h"

#include "sim/base/config.h"
#include "sim/base/diag.h"
#include "sim/energy/breakdown.h"

namespace squeezebar {
namespace {

constexpr int kOperationsPerMac = 2;

int ceil_div(int a, int b) { return (a + b - 1) / b; }

const RegisterSection<PeakParams> section{
    "peak",
    Schema<PeakParams>("The precision for which peak figures are given.")
        .field("weight_bits", &PeakParams::weight_bits,
               {.def = 8, .min = 1, .max = 16, .doc = "Width of a weight.", .affects = Affects::accounting})
        .field("activation_bits", &PeakParams::activation_bits,
               {.def = 8, .min = 1, .max = 16, .doc = "Width of an input.", .affects = Affects::accounting})};

}  // namespace

double operations_per_pass(const PeakMachine& machine) {
  const int digits = ceil_div(machine.weight_bits, machine.cell_bits);
  const int polarities = machine.pairs ? 2 : 1;
  const double weights_per_row = machine.bit_sliced ? static_cast<double>(machine.columns) / digits
                                                    : static_cast<double>(machine.columns / digits);
  return machine.crossbars / polarities * kOperationsPerMac * machine.rows * weights_per_row;
}

Time pass_time(const PeakMachine& machine) {
  return ceil_div(machine.activation_bits, machine.dac_bits) * machine.bit_cycle;
}

Peak peak(const CostTable& table, const PeakMachine& machine) {
  if (!(pass_time(machine).si() > 0.0)) throw RunError("peak figures need a bit-cycle that takes time");
  const Breakdown chip = breakdown(table, Level::chip);
  Peak result;
  result.power = chip.power;
  result.tops =
      checked(operations_per_pass(machine) / pass_time(machine).si() * 1e-12, "the peak throughput");
  if (chip.power.si() > 0.0) result.tops_per_w = checked(result.tops / chip.power.si(), "the peak TOPS/W");
  if (chip.area.si() > 0.0)
    result.tops_per_mm2 = checked(result.tops / (chip.area.si() * 1e6), "the peak TOPS/mm2");
  return result;
}

}  // namespace squeezebar
