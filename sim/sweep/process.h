// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "sim/base/interrupt.h"

namespace squeezebar {

/// How a process ended.
struct ProcessEnd {
  pid_t process = 0;
  int exit_code = 0;             ///< of a process that ended by itself
  int signal = 0;                ///< that ended it; 0: none
  bool timed_out = false;        ///< it was ended because its time was over
  std::uint64_t peak_bytes = 0;  ///< most memory that it held
};

/// Child processes that run beside each other. Those that are left when the group goes are ended.
class ProcessGroup {
 public:
  using Clock = std::chrono::steady_clock;

  ProcessGroup();
  ~ProcessGroup();
  ProcessGroup(const ProcessGroup&) = delete;
  ProcessGroup& operator=(const ProcessGroup&) = delete;

  /// Starts a program whose messages go to a file; throws RunError. `limit` 0: it may take forever. An open
  /// file that it is to keep (-1: none) stays open in it, however this process ends.
  pid_t start(const std::vector<std::string>& arguments, const std::filesystem::path& log,
              std::chrono::milliseconds limit, int kept = -1);
  /// The next one to end; nothing if none did within `patience`. Ends those whose time is over.
  std::optional<ProcessEnd> wait(std::chrono::milliseconds patience);
  [[nodiscard]] std::size_t running() const { return running_.size(); }
  /// Asks all to end, and ends them after a while if they do not.
  void stop();

 private:
  struct Running {
    Clock::time_point deadline;
    bool told = false;  ///< SIGTERM was sent; SIGKILL follows
    bool timed_out = false;
  };
  void end_overdue();
  std::optional<ProcessEnd> reap();

  [[nodiscard]] std::vector<pid_t> children() const;

  std::map<pid_t, Running> running_;  ///< changed under hold_ending()
  AtStake at_stake_;
};

}  // namespace squeezebar
