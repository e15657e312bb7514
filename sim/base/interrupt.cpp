// SPDX-License-Identifier: Apache-2.0
#include "sim/base/interrupt.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <exception>
#include <system_error>
#include <thread>
#include <utility>
#include <vector>

#include <poll.h>
#include <semaphore.h>
#include <unistd.h>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

constexpr long kGraceNs = 100'000'000;
constexpr int kStderrPatienceMs = 20;
constexpr int kSignals[] = {SIGINT, SIGTERM, SIGHUP};

std::atomic<bool> requested{false};
std::atomic<int> received{0};
static_assert(std::atomic<bool>::is_always_lock_free && std::atomic<int>::is_always_lock_free,
              "a signal handler may only touch lock-free atomics");
sem_t arrived;  ///< posted by each signal

extern "C" void on_signal(int) {
  const int error = errno;
  requested.store(true, std::memory_order_relaxed);
  if (received.fetch_add(1, std::memory_order_relaxed) > 0) {
    for (const int number : kSignals) std::signal(number, SIG_DFL);  // the third one ends the process
  }
  sem_post(&arrived);
  errno = error;
}

void wait_for_signal() {
  while (sem_wait(&arrived) != 0) {
  }
}

/// Until the next signal, or the end of the grace.
void wait_for_grace() {
  timespec until{};
  clock_gettime(CLOCK_REALTIME, &until);
  until.tv_nsec += kGraceNs;
  if (until.tv_nsec >= 1'000'000'000) {
    until.tv_nsec -= 1'000'000'000;
    ++until.tv_sec;
  }
  while (sem_timedwait(&arrived, &until) != 0 && errno == EINTR) {
  }
}

/// Nobody may read what comes through a pipe.
bool stderr_takes_text() {
  pollfd file{STDERR_FILENO, POLLOUT, 0};
  return poll(&file, 1, kStderrPatienceMs) == 1 && (file.revents & POLLOUT) != 0;
}

}  // namespace

/// What is at stake, and the thread that ends the process.
class Watch {
 public:
  /// Never destroyed: the thread may outlive all other objects.
  static Watch& instance() {
    static auto* const watch = new Watch;
    return *watch;
  }

  void start(std::function<void()> farewell) {
    farewell_ = std::move(farewell);
    over_ = false;
    // Signals are for the other threads: one that waits for a child must not miss its end.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
      std::thread([this] { run(); }).detach();
    } catch (const std::system_error&) {
      // No further thread is allowed: the flag alone has to do.
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
  }

  std::unique_lock<std::recursive_mutex> hold() { return std::unique_lock(mutex_); }

  void add(const AtStake* one) {
    const auto held = hold();
    at_stake_.push_back(one);
  }
  void remove(const AtStake* one) {
    const auto held = hold();
    std::erase(at_stake_, one);
  }
  void stop() {
    const auto held = hold();
    over_ = true;
  }

 private:
  void run() {
    wait_for_signal();
    {
      const auto held = hold();
      if (over_) return;
      for (const AtStake* one : at_stake_) one->actions_.tell();
    }
    wait_for_grace();
    const auto held = hold();  // for good: nobody gets past it any more
    if (over_) return;
    for (auto one = at_stake_.rbegin(); one != at_stake_.rend(); ++one) (*one)->actions_.clear();
    if (stderr_takes_text()) farewell_();
    _exit(Interrupted::kExitCode);
  }

  std::recursive_mutex mutex_;
  std::vector<const AtStake*> at_stake_;
  std::function<void()> farewell_;
  bool over_ = false;
};

void watch_interrupts(std::function<void()> farewell) {
  received = 0;
  sem_init(&arrived, 0, 0);
  Watch::instance().start(std::move(farewell));
  for (const int number : kSignals) {
    struct sigaction before {};
    sigaction(number, nullptr, &before);
    if (number != SIGHUP || before.sa_handler != SIG_IGN) std::signal(number, on_signal);
  }
}

void end_watch() { Watch::instance().stop(); }

bool interrupt_requested() noexcept { return requested.load(std::memory_order_relaxed); }
void request_interrupt() noexcept { requested.store(true, std::memory_order_relaxed); }
void clear_interrupt() noexcept { requested.store(false, std::memory_order_relaxed); }

void throw_if_interrupted() {
  if (interrupt_requested()) throw Interrupted();
}

std::unique_lock<std::recursive_mutex> hold_ending() { return Watch::instance().hold(); }

AtStake::AtStake(Actions actions) : actions_(std::move(actions)) { Watch::instance().add(this); }
AtStake::~AtStake() { Watch::instance().remove(this); }

}  // namespace squeezebar
