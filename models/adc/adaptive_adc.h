// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <vector>

namespace squeezebar {

/// The section `adaptive_adc`: bits that a conversion needs in each input cycle for each weight slice,
/// because the others are cut off or saturate when the products are added up (Newton, arXiv 1803.06913).
struct AdaptiveAdcParams {
  int slices = 8;
  std::vector<int> bits;  ///< [input cycle][slice]

  [[nodiscard]] int cycles() const { return static_cast<int>(bits.size()) / slices; }
  [[nodiscard]] int at(int cycle, int slice) const {
    return bits[static_cast<std::size_t>(cycle) * static_cast<std::size_t>(slices) +
                static_cast<std::size_t>(slice)];
  }
};

}  // namespace squeezebar
