// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include <fmt/format.h>

#include "sim/engine/crossbar/mapping/mapping.h"
#include "sim/engine/crossbar/mapping/squeeze_options.h"
#include "tests/random.h"

namespace squeezebar::test {

/// The keys of bit_sliced for these options.
inline std::string squeeze_yaml(const SqueezeOptions& options) {
  return fmt::format(
      "{{squeeze: {}, squeeze_degree: {}, squeeze_mode: {}, squeeze_error_cap: {}, grouping: {}}}",
      name_of(options.policy), options.degree, options.mode == SqueezeMode::mask ? "mask" : "exact",
      options.error_cap, options.sorted ? "sorted" : "original");
}

inline std::unique_ptr<MappingScheme> bit_sliced(const SqueezeOptions& options) {
  return Registry<MappingScheme>::instance().create("bit_sliced", squeeze_yaml(options));
}

/// Options for weights of `planes` digits.
inline SqueezeOptions random_squeeze(Random& random, int planes) {
  SqueezeOptions out;
  out.policy = random.pick({SqueezePolicy::all, SqueezePolicy::winning, SqueezePolicy::automatic});
  out.degree = random.between(0, planes - 1);
  out.mode = random.pick({SqueezeMode::mask, SqueezeMode::exact});
  out.error_cap = random.pick({0.0, 0.001, 0.05, 1.0});
  out.sorted = random.chance(50);
  return out;
}

/// What is left of a weight that is moved down by `shift` bits and read through inputs moved up by as much.
inline int without_lowest_bits(int weight, int shift) {
  const int kept = (weight < 0 ? -weight : weight) >> shift << shift;
  return weight < 0 ? -kept : kept;
}

}  // namespace squeezebar::test
