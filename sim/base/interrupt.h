// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <mutex>

namespace squeezebar {

/// Lets SIGINT, SIGTERM and SIGHUP (unless it is ignored, as under nohup) set a flag.
///
/// The program then comes to its end by itself where it looks at the flag. Where it does not within a tenth
/// of a second, or when a second signal arrives, a thread of its own ends the process: it clears what is at
/// stake, calls `farewell` and leaves with Interrupted::kExitCode. A third signal ends the process as it is.
void watch_interrupts(std::function<void()> farewell);
/// From here on the process ends by itself. Does not return once the other thread is ending it.
void end_watch();

/// Whether an interrupt was requested since the start or the last clear.
bool interrupt_requested() noexcept;

/// Sets the flag as the signal would.
void request_interrupt() noexcept;
void clear_interrupt() noexcept;

/// Throws Interrupted (sim/base/diag.h) if the flag is set. Cheap enough for every wave.
void throw_if_interrupted();

/// While it is held, an interrupt does not end the process, so that what belongs together is done together.
/// Not for long.
[[nodiscard]] std::unique_lock<std::recursive_mutex> hold_ending();

/// Something that must not stay behind when an interrupt ends the process: a partial folder, a child process.
///
/// Both functions are called by another thread, which holds the ending meanwhile. They look only at what is
/// constant or changed under hold_ending(), and do not throw.
class AtStake {
 public:
  struct Actions {
    std::function<void()> tell = [] {};   ///< at once when the signal arrives; may be called for nothing
    std::function<void()> clear = [] {};  ///< when the process ends; the latest one is cleared first
  };

  explicit AtStake(Actions actions);
  ~AtStake();
  AtStake(const AtStake&) = delete;
  AtStake& operator=(const AtStake&) = delete;

 private:
  friend class Watch;
  Actions actions_;
};

}  // namespace squeezebar
