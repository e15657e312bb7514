// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "sim/engine/crossbar/mapping/mapping.h"
#include "tests/random.h"

namespace squeezebar::test {

/// Level of one cell of a packed array.
inline int cell_level(const PackedArray& cells, int row, int column) {
  int level = 0;
  for (int b = 0; b < cells.cell_bits(); ++b) {
    const auto nibble = static_cast<std::ptrdiff_t>(row / kRowsPerNibble);
    const int byte = cells.plane(b)[nibble * cells.padded_columns() + column];
    level |= ((byte >> (row % kRowsPerNibble)) & 1) << b;
  }
  return level;
}

/// Calls visit(row, column, level) for each cell of an array: `row` is an index into the rows of its row
/// group, whatever the word line.
template <class F>
void for_each_cell(const ProgrammedArray& array, F visit) {
  for (int r = 0; r < array.cells.rows(); ++r) {
    for (int c = 0; c < array.cells.columns(); ++c) visit(r, c, cell_level(array.cells, r, c));
  }
  for (const ColumnGroup& group : array.column_groups) {
    for (int line = 0; line < group.cells.rows(); ++line) {
      for (int c = 0; c < group.cells.columns(); ++c) {
        visit(static_cast<int>(group.lines[static_cast<std::size_t>(line)]), group.first_column + c,
              cell_level(group.cells, line, c));
      }
    }
  }
}

/// Weights below 2^magnitude_bits in magnitude; `zeros` percent of them are zero. Every third matrix keeps to
/// small weights or to one sign, so that planes and polarities are empty.
inline WeightMatrix random_weights(Random& random, int rows, int columns, int magnitude_bits, int zeros) {
  WeightMatrix out{rows, columns, magnitude_bits, {}};
  const int bits = random.chance(30) ? random.between(1, magnitude_bits) : magnitude_bits;
  const int most = (1 << bits) - 1;
  const int low = random.chance(15) ? 0 : -most;
  const int high = low < 0 && random.chance(15) ? 0 : most;
  for (int i = 0; i < rows * columns; ++i) {
    out.values.push_back(static_cast<std::int16_t>(random.chance(zeros) ? 0 : random.between(low, high)));
  }
  return out;
}

/// A geometry that holds weights of `magnitude_bits` bits.
inline CrossbarGeometry random_geometry(Random& random, int magnitude_bits) {
  CrossbarGeometry g;
  g.signs = random.pick({Signs::differential, Signs::offset, Signs::magnitude});
  g.flip_encoding = g.signs == Signs::offset && random.chance(60);
  g.rows = random.pick({1, 4, 7, 16, 32, 128});
  g.cell_bits = random.between(1, 4);
  g.columns = random.between(magnitude_bits + 1, 70);
  return g;
}

/// The geometry, with signs that the scheme takes.
inline CrossbarGeometry accepted_by(const MappingScheme& scheme, CrossbarGeometry g) {
  if (scheme.check(Network{}, g).empty()) return g;
  g.signs = Signs::differential;
  g.flip_encoding = false;
  return g;
}

}  // namespace squeezebar::test
