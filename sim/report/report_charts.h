// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/report/run_result.h"

namespace squeezebar {

/// The charts of the HTML report: an SVG element with its legend, or nothing if there is nothing to draw.
std::string energy_by_component_chart(const RunResult& result);
/// Dynamic energy of each layer, then the static energy of the whole chip, split by component.
std::string energy_by_layer_chart(const RunResult& result);
std::string layer_latency_chart(const RunResult& result);
/// Share of a layer's row groups' time in which they compute, wait (for what) or have nothing to do.
std::string lane_cycles_chart(const RunResult& result);
std::string adc_bits_chart(const RunResult& result);
std::string area_chart(const RunResult& result);

}  // namespace squeezebar
