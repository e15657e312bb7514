// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/sweep/engine.h"

namespace squeezebar {

/// Name of the file of a run folder that holds a run's values.
inline constexpr const char* kPointValues = "values.bin";

/// Knows which points can take values, or values and time, from the results of which others, while a sweep is
/// computed point by point. Files of values are removed when no point waits for them any more.
class Donors {
 public:
  enum class Part { values, timing };  ///< timing: values and time, so that only prices are left
  struct Donor {
    Part part = Part::values;
    std::string id;  ///< of its results
  };

  explicit Donors(const EngineWork& work, bool keeps_values);

  /// Whose results the point can reuse.
  [[nodiscard]] std::optional<Donor> of(std::size_t point) const;
  /// Whether a point is being computed that this one had better wait for.
  [[nodiscard]] bool is_coming(std::size_t point) const;
  /// Whether points are waiting that can use the values of this one.
  [[nodiscard]] bool wants_values(std::size_t point) const;

  void started(std::size_t point);
  void finished(std::size_t point, bool good);
  /// The point, which has failed, is to take nothing when it is tried again.
  void give_up(std::size_t point);
  /// Somebody else has computed it.
  void found(std::size_t point);

 private:
  struct Shared {
    std::multiset<std::string> waiting;  ///< names of the times of points that have not begun
    std::optional<std::string> donor;    ///< whose values are there
    std::size_t users = 0;               ///< that run and read them
    bool coming = false;                 ///< a point that keeps them runs
    bool kept = true;                    ///< false: they were too large
  };
  enum class Role { keeps_values, reads_values, neither };
  struct Names {
    std::string values;
    std::string timing;
  };
  void leave(std::size_t point);
  void offer(std::size_t point);
  void clean(Shared& shared);

  const EngineWork& work_;
  bool keeps_values_;
  std::vector<Names> names_;                    ///< [point]
  std::map<std::string, Shared> shared_;        ///< by the name of the values
  std::map<std::string, std::string> timings_;  ///< name of values and time -> whose results have them
  std::set<std::string> coming_timings_;
  std::map<std::size_t, Role> running_;
  std::set<std::size_t> alone_;  ///< that take nothing
};

}  // namespace squeezebar
