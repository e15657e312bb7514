// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>

#include "sim/compare/figures.h"

namespace squeezebar {

/// What decides the results of a run: two runs with the same identity have the same results.
struct RunIdentity {
  std::string accounting;  ///< hash of the config's keys of each class
  std::string timing;
  std::string values;
  std::string workload;      ///< hash of the bundle
  std::string tool_version;  ///< of the program
  std::string program;       ///< digest of its sources

  /// A name for the place of the results, 24 hexadecimal digits: the same for every program of a version,
  /// whose results replace each other's.
  [[nodiscard]] std::string id() const;
  /// Why results of another identity are not these: a phrase that follows what lies there.
  [[nodiscard]] std::string difference(const RunIdentity& stored) const;
  /// The same for all runs that differ in what energy and area cost, and in nothing else.
  [[nodiscard]] std::string timing_id() const;
  /// The same for all runs whose hardware computes the same values, whatever their time and cost.
  [[nodiscard]] std::string values_id() const;

  friend bool operator==(const RunIdentity&, const RunIdentity&) = default;
};

/// That of a run's summary.json; nothing if it does not say.
std::optional<RunIdentity> identity_of(const Figures& summary);

}  // namespace squeezebar
