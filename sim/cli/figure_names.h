// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/sweep/table.h"

namespace squeezebar {

/// The figures that a run may have, as columns of a sweep's table. What an object has by component, ADC model
/// or number of bits stands once, with `*` in place of the name: "energy_by_component_j.*".
std::vector<TableColumn> figure_columns();

}  // namespace squeezebar
