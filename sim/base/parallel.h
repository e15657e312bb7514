// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <atomic>

#include <tbb/info.h>
#include <tbb/parallel_for.h>
#include <tbb/task_arena.h>

#include "sim/base/interrupt.h"

namespace squeezebar {

/// tbb::parallel_for over [first, last). The system's oneTBB is not built for the thread sanitizer, which
/// then does not see how work is handed over and back; the counter shows it the order that is there anyway.
/// Throws Interrupted between two items if an interrupt was requested.
template <class Body>
void parallel_for(int first, int last, const Body& body) {
  std::atomic<int> handover{0};
  handover.fetch_add(1, std::memory_order_release);
  tbb::parallel_for(first, last, [&](int i) {
    handover.load(std::memory_order_acquire);
    throw_if_interrupted();
    body(i);
    handover.fetch_add(1, std::memory_order_release);
  });
  handover.load(std::memory_order_acquire);
}

/// The threads that work when `wanted` are asked for: no more than the machine has for this process. More
/// would not be faster, and oneTBB warns of them on stderr.
inline int threads_of_machine(int wanted) { return std::min(wanted, tbb::info::default_concurrency()); }

/// Runs `body`, whose parallel loops then take up to `threads` of the machine's threads.
template <class Body>
void on_threads(int threads, const Body& body) {
  tbb::task_arena arena(threads_of_machine(threads));
  arena.execute(body);
}

}  // namespace squeezebar
