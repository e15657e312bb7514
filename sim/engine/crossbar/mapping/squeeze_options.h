// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <stdexcept>
#include <utility>

namespace squeezebar {

/// Which row groups are squeezed.
enum class SqueezePolicy {
  off,
  all,        ///< every one, by the degree
  winning,    ///< by the degree where that lowers arrays x bit-cycles and takes no more arrays
  automatic,  ///< by the degree of least cost, up to the given one, under a cap on the error
};

/// Their names in a config.
inline constexpr std::initializer_list<std::pair<const char*, SqueezePolicy>> kSqueezePolicies{
    {"off", SqueezePolicy::off},
    {"all", SqueezePolicy::all},
    {"winning", SqueezePolicy::winning},
    {"auto", SqueezePolicy::automatic}};

inline const char* name_of(SqueezePolicy policy) {
  for (const auto& [name, value] : kSqueezePolicies) {
    if (value == policy) return name;
  }
  throw std::logic_error("a squeeze policy has no name");
}

/// By how many planes a row of a group squeezed by D planes moves down (papers: SME, arXiv 2103.01705,
/// section IV-B, has the hardware of `mask`; iterating its section III-C gives `exact`).
enum class SqueezeMode {
  mask,   ///< D if any of its top D planes holds something, else 0: one bit per row
  exact,  ///< as few as empty the top D planes: D + 1 - first non-empty plane
};

/// How the weights of one layer are squeezed out and its rows grouped.
struct SqueezeOptions {
  SqueezePolicy policy = SqueezePolicy::off;
  int degree = 1;  ///< planes to be emptied, most significant first; less than there are planes
  SqueezeMode mode = SqueezeMode::mask;
  double error_cap = 0.01;  ///< of a row group's relative squared weight error (`automatic` alone)
  bool sorted = false;      ///< rows of equal shift stand together in row blocks

  /// The degree that counts: 0 when nothing is squeezed.
  [[nodiscard]] int wanted_degree() const { return policy == SqueezePolicy::off ? 0 : degree; }
};

}  // namespace squeezebar
