// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "models/crossbar/crossbar.h"
#include "sim/base/config.h"
#include "sim/engine/crossbar/mapping/mapping.h"

namespace squeezebar {
namespace {

/// The crossbar's size is known to the hardware, the unit's to the mapping: here they meet.
const RegisterRule unit_fits_crossbar{[](const Config& config, Diagnostics& diagnostics) {
  const auto unit = config.variant<MappingScheme>().operation_unit();
  if (!unit) return;
  const CrossbarParams& crossbar = config.get<CrossbarParams>();
  const auto check = [&](const char* key, int lines, int most, const char* what) {
    if (lines <= most) return;
    diagnostics.error(
        config.place(key), key,
        fmt::format("an operation unit of {} {} does not fit a crossbar of {}", lines, what, most));
  };
  check("mapping.ou_rows", unit->rows, crossbar.rows, "word lines");
  check("mapping.ou_columns", unit->columns, crossbar.columns, "bit lines");
}};

}  // namespace
}  // namespace squeezebar
