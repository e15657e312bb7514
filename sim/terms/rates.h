// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "sim/terms/actions.h"
#include "sim/terms/work.h"

namespace squeezebar {

/// Counts for analyses alone, by name and key.
using Tallies = std::map<std::string, std::map<std::int64_t, Count>>;

/// `n` for each unit of a counter.
template <class What>
struct WorkRate {
  What what;
  int counter = kWaves;
  Count n = 0;

  bool operator==(const WorkRate&) const = default;
};

/// What a unit of work stands for: of a lane, of a layer (per wave) or of an edge (per pixel).
struct Rates {
  std::vector<WorkRate<SizedAction>> actions;
  std::vector<WorkRate<std::pair<std::string, std::int64_t>>> tallies;  ///< name, key

  /// Nothing is added where n is 0.
  void add(SizedAction action, int counter, Count n) {
    if (n > 0) actions.push_back({action, counter, n});
  }
  void add(ActionId action, int counter, Count n) { add(SizedAction{action}, counter, n); }
  void tally(std::string name, std::int64_t key, int counter, Count n) {
    if (n > 0) tallies.push_back({{std::move(name), key}, counter, n});
  }
  bool operator==(const Rates&) const = default;
};

/// What was counted.
struct CountedWork {
  ActionCounts actions;
  Tallies tallies;

  CountedWork& operator+=(const CountedWork& other);
};

/// The one place where work becomes counts. Rates are linear, so that sums over waves and images are enough.
/// Throws RunError if a count does not fit 64 bits.
void count(const Rates& rates, std::span<const Count> totals, CountedWork& counted);

}  // namespace squeezebar
