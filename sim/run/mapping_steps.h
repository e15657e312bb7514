// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "sim/engine/crossbar/mapping/plane_counts.h"
#include "sim/report/adc_saving.h"
#include "sim/run/run.h"

namespace squeezebar {

/// A layer that `map` counts.
struct CountedLayer {
  std::string name;
  std::string op;
  int rows = 0;  ///< of the weight matrix
  int columns = 0;
  bool is_convolution = false;
  int planes = 0;                 ///< of a weight
  int activation_bits = 0;        ///< of the input codes
  std::int64_t dense_sliced = 0;  ///< a crossbar for every bit plane, zeros or not
  int lossless_adc_bits = 0;      ///< fewest bits with which the configured mapping clips no sum
};

/// One way to lay the network out: a link of the chain from the conventional mapping to grouped row groups.
struct MappingStep {
  std::string name;  ///< "conventional", "sliced", "squeezed", "grouped", "configured"
  SqueezeOptions squeeze;
  std::vector<std::optional<PlaneCounts>> layers;  ///< [layer]; nothing where it is not possible

  /// Sums, or nothing if a layer is not possible. Planes are counted from the most significant one, so a
  /// layer with fewer of them adds to the first ones.
  [[nodiscard]] std::optional<PlaneCounts> total(const std::vector<CountedLayer>& of, bool conv_only) const;
};

struct MappingSteps {
  std::vector<CountedLayer> layers;
  std::vector<MappingStep> steps;
  AdcSaving adc_saving;  ///< of the configured mapping
};

/// The most planes that are squeezed out in the steps beside the configured one.
inline constexpr int kMostStepDegree = 3;

/// Counts the crossbars of every step for the job's network, without packing arrays where the configured
/// mapping can be counted. Needs config and bundle alone (load_inputs). The steps take the config's geometry,
/// signs, and where its mapping has them squeeze_mode and squeeze_error_cap. What cannot be mapped as
/// configured goes to `diagnostics`.
MappingSteps count_steps(const Job& job, Diagnostics& diagnostics);

}  // namespace squeezebar
