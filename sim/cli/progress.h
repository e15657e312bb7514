// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

namespace squeezebar {

/// What the progress line says: images done, rate and time left.
std::string progress_text(std::int64_t done, std::int64_t all, double elapsed_s);

/// One line on stderr that is redrawn at most ten times a second and wiped at the end.
class ProgressLine {
 public:
  explicit ProgressLine(bool shown);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void update(std::int64_t done, std::int64_t all);

 private:
  using Clock = std::chrono::steady_clock;

  bool shown_;
  bool drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
};

}  // namespace squeezebar
