// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "sim/base/schema.h"

namespace squeezebar {

enum class WeightDistribution { gaussian, laplace, student_t };
enum class WeightScheme { s_window, uniform };
enum class InputDistribution { uniform, half_normal };

/// How the weights of a bundle without tensors are made: the map `synthetic` of network.yaml.
struct Synthetic {
  WeightDistribution distribution = WeightDistribution::gaussian;
  double degrees_of_freedom = 0;  ///< of student_t, else 0
  WeightScheme scheme = WeightScheme::uniform;
  int window = 0;  ///< S of s_window, else 0
  std::int64_t seed = 1;
  InputDistribution inputs = InputDistribution::uniform;
};

const Schema<Synthetic>& synthetic_schema();

/// "drawn from student_t (4 degrees of freedom), quantised by s_window (3 bits), bundle seed 1".
std::string weights_text(const Synthetic& synthetic);
/// "uniform" or "half_normal".
std::string inputs_text(InputDistribution inputs);

}  // namespace squeezebar
