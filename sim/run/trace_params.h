// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/schema.h"

namespace squeezebar {

/// The section `trace`.
struct TraceParams {
  bool timeline = false;
  std::vector<std::string> layers;  ///< of the timeline; empty: all
  std::vector<std::string> vcd;     ///< layers or row groups whose waveforms are written
  Time from;
  Time to;  ///< 0: the end of the run
  std::int64_t events = 1'000'000;
};

}  // namespace squeezebar
