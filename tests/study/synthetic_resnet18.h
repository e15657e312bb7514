// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/workload/network.h"

namespace squeezebar::test {

/// Of unit scale: variance 1, E|w| = 1, and t = z / sqrt(chi2 / degrees).
enum class Distribution { gaussian, laplace, student_t5, student_t3 };

std::string distribution_name(Distribution distribution);

/// The weights of the 20 convolutions of ResNet-18 for CIFAR (3x3 stem, three 1x1 shortcuts), drawn
/// independently and quantised with S = 3 to 8 bits under the least power-of-two scale of each layer that
/// holds its largest weight.
std::vector<WeightMatrix> synthetic_resnet18(Distribution distribution, std::uint64_t seed);

}  // namespace squeezebar::test
