// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/kernels/crossbar_kernel.h"

namespace squeezebar {

PackedArray::PackedArray(int rows, int columns, int cell_bits, std::span<const std::uint8_t> levels)
    : rows_(rows),
      columns_(columns),
      cell_bits_(cell_bits),
      padded_columns_((columns + kColumnPadding - 1) / kColumnPadding * kColumnPadding) {
  const auto stride = static_cast<std::size_t>(padded_columns_);
  const auto plane_size = static_cast<std::size_t>(nibbles()) * stride;
  cells_.assign(plane_size * static_cast<std::size_t>(cell_bits), 0);
  for (int r = 0; r < rows; ++r) {
    const auto nibble = static_cast<std::size_t>(r / kRowsPerNibble);
    const int row_bit = r % kRowsPerNibble;
    for (int c = 0; c < columns; ++c) {
      const unsigned level = levels[static_cast<std::size_t>(r) * static_cast<std::size_t>(columns) +
                                    static_cast<std::size_t>(c)];
      for (int b = 0; b < cell_bits; ++b) {
        auto& cell =
            cells_[static_cast<std::size_t>(b) * plane_size + nibble * stride + static_cast<std::size_t>(c)];
        cell = static_cast<std::uint8_t>(cell | (((level >> b) & 1U) << row_bit));
      }
    }
  }
}

int PackedArray::level(int row, int column) const {
  int out = 0;
  for (int b = 0; b < cell_bits_; ++b) {
    const std::uint8_t byte =
        plane(b)[std::ptrdiff_t{row / kRowsPerNibble} * padded_columns_ + std::ptrdiff_t{column}];
    out |= ((byte >> (row % kRowsPerNibble)) & 1) << b;
  }
  return out;
}

}  // namespace squeezebar
