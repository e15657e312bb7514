// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sim/sweep/engine.h"

namespace squeezebar {

/// A share of a sweep's points: every `of`-th of them, from the `number`-th on.
struct Shard {
  std::size_t number = 1;
  std::size_t of = 1;

  /// Reads "3/40"; nothing if it is none.
  static std::optional<Shard> parse(const std::string& text);
};

/// Keeps the plan of a sweep from being replaced by another one while it is computed, which any number of
/// processes may do. File systems that do not lock files keep nothing.
class PlanHold {
 public:
  /// To compute it.
  static PlanHold with_others(const std::filesystem::path& plan_file);
  /// To replace it: nothing while it is computed. A file that is not there is nobody's.
  static std::optional<PlanHold> alone(const std::filesystem::path& plan_file);
  PlanHold(PlanHold&& other) noexcept;
  PlanHold& operator=(PlanHold&& other) noexcept;
  PlanHold(const PlanHold&) = delete;
  PlanHold& operator=(const PlanHold&) = delete;
  ~PlanHold();

 private:
  explicit PlanHold(int file) : file_(file) {}

  int file_ = -1;
};

/// The folder of a sweep: its plan, what failed, and its tables.
class SweepFolder {
 public:
  /// `store` is relative to the current folder, as `folder` is.
  SweepFolder(std::filesystem::path folder, std::filesystem::path store)
      : folder_(std::move(folder)), store_(std::move(store)) {}
  /// A folder that a sweep wrote; throws UserError if it is none, or damaged.
  static SweepFolder open(const std::filesystem::path& folder);

  [[nodiscard]] const std::filesystem::path& path() const { return folder_; }
  [[nodiscard]] const PointStore& store() const { return store_; }
  void verify_all() { store_.verify_all(); }
  /// Throws UserError if it cannot be read.
  [[nodiscard]] Plan read_plan() const;
  /// Replaces an older plan; throws UserError if that one is being computed, or the folder holds something
  /// else.
  PlanHold write_plan(const Plan& plan) const;
  [[nodiscard]] PlanHold hold_plan() const { return PlanHold::with_others(plan_file()); }

 private:
  [[nodiscard]] bool has_plan() const;
  [[nodiscard]] std::filesystem::path plan_file() const { return folder_ / "plan.json"; }

  std::filesystem::path folder_;
  PointStore store_;
};

/// What lies in the place of a point's results and is not that.
struct PointFault {
  std::size_t point = 0;  ///< index of plan.points
  std::string why;
};

/// Which points are to be computed.
struct PendingOptions {
  Shard shard{};
  bool fresh = false;         ///< also those that have results
  bool retry_failed = false;  ///< also those that failed before
};

/// Indices of the plan's points that have no results yet, each of another name, in the order of the plan.
/// What lies in the place of some of their results goes to `faults`.
std::vector<std::size_t> pending_points(const Plan& plan, const SweepFolder& folder,
                                        const PendingOptions& options,
                                        std::vector<PointFault>* faults = nullptr);

}  // namespace squeezebar
