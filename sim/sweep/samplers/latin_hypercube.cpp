// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <numeric>

#include "sim/base/registry.h"
#include "sim/sweep/sampler.h"

namespace squeezebar {
namespace {

/// McKay, Beckman, Conover: A comparison of three methods for selecting values of input variables,
/// Technometrics 21(2), 1979: each axis is cut into as many slices as there are points, and each slice holds
/// one of them.
class LatinHypercubeSampler final : public Sampler {
 public:
  std::vector<std::vector<double>> sample(int points, int dimensions,
                                          const RandomStream& stream) const override {
    std::vector<std::vector<double>> out(static_cast<std::size_t>(points));
    std::vector<int> slices(out.size());
    std::uint64_t index = 0;
    for (int d = 0; d < dimensions; ++d) {
      std::iota(slices.begin(), slices.end(), 0);
      for (std::size_t i = slices.size(); i-- > 1;) {
        const auto other = static_cast<std::size_t>(uniform(stream, index++) * static_cast<double>(i + 1));
        std::swap(slices[i], slices[other]);
      }
      for (std::size_t i = 0; i < out.size(); ++i)
        out[i].push_back((slices[i] + uniform(stream, index++)) / points);
    }
    return out;
  }
};

const Register<Sampler> reg{"latin_hypercube", "Every slice of every axis holds one point (McKay 1979).",
                            [] { return std::make_unique<LatinHypercubeSampler>(); }};

}  // namespace
}  // namespace squeezebar
