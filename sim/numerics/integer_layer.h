// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/workload/network.h"

namespace squeezebar {

/// Output of one layer in plain integer arithmetic: what the hardware computes when no ADC clips.
FeatureMap evaluate_layer_reference(const Network& network, const Layer& layer,
                                    const std::vector<FeatureMap>& nodes);

/// Outputs of all nodes (node 0 is the input) in plain integer arithmetic.
std::vector<FeatureMap> evaluate_reference(const Network& network, FeatureMap input);

/// Runs a layer without weights.
FeatureMap evaluate_vector_layer(const Network& network, const Layer& layer,
                                 const std::vector<FeatureMap>& nodes);

/// Index of the largest value; ties go to the lowest index.
int top1(const FeatureMap& output, const Quantisation& quantisation);

}  // namespace squeezebar
