// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/compare/comparison.h"

namespace squeezebar {

/// Energy per image of every run, stacked by component; empty without energy.
std::string compared_energy_chart(const Comparison& comparison);

/// One metric of every run; empty if no run has it.
std::string compared_metric_chart(const Comparison& comparison, const std::string& key);

/// A bar for every run in every layer; empty if there is nothing to draw.
std::string compared_layers_chart(const Comparison& comparison, const LayerComparison& layers);

}  // namespace squeezebar
