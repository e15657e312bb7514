// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <deque>
#include <fstream>
#include <map>
#include <memory>
#include <set>
#include <sstream>
#include <thread>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/interrupt.h"
#include "sim/base/units.h"
#include "sim/sweep/donors.h"
#include "sim/sweep/engine.h"
#include "sim/sweep/failures.h"
#include "sim/sweep/memory.h"
#include "sim/sweep/point_command.h"
#include "sim/sweep/process.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr milliseconds kLook{100};          ///< how often interrupts and time limits are looked at
constexpr milliseconds kLookAtOthers{500};  ///< how often a point that another process computes is looked for
constexpr std::size_t kLogTail = 4000;

struct LocalParams {
  std::int64_t jobs = 0;
  Time timeout{};
  Capacity memory{};
  Capacity values{};
};

Schema<LocalParams> local_schema() {
  Schema<LocalParams> s("Processes on this machine.");
  s.field(
       "jobs", &LocalParams::jobs,
       {.def = 0, .min = 0, .max = 4096, .doc = "Points computed beside each other; 0: one for each core."})
      .field("timeout", &LocalParams::timeout,
             {.def = 0_s, .min = 0.0, .doc = "A point that takes longer is given up; 0 s: never."})
      .field("memory", &LocalParams::memory,
             {.def = Capacity(0),
              .min = 0.0,
              .doc = "What a point needs; no more are started than fit the free memory. 0 B: as much as the "
                     "largest so far."})
      .field("values", &LocalParams::values,
             {.def = 1_GB,
              .min = 0.0,
              .doc = "Largest file of values that a point may keep for those that differ from it in time "
                     "alone, until they are done. 0 B: none."});
  return s;
}

std::string tail_of(const fs::path& log) {
  std::ifstream file(log, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  const std::string whole = text.str();
  return whole.size() > kLogTail ? whole.substr(whole.size() - kLogTail) : whole;
}

/// One call of the engine: points waiting, being computed, and finished.
class LocalRun {
 public:
  LocalRun(const EngineWork& work, const LocalParams& params, std::size_t jobs)
      : work_(work),
        params_(params),
        jobs_(jobs),
        failures_(work.folder),
        donors_(work, params.values.si() > 0),
        waiting_(work.pending.begin(), work.pending.end()) {
    progress_.all = work.pending.size();
    logs_ = work.folder / fmt::format(".logs.{}", getpid());
    std::error_code error;
    fs::create_directories(logs_, error);
    if (error)
      throw UserError({}, "", fmt::format("cannot write to '{}': {}", work.folder.string(), error.message()));
  }
  LocalRun(const LocalRun&) = delete;
  LocalRun& operator=(const LocalRun&) = delete;
  ~LocalRun() {
    processes_.stop();
    std::error_code ignored;
    fs::remove_all(logs_, ignored);
  }

  SweepProgress run() {
    tell();
    while (!waiting_.empty() || processes_.running() > 0) {
      throw_if_interrupted();
      start_some();
      if (processes_.running() == 0) {
        if (!waiting_.empty())
          std::this_thread::sleep_for(kLookAtOthers);  // another process has all that are left
        continue;
      }
      if (const std::optional<ProcessEnd> end = processes_.wait(kLook)) finish(*end);
    }
    return progress_;
  }

 private:
  struct Started {
    std::size_t point;
    fs::path log;
    PointLock lock;
  };

  void start_some() {
    for (std::size_t tries = waiting_.size(); tries > 0 && has_room(); --tries) {
      const std::size_t point = waiting_.front();
      waiting_.pop_front();
      if (donors_.is_coming(point)) {
        waiting_.push_back(point);
        continue;
      }
      const std::string& id = work_.plan.points[point].id;
      std::optional<PointLock> lock = PointLock::take(work_.store, id);
      if (!lock) {
        contended_.insert(point);
        waiting_.push_back(point);
      } else if (contended_.contains(point) && work_.store.has(id)) {
        donors_.found(point);
        count(true);
      } else {
        start(point, std::move(*lock));
      }
    }
  }

  void start(std::size_t point, PointLock lock) {
    std::vector<std::string> command = point_command(work_, work_.plan.points[point]);
    if (const std::optional<Donors::Donor> donor = donors_.of(point)) {
      command.insert(command.end(), {"--reuse", work_.store.folder(donor->id).string(), "--or-simulate"});
      ++(donor->part == Donors::Part::timing ? progress_.priced : progress_.timed);
    } else if (donors_.wants_values(point)) {
      command.insert(command.end(), {"--keep-values", format_quantity(params_.values)});
    }
    donors_.started(point);
    if (jobs_ > 1) command.insert(command.end(), {"--set", "run.threads=1"});
    const fs::path log = logs_ / (work_.plan.points[point].id + ".log");
    const auto limit = milliseconds(static_cast<std::int64_t>(params_.timeout.si() * 1000));
    const pid_t process = processes_.start(command, log, limit);
    started_.emplace(process, Started{point, log, std::move(lock)});
  }

  /// One point always may run; more only as long as they fit the memory that is free.
  [[nodiscard]] bool has_room() const {
    if (processes_.running() == 0) return true;
    if (processes_.running() >= jobs_) return false;
    const auto wanted = static_cast<std::uint64_t>(params_.memory.si());
    const std::uint64_t each = wanted > 0 ? wanted : largest_;
    if (each == 0) return true;
    // Those that run may not have grown to their full size, so as much is kept free for each of them.
    const std::optional<std::uint64_t> free = available_memory();
    return !free || *free > each * (processes_.running() + 1);
  }

  void finish(const ProcessEnd& end) {
    const auto found = started_.find(end.process);
    const Started started = std::move(found->second);
    started_.erase(found);
    largest_ = std::max(largest_, end.peak_bytes);
    const std::string& id = work_.plan.points[started.point].id;
    const bool good = end.exit_code == 0 && end.signal == 0;
    const bool complete = good && work_.store.has(id);
    donors_.finished(started.point, complete);
    if (complete) {
      failures_.forget(id);
      count(true);
    } else {
      const std::string log = tail_of(started.log);
      failures_.add(id, {reason(end, good, log), log});
      count(false);
    }
    std::error_code ignored;
    fs::remove(started.log, ignored);
  }

  [[nodiscard]] std::string reason(const ProcessEnd& end, bool good, const std::string& log) const {
    if (end.timed_out)
      return fmt::format("it took longer than {} (timeout)", format_quantity(params_.timeout));
    if (good)
      return "its results are not those of the plan: the base config or the workload changed since; plan the "
             "sweep again";
    return failure_reason(end.exit_code, end.signal, log);
  }

  void count(bool good) {
    ++progress_.done;
    if (!good) ++progress_.failed;
    tell();
  }
  void tell() const {
    if (work_.progress) work_.progress(progress_);
  }

  const EngineWork& work_;
  const LocalParams& params_;
  std::size_t jobs_;
  FailureLog failures_;
  Donors donors_;
  std::deque<std::size_t> waiting_;
  std::set<std::size_t> contended_;  ///< that another process had
  std::map<pid_t, Started> started_;
  ProcessGroup processes_;
  SweepProgress progress_;
  fs::path logs_;
  std::uint64_t largest_ = 0;  ///< memory of a point so far
};

class LocalEngine final : public Engine {
 public:
  explicit LocalEngine(const LocalParams& params) : params_(params) {}

  SweepProgress run(const EngineWork& work) const override {
    const std::size_t cores = std::max(1U, std::thread::hardware_concurrency());
    const std::size_t jobs = params_.jobs > 0 ? static_cast<std::size_t>(params_.jobs) : cores;
    return LocalRun(work, params_, jobs).run();
  }

 private:
  LocalParams params_;
};

const Register<Engine> reg{"local", local_schema,
                           [](const LocalParams& p) { return std::make_unique<LocalEngine>(p); }};

}  // namespace
}  // namespace squeezebar
