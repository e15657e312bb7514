// SPDX-License-Identifier: Apache-2.0
#include "models/crossbar/crossbar.h"

#include <fmt/format.h>

#include "models/cell/cell.h"
#include "models/cost_fields.h"
#include "models/dac/dac.h"
#include "sim/base/adc_transfer.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

Schema<CrossbarParams> schema() {
  return with_cost(
      Schema<CrossbarParams>("The ReRAM arrays that multiply and add.")
          .field("rows", &CrossbarParams::rows, {.min = 1, .max = 1024, .doc = "Word lines of one crossbar."})
          .field("columns", &CrossbarParams::columns,
                 {.min = 1,
                  .max = 1024,
                  .doc = "Bit lines of one crossbar that hold weights; a unit column comes on top."})
          .field("read_time", &CrossbarParams::read_time,
                 {.min = 1_ps,
                  .max = 1_ms,
                  .doc = "Time from driving the word lines until the bit lines can be sampled.",
                  .affects = Affects::timing}),
      "energy_per_read", "Energy of one read of the whole array, without the circuits around it.");
}

const RegisterSection<CrossbarParams> section{"crossbar", schema()};

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
