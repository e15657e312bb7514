// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sim/report/compare/figures.h"

namespace squeezebar {

/// What decides the results of a run: two runs with the same identity have the same results.
struct RunIdentity {
  std::string accounting;  ///< hash of the config's keys of each class
  std::string timing;
  std::string values;
  std::string workload;      ///< hash of the bundle
  std::string tool_version;  ///< of the program

  /// A name for the results, 24 hexadecimal digits.
  [[nodiscard]] std::string id() const;
  /// The same for all runs that differ in what energy and area cost, and in nothing else.
  [[nodiscard]] std::string timing_id() const;
  /// The same for all runs whose hardware computes the same values, whatever their time and cost.
  [[nodiscard]] std::string values_id() const;

  friend bool operator==(const RunIdentity&, const RunIdentity&) = default;
};

/// That of a run's summary.json; nothing if it does not say.
std::optional<RunIdentity> identity_of(const Figures& summary);

}  // namespace squeezebar
