// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/base/schema.h"

namespace squeezebar {

enum class Schedule { pipelined, layer_serial };
enum class RunFunction { exact, values };
enum class WorkloadInputs { bundle, uniform, half_normal };

/// The section `run`.
struct RunParams {
  std::int64_t seed = 1;
  std::int64_t first_image = 0;
  std::int64_t images = 0;
  int threads = 1;
  int lookahead = 16;
  Schedule schedule = Schedule::pipelined;
  RunFunction function = RunFunction::exact;
  bool outputs = false;
};

/// The section `workload`.
struct WorkloadParams {
  Path bundle;
  std::string recipe;  ///< command that makes the bundle where it is missing
  WorkloadInputs inputs = WorkloadInputs::bundle;
};

}  // namespace squeezebar
