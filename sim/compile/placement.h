// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace squeezebar {

/// One replica of one row group.
struct PlacementJob {
  std::int64_t load = 0;       ///< cycles that it is busy per image
  std::int64_t crossbars = 0;  ///< at least 1
};

/// Where the jobs of one layer are.
struct Placement {
  std::vector<int> tile;  ///< [job] counted from the layer's first tile; where its first crossbar is
  int tiles = 1;
  std::vector<std::int64_t> load;  ///< [tile] sum of its jobs' loads

  [[nodiscard]] std::int64_t largest_load() const;
  [[nodiscard]] double mean_load() const;
};

/// Fills tiles of `capacity` crossbars one after the other.
Placement place_in_order(std::span<const PlacementJob> jobs, std::int64_t capacity);

/// Longest processing time first (Graham, SIAM J. Appl. Math. 17, 1969: the largest load is at most 4/3 of
/// the least possible one where capacity does not bind). Takes the tiles that place_in_order takes, or as
/// many more as it needs to leave every row group whole. Throws std::invalid_argument if a job is larger than
/// a tile.
Placement place_longest_first(std::span<const PlacementJob> jobs, std::int64_t capacity);

}  // namespace squeezebar
