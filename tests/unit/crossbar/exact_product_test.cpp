// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/kernels/exact_product.h"

#include <algorithm>

#include <rapidcheck.h>

#include "sim/engine/crossbar/kernels/crossbar_kernel.h"
#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

TEST_CASE("exact products are those of integers, with every kernel variant") {
  CHECK(rc::check("random matrices", [] {
    const std::vector<std::string> variants = kernel_variants();
    const std::string variant = variants[*rc::gen::inRange<std::size_t>(0, variants.size())];
    RC_ASSERT(select_kernel_variant(variant));
    RC_LOG() << variant;
    const auto rows = *rc::gen::inRange<std::size_t>(1, 70);
    const auto channels = *rc::gen::inRange<std::size_t>(1, 140);
    const int largest = *rc::gen::element(1, 255, 4095);
    const int widest = *rc::gen::element(1, 127, 1000);
    Random random(*rc::gen::arbitrary<std::uint64_t>());

    ExactProduct product(rows, channels);
    std::vector<std::int64_t> weights;
    for (std::size_t i = 0; i < rows * channels; ++i) {
      weights.push_back(random.between(-widest, widest));
      product.weight(i / channels, i % channels) += weights.back();
    }
    std::vector<std::int16_t> inputs((rows + 1) / 2 * 2);
    for (std::size_t r = 0; r < rows; ++r) {
      if (random.chance(60)) inputs[r] = static_cast<std::int16_t>(random.between(-largest, largest));
    }
    RC_ASSERT(product.pack(largest));
    std::vector<std::int64_t> sums(channels, 7);
    product.run(inputs, sums);
    for (std::size_t c = 0; c < channels; ++c) {
      std::int64_t sum = 0;
      for (std::size_t r = 0; r < rows; ++r) sum += weights[r * channels + c] * inputs[r];
      RC_ASSERT(sums[c] == 7 + 256 * sum);
    }
  }));
  select_kernel_variant("");
}

/// Whether rows of one weight each can be a product with inputs up to `largest`.
bool fits(std::size_t rows, std::int64_t weight, std::int64_t largest) {
  ExactProduct product(rows, 1);
  for (std::size_t r = 0; r < rows; ++r) product.weight(r, 0) = r % 2 == 0 ? weight : -weight;
  return product.pack(largest);
}

TEST_CASE("weights, inputs and sums that do not fit the kernel are not packed") {
  CHECK(fits(1, 32767, 32767));
  CHECK(fits(2, 32767, 32767));
  CHECK_FALSE(fits(3, 32767, 32767));  // sums of more than 2^31 - 1
  CHECK_FALSE(fits(1, 32768, 1));
  CHECK_FALSE(fits(1, 1, 32768));
  CHECK(fits(257, 32767, 255));
  CHECK_FALSE(fits(258, 32767, 255));
}

}  // namespace
}  // namespace squeezebar::test
