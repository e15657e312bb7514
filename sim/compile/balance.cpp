// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/balance.h"

#include <algorithm>
#include <queue>

namespace squeezebar {
namespace {

struct Candidate {
  std::int64_t work;
  std::int64_t replicas;
  std::size_t group;
};

/// Orders a heap by work / replicas without rounding; the first group of equals is on top.
struct TakesLess {
  bool operator()(const Candidate& a, const Candidate& b) const {
    __extension__ using Wide = __int128;
    const Wide left = Wide{a.work} * b.replicas;
    const Wide right = Wide{b.work} * a.replicas;
    return left != right ? left < right : a.group > b.group;
  }
};

}  // namespace

std::vector<int> balance_replicas(std::span<const ReplicaDemand> groups, const ReplicaBudget& budget) {
  const auto whole = [&](std::int64_t crossbars) {
    return (crossbars + budget.granule - 1) / budget.granule * budget.granule;
  };
  std::vector<std::int64_t> used;  // by layer
  for (const ReplicaDemand& group : groups) {
    used.resize(std::max(used.size(), static_cast<std::size_t>(group.layer) + 1));
    used[static_cast<std::size_t>(group.layer)] += group.crossbars;
  }
  std::int64_t left = budget.crossbars;
  for (const std::int64_t crossbars : used) left -= whole(crossbars);

  std::vector<int> replicas(groups.size(), 1);
  std::priority_queue<Candidate, std::vector<Candidate>, TakesLess> heap;
  for (std::size_t g = 0; g < groups.size(); ++g) heap.push({groups[g].work, 1, g});
  while (!heap.empty()) {
    Candidate slowest = heap.top();
    heap.pop();
    const ReplicaDemand& group = groups[slowest.group];
    std::int64_t& of_layer = used[static_cast<std::size_t>(group.layer)];
    const std::int64_t price = whole(of_layer + group.crossbars) - whole(of_layer);
    if (price > left || slowest.replicas == kMaxReplicas) break;
    left -= price;
    of_layer += group.crossbars;
    replicas[slowest.group] = static_cast<int>(++slowest.replicas);
    heap.push(slowest);
  }
  return replicas;
}

}  // namespace squeezebar
