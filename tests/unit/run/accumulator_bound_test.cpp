// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/accumulator_bound.h"

#include <string>
#include <vector>

#include "sim/compile/hardware.h"
#include "sim/run/mapping_steps.h"
#include "sim/workload/bundle.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

__extension__ using Int128 = __int128;

Config sme(std::vector<std::string> overrides = {}) {
  return load_config(SQUEEZEBAR_SOURCE_DIR "/configs/examples/digits_sme.yaml", overrides);
}

Quantisation codes_of(int bits) {
  Quantisation q;
  q.bits = bits;
  return q;
}

std::optional<std::int64_t> bound(const Config& config, int rows, int magnitude_bits, int input_bits) {
  const WeightMatrix weights{.rows = rows, .columns = 1, .magnitude_bits = magnitude_bits, .values = {}};
  return accumulator_bound(config, crossbar_geometry(config), weights, codes_of(input_bits));
}

TEST_CASE("an accumulator's bound is what full weights and inputs add up to") {
  const std::int64_t bias = std::int64_t{256} << 31;
  CHECK(bound(sme(), 1000, 7, 8) == 256LL * 1000 * 127 * 255 + bias);
  // Offset: levels of 8 bits, and a unit column that counts 2^7.
  CHECK(bound(sme({"mapping.signs=offset"}), 1000, 7, 8) == 256LL * 1000 * (255 + 128) * 255 + bias);
  CHECK(bound(sme({"mapping.signs=offset", "mapping.flip_encoding=true"}), 1000, 7, 8) ==
        256LL * 1000 * (2 * 255 + 128) * 255 + bias);
  // Steps other than one round: whole crossbars of 128 rows count, four times.
  CHECK(bound(sme({"adc.range=full"}), 1000, 7, 8) == 256LL * 1024 * 4 * 127 * 255 + bias);
}

TEST_CASE("the bound is there exactly as long as 64 bits hold it") {
  for (const int magnitude_bits : {14, 15}) {
    for (const int input_bits : {15, 16}) {
      const Int128 row = Int128{256} * ((1 << magnitude_bits) - 1) * ((1 << input_bits) - 1);
      const Int128 room = (Int128{1} << 63) - 1 - (Int128{256} << 31);
      const auto most = static_cast<int>(room / row);
      CHECK(bound(sme(), most, magnitude_bits, input_bits).has_value());
      CHECK_FALSE(bound(sme(), most + 1, magnitude_bits, input_bits).has_value());
    }
  }
}

TEST_CASE("a layer that cannot be exact is refused by name, where it is mapped and where it is counted") {
  Job job;
  job.config = sme();
  Diagnostics loading;
  job.bundle = load_bundle(SQUEEZEBAR_SOURCE_DIR "/workloads/digits/p70", loading);
  Layer& layer = job.bundle.network.layers[0];
  layer.weights.rows = 65536 * 24 * 24;  // 37.7 million
  layer.weights.magnitude_bits = 15;
  job.bundle.network.input = codes_of(16);
  Diagnostics mapping;
  map_network(job.config, job.bundle.network, mapping);
  CHECK_THAT(mapping.text(), ContainsSubstring("layer 'conv1' cannot be computed exactly") &&
                                 ContainsSubstring("37748736 rows of 15-bit weights with 16-bit inputs"));
  Diagnostics counting;
  count_steps(job, counting);
  CHECK(counting.text() == mapping.text());
}

}  // namespace
}  // namespace squeezebar::test
