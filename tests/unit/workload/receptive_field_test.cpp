// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/receptive_field.h"

#include <algorithm>
#include <set>

#include <rapidcheck.h>

#include "tests/catch.h"

namespace squeezebar::test {
namespace {

/// Pixels of the input (raster order) that lie under output pixel (y, x).
std::set<int> pixels_under(const Window& w, const FeatureShape& in, int y, int x) {
  std::set<int> out;
  for (int i = 0; i < w.kernel_height; ++i) {
    for (int j = 0; j < w.kernel_width; ++j) {
      const int row = y * w.stride_height + i - w.top;
      const int column = x * w.stride_width + j - w.left;
      if (row >= 0 && row < in.height && column >= 0 && column < in.width)
        out.insert(row * in.width + column);
    }
  }
  return out;
}

TEST_CASE("receptive fields agree with looking at every pixel") {
  CHECK(rc::check("random windows", [] {
    const FeatureShape in{1, *rc::gen::inRange(1, 9), *rc::gen::inRange(1, 9)};
    Window w;
    w.kernel_height = *rc::gen::inRange(1, 6);
    w.kernel_width = *rc::gen::inRange(1, 6);
    w.stride_height = *rc::gen::inRange(1, 5);
    w.stride_width = *rc::gen::inRange(1, 5);
    w.top = *rc::gen::inRange(0, w.kernel_height);
    w.bottom = *rc::gen::inRange(0, w.kernel_height);
    w.left = *rc::gen::inRange(0, w.kernel_width);
    w.right = *rc::gen::inRange(0, w.kernel_width);
    RC_PRE(in.height + w.top + w.bottom >= w.kernel_height);
    RC_PRE(in.width + w.left + w.right >= w.kernel_width);
    const FeatureShape out{1, w.output_height(in), w.output_width(in)};

    const ReceptiveFields fields = receptive_fields(w, in, out);
    const auto waves = static_cast<std::size_t>(out.pixels());
    RC_ASSERT(fields.needed.size() == waves);
    RC_ASSERT(fields.released.size() == waves);
    std::vector<std::set<int>> under;
    for (int y = 0; y < out.height; ++y) {
      for (int x = 0; x < out.width; ++x) under.push_back(pixels_under(w, in, y, x));
    }
    int floor = in.pixels();  // smallest pixel that a later wave looks at
    for (std::size_t i = waves; i-- > 0;) {
      RC_ASSERT(!under[i].empty());
      RC_ASSERT(fields.needed[i] == *under[i].rbegin() + 1);
      RC_ASSERT(fields.released[i] == floor);
      floor = std::min(floor, *under[i].begin());
    }
  }));
}

TEST_CASE("a fully connected layer needs the whole image and keeps it to the end") {
  const FeatureShape in{3, 4, 5};
  const ReceptiveFields fields = receptive_fields({4, 5, 1, 1, 0, 0, 0, 0}, in, {10, 1, 1});
  CHECK(fields.needed == std::vector<int>{20});
  CHECK(fields.released == std::vector<int>{20});
}

TEST_CASE("a pointwise layer works pixel by pixel") {
  const FeatureShape in{3, 2, 2};
  const ReceptiveFields fields = receptive_fields({}, in, {8, 2, 2});
  CHECK(fields.needed == std::vector<int>{1, 2, 3, 4});
  CHECK(fields.released == std::vector<int>{1, 2, 3, 4});
}

}  // namespace
}  // namespace squeezebar::test
