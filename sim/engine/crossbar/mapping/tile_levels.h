// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/weight_tiles.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Cuts a weight matrix into tiles of `rows` inputs x `columns` outputs and counts them. `rows` is a power of
/// two. As in D.U.B.'s published code the levels of a tile at the edge are fractions of the rows that it has.
WeightTiles count_tiles(const WeightMatrix& weights, int rows, int columns);

/// Level of a column of `height` rows with so many weights: the largest k up to log2(rows) + 1 with
/// weights <= height / 2^k.
int tile_level(int weights, int height, int rows);

}  // namespace squeezebar
