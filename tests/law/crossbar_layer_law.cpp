// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include "tests/law/crossbar_case.h"
#include "tests/random.h"

// Laws of the crossbar arithmetic, on random layers, mappings and converters.

namespace squeezebar::test {
namespace {

TEST_CASE("with lossless converters crossbars compute the integer layer", "[law][numerics]") {
  int signed_cases = 0;
  for_each_case(400, [&](Case& c, std::uint64_t) {
    program_adcs(c, std::min(16, lossless_bits(c)), AdcRange::clip);
    const Result result = run(c);
    CHECK(result.codes == reference_codes(c));
    CHECK(std::none_of(result.activity.begin(), result.activity.end(),
                       [](const WaveActivity& w) { return w.clipped > 0; }));
    signed_cases += c.network.input.is_signed;
  });
  CHECK(signed_cases > 200);
}

TEST_CASE("a full range with lossless bits is lossless too", "[law][numerics]") {
  for_each_case(60, [&](Case& c, std::uint64_t) {
    program_adcs(c, std::min(16, lossless_bits(c)), AdcRange::full);
    CHECK(run(c).codes == reference_codes(c));
  });
}

TEST_CASE("codes, clips and drives are those of the arithmetic written out", "[law][numerics]") {
  std::uint64_t clipped = 0;
  for_each_case(120, [&](Case& c, std::uint64_t seed) {
    Random random(seed + 1000);
    program_adcs(c, random.between(1, lossless_bits(c)), random.chance(50) ? AdcRange::clip : AdcRange::full);
    const Result result = run(c);
    const Result wanted = slow_result(c);
    CHECK(result.activity == wanted.activity);
    CHECK(result.codes == wanted.codes);
    for (const WaveActivity& wave : result.activity) clipped += wave.clipped;
  });
  CHECK(clipped > 10000);
}

TEST_CASE("arrays that lose nothing give the same read bit by bit or as a product", "[law][numerics]") {
  for_each_case(120, [&](Case& c, std::uint64_t seed) {
    program_adcs(c, std::max(1, lossless_bits(c) - static_cast<int>(seed % 3)), AdcRange::clip);
    const Result product = run(c);
    read_every_array(c);
    const Result read = run(c);
    CHECK(product.codes == read.codes);
    CHECK(product.activity == read.activity);
  });
}

TEST_CASE("results do not depend on how waves are cut into tiles", "[law][numerics]") {
  for_each_case(30, [&](Case& c, std::uint64_t seed) {
    program_adcs(c, std::max(1, lossless_bits(c) - 2), AdcRange::clip);
    const Result whole = run(c, 1 << 20);
    const Result pieces = run(c, 1 + static_cast<int>(seed % 7));
    CHECK(whole.codes == pieces.codes);
    CHECK(whole.activity == pieces.activity);
  });
}

TEST_CASE("results do not depend on the kernel variant", "[law][numerics]") {
  for_each_case(40, [&](Case& c, std::uint64_t) {
    program_adcs(c, std::max(1, lossless_bits(c) - 1), AdcRange::clip);
    const Result best = run(c);
    for (const std::string& variant : kernel_variants()) {
      REQUIRE(select_kernel_variant(variant));
      const Result result = run(c);
      CHECK(result.codes == best.codes);
      CHECK(result.activity == best.activity);
    }
    select_kernel_variant("");
  });
}

/// A fully connected layer of the largest weights and inputs on the tallest crossbars that hold a column sum.
Case widest_case(const std::string& scheme, Signs signs, bool is_signed, int cell_bits, int dac_bits) {
  Case c;
  c.scheme = scheme;
  c.geometry.signs = signs;
  c.geometry.cell_bits = cell_bits;
  c.geometry.dac_bits = dac_bits;
  c.geometry.columns = 1024;
  c.geometry.rows = static_cast<int>(
      std::min<std::int64_t>(1024, kMaxColumnSum / (c.geometry.full_level() * c.geometry.full_drive())));
  const int low = is_signed ? -32768 : 0;
  c.network.input = {16, is_signed, 1.0, 0, low, low + 65535};
  c.network.input_shape = {c.geometry.rows, 1, 1};
  c.network.output = 1;
  Layer layer;
  layer.inputs = {0};
  layer.input_shapes = {c.network.input_shape};
  layer.op = Registry<Operator>::instance().create("linear");
  layer.window = layer.op->window(c.network.input_shape, {});
  layer.shape = {3, 1, 1};
  layer.weights = {c.geometry.rows, 3, 15, {}};
  for (const int weight : {32767, -32767, 32767}) {
    layer.weights.values.insert(layer.weights.values.end(), static_cast<std::size_t>(c.geometry.rows),
                                static_cast<std::int16_t>(weight));
  }
  layer.bias = {0, 0, 7};
  layer.multiplier = {1e-8, 1e-8, 1e-9};
  layer.quantisation = {16, true, 1.0, 0, -32768, 32767};
  c.network.layers.push_back(std::move(layer));
  c.input.shape = c.network.input_shape;
  c.input.codes.assign(static_cast<std::size_t>(c.geometry.rows), is_signed ? 0x8000 : 0xFFFF);
  c.map();
  return c;
}

TEST_CASE("the widest codes, weights and columns stay exact", "[law][numerics]") {
  for (const std::string& scheme : Registry<MappingScheme>::instance().names()) {
    for (const Signs signs : {Signs::differential, Signs::offset, Signs::magnitude}) {
      CrossbarGeometry geometry;
      geometry.signs = signs;
      if (!Registry<MappingScheme>::instance().create(scheme)->check(Network{}, geometry).empty()) continue;
      for (const int cell_bits : {1, 2, 3, 4}) {
        for (const int dac_bits : {0, 1, 2, 3, 4}) {  // 0: signed inputs
          Case c = widest_case(scheme, signs, dac_bits == 0, cell_bits, std::max(1, dac_bits));
          INFO(c.text());
          for (const AdcRange range : {AdcRange::clip, AdcRange::full}) {
            program_adcs(c, 16, range);
            CHECK(run(c).codes == reference_codes(c));
          }
        }
      }
    }
  }
}

}  // namespace
}  // namespace squeezebar::test
