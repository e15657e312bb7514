// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <deque>
#include <map>
#include <memory>
#include <set>
#include <thread>

#include <fmt/format.h>

#include "sim/base/interrupt.h"
#include "sim/base/memory_file.h"
#include "sim/base/units.h"
#include "sim/base/yaml.h"
#include "sim/sweep/donors.h"
#include "sim/sweep/engine.h"
#include "sim/sweep/failures.h"
#include "sim/sweep/memory.h"
#include "sim/sweep/point_command.h"
#include "sim/sweep/process.h"

namespace squeezebar {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kLook{100};          ///< how often interrupts and time limits are looked at
constexpr milliseconds kLookAtOthers{500};  ///< how often a point that another process computes is looked for
constexpr std::size_t kLogTail = 4000;
constexpr Time kLongest(1e9);  ///< thirty years, which every clock can add to now

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
             {.def = 0_s,
              .min = 0_s,
              .max = kLongest,
              .doc = "A point that takes longer is given up; 0 s: never."})
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
  }
  LocalRun(const LocalRun&) = delete;
  LocalRun& operator=(const LocalRun&) = delete;
  ~LocalRun() { processes_.stop(); }

  SweepProgress run() {
    tell();
    while (processes_.running() > 0 || (!waiting_.empty() && obstacle_.empty())) {
      throw_if_interrupted();
      start_some();
      if (processes_.running() == 0) {
        if (!waiting_.empty())
          std::this_thread::sleep_for(kLookAtOthers);  // another process has all that are left
        continue;
      }
      const std::optional<ProcessEnd> end = processes_.wait(kLook);
      throw_if_interrupted();  // the interrupt may have ended it, which is no failure of the point
      if (end) finish(*end);
      tell();
    }
    if (!obstacle_.empty()) throw UserError(Place{work_.plan.spec, 0, 0}, "", obstacle_);
    return progress_;
  }

 private:
  struct Started {
    std::size_t point;
    bool reuses;  ///< is to take something from the results of another point
    MemoryFile log;
    PointLock lock;
  };

  void start_some() {
    for (std::size_t tries = waiting_.size(); tries > 0 && obstacle_.empty() && has_room(); --tries) {
      const std::size_t point = waiting_.front();
      waiting_.pop_front();
      if (donors_.is_coming(point)) {
        waiting_.push_back(point);
        continue;
      }
      const std::string& id = work_.plan.points[point].id;
      std::optional<PointLock> lock = take(point);
      if (!lock) {
        waiting_.push_back(point);
      } else if (!work_.fresh &&
                 work_.store.has(work_.plan.points[point].identity)) {  // another process computed it since
        failures_.forget(id);
        donors_.found(point);
        count(true);
      } else {
        start(point, std::move(*lock));
      }
    }
  }

  std::optional<PointLock> take(std::size_t point) {
    try {
      return PointLock::take(work_.store, work_.plan.points[point].id);
    } catch (const UserError& error) {
      stop(point, failure_reason(UserError::kExitCode, 0, error.what()));
      return std::nullopt;
    }
  }

  void start(std::size_t point, PointLock lock) {
    std::vector<std::string> command =
        point_command(work_.plan, work_.plan.points[point], work_.store.folder(work_.plan.points[point].id));
    const std::optional<Donors::Donor> donor = donors_.of(point);
    if (donor) {
      command.insert(command.end(), {"--reuse", work_.store.folder(donor->id).string(), "--or-simulate"});
    } else if (donors_.wants_values(point)) {
      command.insert(command.end(), {"--keep-values", format_quantity(params_.values)});
    }
    donors_.started(point);
    if (jobs_ > 1) command.insert(command.end(), {"--set", "run.threads=1"});
    const auto limit = milliseconds(static_cast<std::int64_t>(std::ceil(params_.timeout.si() * 1000)));
    MemoryFile log;
    const pid_t process = processes_.start(command, log.path(), limit, lock.file());
    started_.emplace(process, Started{point, donor.has_value(), std::move(log), std::move(lock)});
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
    const Started started = std::move(started_.extract(end.process).mapped());
    largest_ = std::max(largest_, end.peak_bytes);
    const std::string& id = work_.plan.points[started.point].id;
    const bool good = end.exit_code == 0 && end.signal == 0;
    const bool complete = good && work_.store.has(work_.plan.points[started.point].identity);
    donors_.finished(started.point, complete);
    if (complete) {
      failures_.forget(id);
      count_reuse(id, started.reuses);
      count(true);
    } else if (started.reuses && !end.timed_out) {
      compute_whole(started.point);
    } else if (good) {
      stop(
          started.point,
          "its results are not those of the plan: the base config or the workload changed since it was made");
    } else {
      const std::string log = started.log.tail(kLogTail);
      fail(started.point, end, {reason(end, log), log});
    }
  }

  /// What a point took in the end it says itself.
  void count_reuse(const std::string& id, bool was_to_reuse) {
    Diagnostics ignored;
    const std::string file = work_.store.folder(id) / "host.json";
    const std::optional<std::string> text = read_text_file(file, ignored);
    if (!text) return;
    const std::optional<Figures> host = parse_figures(*text, file, ignored);
    const std::string reused = host ? host->text("reused") : "";
    if (reused == "values") ++progress_.timed;
    if (reused == "timing") ++progress_.priced;
    if (reused == "nothing" && was_to_reuse) ++progress_.whole;
  }

  /// The results that a point was to take from another one do not serve it.
  void compute_whole(std::size_t point) {
    donors_.give_up(point);
    waiting_.push_front(point);
  }

  void fail(std::size_t point, const ProcessEnd& end, const Failure& failure) {
    // The plan was checked, so what refuses a run lies outside it: a full disk, files that changed. The next
    // sweep finds it gone, and this one would only find it again.
    if (end.exit_code == UserError::kExitCode && end.signal == 0) return stop(point, failure.reason);
    try {
      failures_.add(work_.plan.points[point].id, failure);
    } catch (const UserError& error) {
      return stop(point, fmt::format("{}; {}", failure.reason,
                                     failure_reason(UserError::kExitCode, 0, error.what())));
    }
    count(false);
  }

  /// No further points are started; those that run may end.
  void stop(std::size_t point, const std::string& why) {
    if (!obstacle_.empty()) return;
    obstacle_ =
        fmt::format("{}: {}; the same command goes on once that is mended", work_.plan.name_of(point), why);
  }

  [[nodiscard]] std::string reason(const ProcessEnd& end, const std::string& log) const {
    if (end.timed_out)
      return fmt::format("it took longer than {} (timeout)", format_quantity(params_.timeout));
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
  std::map<pid_t, Started> started_;
  ProcessGroup processes_;
  SweepProgress progress_;
  std::string obstacle_;       ///< why no more points are started
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
