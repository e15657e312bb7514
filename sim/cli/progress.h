// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "sim/base/interrupt.h"

namespace squeezebar {

/// "42 s", "3 min 05 s", "2 h 10 min".
std::string duration_text(double seconds);

/// What a progress line counts.
struct Counted {
  const char* things = "images";
  std::int64_t done = 0;
  std::int64_t all = 0;
  std::int64_t failed = 0;  ///< of those that are done
};

/// What the progress line says: things done, rate and time left.
std::string progress_text(const Counted& counted, double elapsed_s);

/// What a log says of progress, where there is no line to redraw: a line whenever another tenth is done, and
/// one a minute.
class ProgressLog {
 public:
  /// The line to write now, or nothing.
  std::optional<std::string> line(const Counted& counted, double elapsed_s);

 private:
  std::int64_t tenths_ = 0;  ///< that were told
  double told_s_ = 0.0;      ///< when the last line was written
};

/// One line on stderr that is redrawn at most ten times a second and wiped at the end.
class ProgressLine {
 public:
  explicit ProgressLine(bool shown);
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  void update(const Counted& counted);

 private:
  void wipe() const;

  using Clock = std::chrono::steady_clock;

  bool shown_;
  std::atomic<bool> drawn_ = false;
  Clock::time_point start_ = Clock::now();
  Clock::time_point last_{};
  AtStake at_stake_;
};

}  // namespace squeezebar
