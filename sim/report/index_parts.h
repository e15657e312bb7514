// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <utility>

#include "sim/terms/index_storage.h"

namespace squeezebar {

/// The categories of index storage with their names for people.
inline std::array<std::pair<std::string, std::int64_t>, 5> index_parts(const IndexStorage& index) {
  return {{{"occupancy", index.occupancy},
           {"row masks", index.row_mask},
           {"permutation", index.permutation},
           {"input indices", index.input_index},
           {"output indices", index.output_index}}};
}

}  // namespace squeezebar
