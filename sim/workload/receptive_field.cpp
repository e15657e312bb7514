// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/receptive_field.h"

#include <algorithm>

namespace squeezebar {

ReceptiveFields receptive_fields(const Window& w, const FeatureShape& in, const FeatureShape& out) {
  ReceptiveFields fields;
  std::vector<int> first;
  for (int y = 0; y < out.height; ++y) {
    for (int x = 0; x < out.width; ++x) {
      const int row = y * w.stride_height - w.top;
      const int column = x * w.stride_width - w.left;
      const int last_row = std::min(row + w.kernel_height, in.height) - 1;
      const int last_column = std::min(column + w.kernel_width, in.width) - 1;
      fields.needed.push_back(last_row * in.width + last_column + 1);
      first.push_back(std::max(row, 0) * in.width + std::max(column, 0));
    }
  }
  fields.released.resize(first.size());
  int floor = in.pixels();
  for (std::size_t i = first.size(); i-- > 0;) {
    fields.released[i] = floor;
    floor = std::min(floor, first[i]);
  }
  return fields;
}

}  // namespace squeezebar
