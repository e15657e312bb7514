// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/random_stream.h"
#include "sim/base/registry.h"

namespace squeezebar {

/// Chooses points of a unit cube. One file of samplers/ each.
class Sampler {
 public:
  virtual ~Sampler() = default;
  /// `points` rows of `dimensions` numbers in [0, 1). The same stream gives the same points.
  [[nodiscard]] virtual std::vector<std::vector<double>> sample(int points, int dimensions,
                                                                const RandomStream& stream) const = 0;
};

/// Number `index` of the stream, in [0, 1).
inline double uniform(const RandomStream& stream, std::uint64_t index) {
  const RandomBlock block = stream.block(index);
  const std::uint64_t bits = (std::uint64_t{block[0]} << 21) ^ (block[1] >> 11);
  return static_cast<double>(bits & ((std::uint64_t{1} << 53) - 1)) * 0x1p-53;
}

}  // namespace squeezebar
