// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/placement.h"

#include <algorithm>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <stdexcept>
#include <utility>

namespace squeezebar {
namespace {

/// The sum, or the most that 64 bits hold.
std::int64_t add(std::int64_t load, std::int64_t more) {
  std::int64_t sum = 0;
  return __builtin_add_overflow(load, more, &sum) ? std::numeric_limits<std::int64_t>::max() : sum;
}

int tiles_in_order(std::span<const PlacementJob> jobs, std::int64_t capacity) {
  std::int64_t crossbars = 0;
  for (const PlacementJob& job : jobs) crossbars += job.crossbars;
  return static_cast<int>(std::max<std::int64_t>(1, (crossbars + capacity - 1) / capacity));
}

/// Deals the jobs in `order` onto `tiles` tiles; nothing if one finds no room.
std::optional<Placement> deal(std::span<const PlacementJob> jobs, const std::vector<std::size_t>& order,
                              int tiles, std::int64_t capacity) {
  Placement out{std::vector<int>(jobs.size()), tiles,
                std::vector<std::int64_t>(static_cast<std::size_t>(tiles))};
  std::vector<std::int64_t> room(static_cast<std::size_t>(tiles), capacity);
  std::set<std::pair<std::int64_t, int>> by_load;  // full tiles are left out
  for (int t = 0; t < tiles; ++t) by_load.emplace(0, t);
  for (const std::size_t j : order) {
    const PlacementJob& job = jobs[j];
    const auto at = std::find_if(by_load.begin(), by_load.end(), [&](const auto& entry) {
      return room[static_cast<std::size_t>(entry.second)] >= job.crossbars;
    });
    if (at == by_load.end()) return std::nullopt;
    const auto [load, tile] = *at;
    by_load.erase(at);
    const auto t = static_cast<std::size_t>(tile);
    out.tile[j] = tile;
    out.load[t] = add(load, job.load);
    room[t] -= job.crossbars;
    if (room[t] > 0) by_load.emplace(out.load[t], tile);
  }
  return out;
}

}  // namespace

std::int64_t Placement::largest_load() const {
  return load.empty() ? 0 : *std::max_element(load.begin(), load.end());
}

double Placement::mean_load() const {
  if (load.empty()) return 0.0;
  return static_cast<double>(std::accumulate(load.begin(), load.end(), std::int64_t{0}, add)) /
         static_cast<double>(load.size());
}

Placement place_in_order(std::span<const PlacementJob> jobs, std::int64_t capacity) {
  Placement out;
  out.tiles = tiles_in_order(jobs, capacity);
  out.load.assign(static_cast<std::size_t>(out.tiles), 0);
  std::int64_t crossbars = 0;
  for (const PlacementJob& job : jobs) {
    const std::int64_t tile = crossbars / capacity;
    out.tile.push_back(static_cast<int>(tile));
    std::int64_t& of_tile = out.load[static_cast<std::size_t>(tile)];
    of_tile = add(of_tile, job.load);
    crossbars += job.crossbars;
  }
  return out;
}

Placement place_longest_first(std::span<const PlacementJob> jobs, std::int64_t capacity) {
  for (const PlacementJob& job : jobs) {
    if (job.crossbars > capacity) throw std::invalid_argument("a row group is larger than a tile");
  }
  std::vector<std::size_t> order(jobs.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return jobs[a].load > jobs[b].load; });
  // With a tile per job there is room for all, so this ends.
  for (int tiles = tiles_in_order(jobs, capacity);; ++tiles) {
    if (std::optional<Placement> placed = deal(jobs, order, tiles, capacity)) return *std::move(placed);
  }
}

}  // namespace squeezebar
