// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/balance.h"

#include <algorithm>
#include <chrono>
#include <numeric>

#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

using Replicas = std::vector<int>;

std::vector<ReplicaDemand> random_demands(Random& random, int groups) {
  std::vector<ReplicaDemand> out;
  int layer = 0;
  for (int g = 0; g < groups; ++g) {
    layer += random.chance(30) ? 1 : 0;
    out.push_back({layer, random.between(1, 9), random.between(1, 1000)});
  }
  return out;
}

std::int64_t crossbars(const std::vector<ReplicaDemand>& demands, const Replicas& replicas,
                       std::int64_t granule) {
  std::int64_t sum = 0;
  for (std::size_t g = 0; g < demands.size();) {
    const int layer = demands[g].layer;
    std::int64_t of_layer = 0;
    for (; g < demands.size() && demands[g].layer == layer; ++g)
      of_layer += demands[g].crossbars * replicas[g];
    sum += (of_layer + granule - 1) / granule * granule;
  }
  return sum;
}

/// The slowest group by comparing all of them, first of equals.
std::size_t slowest(const std::vector<ReplicaDemand>& demands, const Replicas& replicas) {
  std::size_t best = 0;
  for (std::size_t g = 1; g < demands.size(); ++g) {
    if (demands[g].work * replicas[best] > demands[best].work * replicas[g]) best = g;
  }
  return best;
}

TEST_CASE("replicas go to the row group that takes longest") {
  const std::vector<ReplicaDemand> demands{{0, 2, 800}, {0, 2, 1000}, {1, 3, 90}};
  // 7 crossbars to begin with. 1000 first, then 800 and 500 and 400 ...
  CHECK(balance_replicas(demands, {7}) == Replicas{1, 1, 1});
  CHECK(balance_replicas(demands, {9}) == Replicas{1, 2, 1});
  CHECK(balance_replicas(demands, {11}) == Replicas{2, 2, 1});
  CHECK(balance_replicas(demands, {13}) == Replicas{2, 3, 1});
}

TEST_CASE("replication stops at the bottleneck that does not fit, though others would") {
  const std::vector<ReplicaDemand> demands{{0, 8, 1000}, {1, 1, 10}};
  CHECK(balance_replicas(demands, {9 + 7}) == Replicas{1, 1});
  CHECK(balance_replicas(demands, {9 + 8}) == Replicas{2, 1});
}

TEST_CASE("the first of equals gets the replica") {
  const std::vector<ReplicaDemand> demands{{0, 1, 10}, {0, 1, 10}, {1, 1, 10}};
  CHECK(balance_replicas(demands, {4}) == Replicas{2, 1, 1});
  CHECK(balance_replicas(demands, {5}) == Replicas{2, 2, 1});
  // 20 / 2 and 10 / 1 are equal without rounding.
  CHECK(balance_replicas(std::vector<ReplicaDemand>{{0, 1, 10}, {0, 1, 20}}, {4}) == Replicas{2, 2});
}

TEST_CASE("a budget below the first replicas changes nothing") {
  CHECK(balance_replicas(std::vector<ReplicaDemand>{{0, 5, 10}}, {3}) == Replicas{1});
  CHECK(balance_replicas({}, {100}).empty());
}

TEST_CASE("with tiles a layer first fills the one it has begun") {
  // Two layers with 3 and 1 crossbars on tiles of 4: two tiles used up, three replicas of the second are
  // free.
  const std::vector<ReplicaDemand> demands{{0, 3, 10}, {1, 1, 1000}};
  CHECK(balance_replicas(demands, {8, 4}) == Replicas{1, 4});
  CHECK(balance_replicas(demands, {12, 4}) == Replicas{1, 8});
  CHECK(balance_replicas(demands, {15, 4}) == Replicas{1, 8});
}

TEST_CASE("random budgets are kept, and every replica went to the bottleneck of its time") {
  Random random(5);
  for (int round = 0; round < 200; ++round) {
    const auto demands = random_demands(random, random.between(1, 12));
    const std::int64_t granule = random.chance(50) ? 1 : random.between(2, 12);
    const Replicas none(demands.size(), 1);
    const std::int64_t first = crossbars(demands, none, granule);
    const std::int64_t budget = first + random.between(0, 200);
    const Replicas replicas = balance_replicas(demands, {budget, granule});
    REQUIRE(crossbars(demands, replicas, granule) <= budget);
    Replicas greedy = none;
    for (;;) {
      Replicas next = greedy;
      ++next[slowest(demands, greedy)];
      if (crossbars(demands, next, granule) > budget) break;
      greedy = next;
    }
    REQUIRE(replicas == greedy);
  }
}

TEST_CASE("a network of thousands of row groups is balanced at once") {
  Random random(6);
  const auto demands = random_demands(random, 5000);
  std::int64_t budget = 0;
  for (const ReplicaDemand& demand : demands) budget += 4 * demand.crossbars;
  const auto start = std::chrono::steady_clock::now();
  const Replicas replicas = balance_replicas(demands, {budget});
  CHECK(std::chrono::steady_clock::now() - start < std::chrono::milliseconds(500));
  CHECK(std::accumulate(replicas.begin(), replicas.end(), 0) > 10000);
}

}  // namespace
}  // namespace squeezebar::test
