// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/placement.h"

#include <algorithm>
#include <stdexcept>

#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

using Jobs = std::vector<PlacementJob>;

Jobs random_jobs(Random& random, int most_crossbars) {
  Jobs out;
  for (int n = random.between(1, 40); n > 0; --n)
    out.push_back({random.between(0, 100), random.between(1, most_crossbars)});
  return out;
}

std::vector<std::int64_t> crossbars_by_tile(const Jobs& jobs, const Placement& placed) {
  std::vector<std::int64_t> out(static_cast<std::size_t>(placed.tiles));
  for (std::size_t j = 0; j < jobs.size(); ++j)
    out.at(static_cast<std::size_t>(placed.tile[j])) += jobs[j].crossbars;
  return out;
}

TEST_CASE("in order, tiles are filled one after the other") {
  const Placement placed = place_in_order(Jobs{{5, 3}, {6, 3}, {7, 3}}, 4);
  CHECK(placed.tiles == 3);  // 9 crossbars
  CHECK(placed.tile == std::vector<int>{0, 0, 1});
  CHECK(placed.load == std::vector<std::int64_t>{11, 7, 0});
  CHECK(place_in_order(Jobs{}, 4).tiles == 1);
}

TEST_CASE("longest first deals the long ones apart") {
  // Graham's example: 7 6 5 4 3 on two tiles.
  const Placement placed = place_longest_first(Jobs{{3, 1}, {4, 1}, {5, 1}, {6, 1}, {7, 1}}, 3);
  CHECK(placed.tiles == 2);
  CHECK(placed.tile == std::vector<int>{0, 0, 1, 1, 0});
  CHECK(placed.largest_load() == 14);
  CHECK(placed.mean_load() == 12.5);
}

TEST_CASE("a row group that finds no room in one piece gets one more tile") {
  const Jobs jobs{{1, 3}, {1, 3}, {1, 2}};  // 8 crossbars, two tiles of 4 in order
  CHECK(place_in_order(jobs, 4).tiles == 2);
  const Placement placed = place_longest_first(jobs, 4);
  CHECK(placed.tiles == 3);
  CHECK(placed.tile == std::vector<int>{0, 1, 2});
}

TEST_CASE("a row group larger than a tile cannot be kept whole") {
  CHECK_THROWS_AS(place_longest_first(Jobs{{1, 5}}, 4), std::invalid_argument);
}

TEST_CASE("longest first never overfills a tile, sums loads right and decides the same each time") {
  Random random(7);
  for (int round = 0; round < 300; ++round) {
    const std::int64_t capacity = random.between(1, 20);
    const Jobs jobs = random_jobs(random, static_cast<int>(capacity));
    const Placement placed = place_longest_first(jobs, capacity);
    REQUIRE(placed.tiles >= place_in_order(jobs, capacity).tiles);
    for (const std::int64_t crossbars : crossbars_by_tile(jobs, placed)) REQUIRE(crossbars <= capacity);
    std::vector<std::int64_t> load(static_cast<std::size_t>(placed.tiles));
    for (std::size_t j = 0; j < jobs.size(); ++j)
      load[static_cast<std::size_t>(placed.tile[j])] += jobs[j].load;
    REQUIRE(load == placed.load);
    REQUIRE(place_longest_first(jobs, capacity).tile == placed.tile);
  }
}

TEST_CASE("longest first is within 4/3 of the least possible largest load where capacity does not bind") {
  Random random(8);
  for (int round = 0; round < 300; ++round) {
    Jobs jobs = random_jobs(random, 1);
    // As many tiles as in_order takes, each with room for every job: one job reserves the crossbars of all.
    const int tiles = random.between(1, 6);
    const auto n = static_cast<std::int64_t>(jobs.size());
    const std::int64_t capacity = 1000 * n;
    for (PlacementJob& job : jobs) job.crossbars = 1;
    for (int t = 0; t < tiles; ++t) jobs.push_back({101, capacity - n});
    const Placement placed = place_longest_first(jobs, capacity);
    // The fillers are the longest jobs, one on each tile; what follows is longest first without limits.
    REQUIRE(placed.tiles == tiles);
    std::int64_t sum = 0;
    std::int64_t longest = 0;
    for (const PlacementJob& job : jobs) {
      sum += job.load;
      longest = std::max(longest, job.load);
    }
    std::vector<std::int64_t> loads;
    for (const PlacementJob& job : jobs) loads.push_back(job.load);
    std::sort(loads.rbegin(), loads.rend());
    const auto m = static_cast<std::size_t>(tiles);
    // Of the m + 1 longest jobs two share a tile.
    const std::int64_t two = loads.size() > m ? loads[m - 1] + loads[m] : 0;
    const std::int64_t bound = std::max({(sum + tiles - 1) / tiles, longest, two});
    CAPTURE(tiles, bound);
    REQUIRE(3 * placed.largest_load() <= 4 * bound);
  }
}

}  // namespace
}  // namespace squeezebar::test
