// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/schema.h"
#include "sim/workload/feature_map.h"

namespace squeezebar {

struct StrideAttributes {
  std::vector<std::int64_t> stride;
  std::vector<std::int64_t> padding;
};

struct PoolAttributes : StrideAttributes {
  std::vector<std::int64_t> kernel;
};

inline constexpr std::int64_t kLargestWindow = 4096;

template <class P>
Schema<P>& add_stride(Schema<P>& schema) {
  return schema
      .field("stride", &P::stride,
             {.min = 1,
              .max = kLargestWindow,
              .doc = "Vertical and horizontal step.",
              .min_items = 2,
              .max_items = 2})
      .field("padding", &P::padding,
             {.min = 0,
              .max = kLargestWindow,
              .doc = "Top, left, bottom, right.",
              .min_items = 4,
              .max_items = 4});
}

template <class P>
Schema<P>& add_kernel(Schema<P>& schema) {
  return schema.field(
      "kernel", &P::kernel,
      {.min = 1, .max = kLargestWindow, .doc = "Height and width.", .min_items = 2, .max_items = 2});
}

inline Window make_window(std::int64_t height, std::int64_t width, const StrideAttributes& a) {
  const auto i = [](std::int64_t v) { return static_cast<int>(v); };
  return {i(height),       i(width),        i(a.stride[0]),  i(a.stride[1]),
          i(a.padding[0]), i(a.padding[1]), i(a.padding[2]), i(a.padding[3])};
}

/// Calls visit(input index) for every element of channel c under output pixel (y, x) that is not padding.
template <class Visit>
void visit_window(const Window& w, const FeatureShape& in, int c, int y, int x, Visit visit) {
  for (int i = 0; i < w.kernel_height; ++i) {
    const int row = y * w.stride_height - w.top + i;
    if (row < 0 || row >= in.height) continue;
    for (int j = 0; j < w.kernel_width; ++j) {
      const int column = x * w.stride_width - w.left + j;
      if (column < 0 || column >= in.width) continue;
      visit((static_cast<std::size_t>(c) * static_cast<std::size_t>(in.height) +
             static_cast<std::size_t>(row)) *
                static_cast<std::size_t>(in.width) +
            static_cast<std::size_t>(column));
    }
  }
}

}  // namespace squeezebar
