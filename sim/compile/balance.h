// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace squeezebar {

/// What one row group asks of balanced replication.
struct ReplicaDemand {
  int layer = 0;               ///< layers are numbered in the order of the network
  std::int64_t crossbars = 0;  ///< of one replica, at least 1
  std::int64_t work = 0;       ///< cycles that the waves of one image take on one replica
};

/// Crossbars that all replicas together may take, the first ones included.
struct ReplicaBudget {
  std::int64_t crossbars = 0;
  /// A layer takes whole multiples of this many: 1, or the crossbars of a tile.
  std::int64_t granule = 1;
};

/// The most replicas that a row group may get.
inline constexpr int kMaxReplicas = 65536;

/// Replicas of each row group, at least one. Again and again the row group with the largest work / replicas
/// (ties: the first) gets one more, until the one whose turn it is does not fit in what is left of the
/// budget: more replicas of any other could not speed the network up (the balanced pipeline of ISAAC, ISCA
/// 2016; SME duplicates kernels likewise, arXiv 2103.01705, section IV-C). O(replicas log groups).
std::vector<int> balance_replicas(std::span<const ReplicaDemand> groups, const ReplicaBudget& budget);

}  // namespace squeezebar
