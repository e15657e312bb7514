// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sim/terms/weight_tiles.h"

namespace squeezebar {

/// A figure with the bits that tell all sums apart, and with those that D.U.B. counts.
template <class T>
struct ByAccounting {
  T exact{};
  T dub{};
};

/// By what factor ADC energy falls, by name of the ADC model; nothing where no energy is left.
using AdcRatios = std::vector<std::pair<std::string, std::optional<double>>>;

/// What ADCs of a resolution for each crossbar save against ADCs for full crossbars, whether the configured
/// chip has them or not. One replica.
struct AdcSaving {
  std::string resolution;  ///< as configured
  std::string accounting;
  ByAccounting<int> full_bits;     ///< of a crossbar whose every cell is full
  std::int64_t crossbars = 0;      ///< of the mapping's grid
  std::int64_t not_allocated = 0;  ///< of them; they need no bits
  ByAccounting<std::map<int, std::int64_t>> crossbars_by_bits;
  ByAccounting<std::optional<double>> unweighted_bits;  ///< crossbars weigh the same, energy is bits
  ByAccounting<AdcRatios> unweighted;                   ///< crossbars weigh the same
  ByAccounting<std::map<int, std::uint64_t>> conversions_by_bits;  ///< empty without a run
  ByAccounting<AdcRatios> weighted;                                ///< by conversions; empty without a run
  /// By model: resolution of the ADC whose energy one bit costs; 0: a sense amplifier's.
  std::vector<std::pair<std::string, int>> one_bit;
  std::vector<std::string> extrapolated;                    ///< models that are, at some of the bits
  std::vector<std::pair<std::string, std::string>> absent;  ///< models without figures, and why

  // D.U.B.'s own count, of weights; absent unless crossbars have a power of two of rows.
  int tile_rows = 0;
  int tile_columns = 0;
  std::optional<WeightTiles> tiles;
  std::optional<WeightTiles> conv_tiles;
};

}  // namespace squeezebar
