// SPDX-License-Identifier: Apache-2.0
#include "sim/base/interrupt.h"

#include <atomic>
#include <csignal>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

std::atomic<bool> requested{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler may only touch lock-free atomics");

extern "C" void on_signal(int number) {
  requested.store(true, std::memory_order_relaxed);
  std::signal(number, SIG_DFL);  // The second signal ends the process.
}

}  // namespace

void install_interrupt_handler() {
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
}

bool interrupt_requested() noexcept { return requested.load(std::memory_order_relaxed); }
void request_interrupt() noexcept { requested.store(true, std::memory_order_relaxed); }
void clear_interrupt() noexcept { requested.store(false, std::memory_order_relaxed); }

void throw_if_interrupted() {
  if (interrupt_requested()) throw Interrupted();
}

}  // namespace squeezebar
