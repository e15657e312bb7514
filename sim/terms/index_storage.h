// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace squeezebar {

/// What a mapping must remember beside the weights, in bits, by what it is for.
struct IndexStorage {
  std::int64_t occupancy = 0;     ///< which crossbars of the grid are allocated
  std::int64_t row_mask = 0;      ///< how far each row's input is shifted (row conversion mask register)
  std::int64_t permutation = 0;   ///< which input each word line takes
  std::int64_t input_index = 0;   ///< which rows an operation unit holds
  std::int64_t output_index = 0;  ///< which operation units hold anything

  [[nodiscard]] std::int64_t total() const {
    return occupancy + row_mask + permutation + input_index + output_index;
  }
  IndexStorage& operator+=(const IndexStorage& other) {
    occupancy += other.occupancy;
    row_mask += other.row_mask;
    permutation += other.permutation;
    input_index += other.input_index;
    output_index += other.output_index;
    return *this;
  }
  bool operator==(const IndexStorage&) const = default;
};

}  // namespace squeezebar
