// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "sim/base/registry.h"
#include "sim/sweep/plan.h"
#include "sim/sweep/store.h"

namespace squeezebar {

/// How far a sweep is.
struct SweepProgress {
  std::size_t done = 0;  ///< of the points that this call has to compute
  std::size_t failed = 0;
  std::size_t all = 0;
  std::size_t timed = 0;   ///< that took values from the results of another point
  std::size_t priced = 0;  ///< that took values and time from them
  std::size_t whole = 0;   ///< that were to take something and could not
};

/// What an engine is to do, and what it may use.
struct EngineWork {
  const Plan& plan;
  const PointStore& store;
  std::filesystem::path folder;      ///< of the sweep
  std::vector<std::size_t> pending;  ///< indices of plan.points without results, each of another name
  bool fresh = false;                ///< pending points are computed even if they have results
  bool retry_failed = false;         ///< pending points may have failed before
  std::function<void(const SweepProgress&)> progress;
  std::function<void(const std::string&)> print;  ///< a text for stdout
};

/// Gets points computed: one file of engines/ each. What a point leaves is its run folder in the store, or a
/// failure in the sweep's folder.
class Engine {
 public:
  virtual ~Engine() = default;
  /// Throws UserError before anything is started, RunError if it cannot go on, Interrupted.
  virtual SweepProgress run(const EngineWork& work) const = 0;
  /// Whether the points are computed when run() returns; else somebody else does it later.
  [[nodiscard]] virtual bool waits() const { return true; }
  /// What is going on elsewhere for the sweep of this folder, for people; empty: nothing.
  [[nodiscard]] virtual std::string state(const std::filesystem::path& sweep) const {
    (void)sweep;
    return {};
  }
  /// Ends what goes on elsewhere; false if nothing did.
  virtual bool cancel(const std::filesystem::path& sweep) const {
    (void)sweep;
    return false;
  }
};

}  // namespace squeezebar
