// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

#include "sim/report/run_result.h"

namespace squeezebar {

/// Since the program started.
double seconds_since_start();

/// Measures this very execution.
class HostClock {
 public:
  HostClock() : start_(std::chrono::steady_clock::now()) {}
  void report(int threads, HostFacts& facts) const;

 private:
  std::chrono::steady_clock::time_point start_;
};

}  // namespace squeezebar
