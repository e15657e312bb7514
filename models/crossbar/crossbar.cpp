// SPDX-License-Identifier: Apache-2.0
#include "models/crossbar/crossbar.h"

#include <fmt/format.h>

#include "models/cell/cell.h"
#include "models/cost_fields.h"
#include "models/dac/dac.h"
#include "sim/base/config.h"
#include "sim/terms/adc_transfer.h"

namespace squeezebar {
namespace {

Schema<CrossbarParams> schema() {
  return Schema<CrossbarParams>("The ReRAM arrays that multiply and add.")
      .field("rows", &CrossbarParams::rows, {.min = 1, .max = 1024, .doc = "Word lines of one crossbar."})
      .field("columns", &CrossbarParams::columns,
             {.min = 1,
              .max = 1024,
              .doc = "Bit lines of one crossbar that hold weights; a unit column comes on top."})
      .field("read_time", &CrossbarParams::read_time,
             {.min = 1_ps,
              .max = 1_ms,
              .doc = "Time from driving the word lines until the bit lines can be sampled.",
              .affects = Affects::timing});
}

const RegisterComponent<CrossbarParams> component{
    "crossbar",
    schema(),
    {.energy_key = "energy_per_read",
     .energy_doc = "Energy of one read of the whole array, without the circuits around it.",
     .actions = {{"read", "one read of one allocated crossbar in one bit-cycle, or of one operation unit"}},
     .sizes = {cost_property<CrossbarParams>(
                   "cost_rows", &CrossbarParams::cost_rows,
                   {.min = 1,
                    .max = 65536,
                    .doc = "Rows of the crossbar that energy, power, area and leakage are given for."},
                   "crossbar.rows", [](const Config& config) { return config.get<CrossbarParams>().rows; }),
               cost_property<CrossbarParams>(
                   "cost_columns", &CrossbarParams::cost_columns,
                   {.min = 1,
                    .max = 65536,
                    .doc = "Columns of the crossbar that energy, power, area and leakage are given for."},
                   "crossbar.columns",
                   [](const Config& config) { return config.get<CrossbarParams>().columns; })},
     .sized = {.energy = true, .power = true, .leakage = true, .area = true},
     .fixed = {cost_property<CrossbarParams>(
         "cost_cell_bits", &CrossbarParams::cost_cell_bits,
         {.def = 0,
          .min = 0,
          .max = 16,
          .doc = "Bits of the cells that the price was given for, 0 if they are not known; the price does "
                 "not follow `cell.bits`."},
         "cell.bits", [](const Config& config) { return config.get<CellParams>().bits; })},
     .source = "PUMA (ASPLOS 2019): power and area of the crossbars of 32, 64, 128 and 256 rows and columns "
               "in its simulator"}};

const RegisterRule column_sum_fits{[](const Config& config, Diagnostics& diagnostics) {
  const std::int64_t rows = config.get<CrossbarParams>().rows;
  const int cell_bits = config.get<CellParams>().bits;
  const int dac_bits = config.get<DacParams>().bits;
  const std::int64_t largest =
      rows * ((std::int64_t{1} << cell_bits) - 1) * ((std::int64_t{1} << dac_bits) - 1);
  if (largest <= kMaxColumnSum) return;
  diagnostics.error(
      config.place("crossbar.rows"), "crossbar.rows",
      fmt::format("a column of {} cells of {} bits with {}-bit inputs can sum to {}, more than {}", rows,
                  cell_bits, dac_bits, largest, kMaxColumnSum));
}};

}  // namespace
}  // namespace squeezebar
