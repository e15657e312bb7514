// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace squeezebar {

/// How often each column sum, 0 to size - 1, reached an ADC.
using SumHistogram = std::vector<std::int64_t>;

/// Crossbars whose ADCs take their step from the same sums.
enum class CalibratePer { layer, column_block, crossbar };
/// How a step follows from the sums that were seen: from one that few exceed, or by the least squared error.
enum class CalibrateBy { percentile, least_error };

}  // namespace squeezebar
