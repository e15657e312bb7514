// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "models/adc/adc.h"
#include "sim/engine/crossbar/kernels/crossbar_layer.h"
#include "sim/engine/crossbar/mapping/mapping.h"
#include "tests/catch.h"

namespace squeezebar::test {

/// A network of one random layer with weights, mapped on random crossbars.
struct Case {
  Network network;
  Network kept;  ///< with the weights that are left after squeezing
  FeatureMap input;
  CrossbarGeometry geometry;
  std::string scheme;
  std::string parameters = "{}";
  std::vector<MappedGroup> groups;
  WeightError error;

  [[nodiscard]] const Layer& layer() const { return network.layers[0]; }
  [[nodiscard]] std::string text() const;
  /// Maps the layer by `scheme` with `parameters`.
  void map();
};

/// A mapping scheme with its defaults, or squeezed by random options.
struct CaseKind {
  std::string scheme;
  bool squeezed = false;
};
std::vector<CaseKind> case_kinds();

Case random_case(std::uint64_t seed, const CaseKind& kind);

/// Calls `test(case, seed)` for random cases of every kind.
template <class F>
void for_each_case(std::uint64_t cases, F test) {
  for (const CaseKind& kind : case_kinds()) {
    for (std::uint64_t seed = 0; seed < cases; ++seed) {
      Case c = random_case(seed, kind);
      INFO("seed " << seed << ": " << c.text());
      test(c, seed);
    }
  }
}

/// Programs the converters: the least bits without loss, or any.
void program_adcs(Case& c, int bits, AdcRange range);
int lossless_bits(const Case& c);
/// Has every array read bit by bit, also where a product would do.
void read_every_array(Case& c);

struct Result {
  std::vector<std::uint16_t> codes;
  std::vector<WaveActivity> activity;  ///< [row group][wave]
};

/// Runs the layer on its crossbars in pieces of `tile` waves.
Result run(const Case& c, int tile = 32, bool skip_zeros = false);
/// The integer layer with the weights that are left after squeezing.
std::vector<std::uint16_t> reference_codes(const Case& c);
/// The crossbars term by term, as slowly and as plainly as can be.
Result slow_result(const Case& c, bool skip_zeros = false);

}  // namespace squeezebar::test
