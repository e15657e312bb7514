// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>

#include "sim/energy/cost_table.h"

namespace squeezebar {

/// The precision for which peak figures are given.
struct PeakParams {
  int weight_bits = 8;
  int activation_bits = 8;
};

/// What the crossbars of a chip can do at best, whatever network it runs.
struct PeakMachine {
  double crossbars = 0.0;  ///< on the whole chip
  int rows = 0;
  int columns = 0;  ///< that hold weights
  int cell_bits = 1;
  int dac_bits = 1;
  int weight_bits = 8;  ///< width of the stored weight: magnitude bits for pairs, two's complement for offset
  int activation_bits = 8;
  bool bit_sliced = false;  ///< each digit of a weight in a crossbar of its own, else in adjacent columns
  bool pairs = false;       ///< positive and negative weights in two crossbars
  Time bit_cycle;
};

struct Peak {
  Power power;                         ///< sum of nameplate and static powers
  double tops = 0.0;                   ///< 1e12 operations per second, two per multiply-accumulate
  std::optional<double> tops_per_w;    ///< empty if the chip takes no power
  std::optional<double> tops_per_mm2;  ///< empty if the chip takes no area
};

/// Operations that all crossbars together do while one full word of inputs streams through.
double operations_per_pass(const PeakMachine& machine);

/// Time in which one full word of inputs streams through.
Time pass_time(const PeakMachine& machine);

/// Peak figures from the configuration alone: every crossbar full of weights and busy all the time.
Peak peak(const CostTable& table, const PeakMachine& machine);

}  // namespace squeezebar
