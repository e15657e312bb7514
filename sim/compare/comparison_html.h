// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/compare/comparison.h"

namespace squeezebar {

/// The comparison as one self-contained page in the style of a run's report: tables, and charts with a colour
/// per component or per run.
std::string comparison_html(const Comparison& comparison);

}  // namespace squeezebar
