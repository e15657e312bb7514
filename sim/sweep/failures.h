// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace squeezebar {

/// Why a point has no results.
struct Failure {
  std::string reason;  ///< one line
  std::string log;     ///< what its process printed, from the end

  friend bool operator==(const Failure&, const Failure&) = default;
};

/// The failures of one sweep: a file each, in SWEEP/failed.
class FailureLog {
 public:
  explicit FailureLog(const std::filesystem::path& sweep) : folder_(sweep / "failed") {}

  [[nodiscard]] std::optional<Failure> find(const std::string& id) const;
  /// Throws UserError if the file cannot be written.
  void add(const std::string& id, const Failure& failure) const;
  void forget(const std::string& id) const;

 private:
  [[nodiscard]] std::filesystem::path file(const std::string& id) const { return folder_ / (id + ".json"); }

  std::filesystem::path folder_;
};

}  // namespace squeezebar
