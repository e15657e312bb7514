// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/report/html_page.h"
#include "sim/report/run_result.h"

namespace squeezebar {

/// Rows of the HTML report's table of how each layer is laid out: replicas, tiles, squeezing, index.
kainjow::mustache::data mapping_rows(const RunResult& result);

/// Rows of its table of where the time of each layer's row groups went; empty without timing.
kainjow::mustache::data stall_rows(const RunResult& result);

/// Rows of its table of index storage by category.
kainjow::mustache::data index_rows(const RunResult& result);

}  // namespace squeezebar
