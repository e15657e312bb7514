// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "sim/workload/network.h"
#include "sim/workload/synthetic.h"

namespace squeezebar {

/// The first `count` numbers of a layer's stream, from the standard distribution (unit scale, mean 0). Any of
/// them depends on its number, `seed` and `name` alone, and has the same bits on every machine.
std::vector<double> draw_reals(const Synthetic& synthetic, std::uint64_t seed, std::string_view name,
                               std::size_t count);

/// Quantises real weights: |code| < 2^magnitude_bits, one scale for all, chosen from the largest.
std::vector<std::int16_t> quantise_weights(const Synthetic& synthetic, int magnitude_bits,
                                           const std::vector<double>& weights);

/// Fills weights, biases and multipliers of every layer on crossbars, whose shapes are there. Multipliers are
/// such that results use the range of the layer's output: a standard deviation of a quarter of the way from
/// the zero point to the farther end. Biases make up for the input's zero point. False if those of a layer,
/// which is named in `bad_layer`, do not fit 32 bits.
bool draw_weights(const Synthetic& synthetic, std::uint64_t seed, Network& network, std::string& bad_layer);

/// Codes of image `index`.
FeatureMap draw_input(InputDistribution distribution, std::uint64_t seed, const Network& network, int index);

}  // namespace squeezebar
