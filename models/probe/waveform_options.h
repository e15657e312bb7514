// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

namespace squeezebar {

/// What waveforms are written of a simulation. Times are femtoseconds of simulated time.
struct WaveformOptions {
  std::string file;                  ///< without ".vcd", which SystemC appends
  std::vector<std::string> modules;  ///< layers, or single row groups as "layer.row_group_0_0"
  std::int64_t from_fs = 0;
  std::int64_t to_fs = std::numeric_limits<std::int64_t>::max();
  std::int64_t most_changes = std::numeric_limits<std::int64_t>::max();
};

/// What became of it.
struct WaveformOutcome {
  bool written = false;             ///< false: the simulation was over before the window
  std::int64_t end_fs = 0;          ///< of the window, or of the simulation if that came first
  std::int64_t stopped_at_fs = -1;  ///< when the most changes were reached; -1: they were not
};

}  // namespace squeezebar
