// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sim/base/registry.h"
#include "sim/sweep/sampler.h"

namespace squeezebar {
namespace {

class RandomSampler final : public Sampler {
 public:
  std::vector<std::vector<double>> sample(int points, int dimensions,
                                          const RandomStream& stream) const override {
    std::vector<std::vector<double>> out(static_cast<std::size_t>(points));
    std::uint64_t index = 0;
    for (auto& point : out) {
      for (int d = 0; d < dimensions; ++d) point.push_back(uniform(stream, index++));
    }
    return out;
  }
};

const Register<Sampler> reg{"random", "Every point on its own, evenly over the whole space.",
                            [] { return std::make_unique<RandomSampler>(); }};

}  // namespace
}  // namespace squeezebar
