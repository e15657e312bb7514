// SPDX-License-Identifier: Apache-2.0
#include <chrono>
#include <filesystem>
#include <memory>

#include <fmt/format.h>

#include "sim/base/interrupt.h"
#include "sim/base/version.h"
#include "sim/base/whole_file.h"
#include "sim/cli/command.h"
#include "sim/cli/progress.h"
#include "sim/cli/python_package.h"
#include "sim/cli/sweep_check.h"
#include "sim/cli/sweep_probe.h"
#include "sim/cli/sweep_request.h"
#include "sim/cli/sweep_text.h"
#include "sim/cli/workload_recipes.h"
#include "sim/run/params.h"
#include "sim/sweep/engine.h"
#include "sim/sweep/sweep.h"
#include "sim/sweep/table.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

constexpr int kSomeFailed = 1;

/// The seed that replicates count up from. What is wrong with the base is told with its points.
std::int64_t base_seed(const SweepSpec& spec) {
  Diagnostics ignored;
  const Config base = ConfigBase(spec.base).with(spec.fixed, ignored);
  return base.valid() ? base.get<RunParams>().seed : RunParams{}.seed;
}

UnfitPoints unfit_points_of(const Invocation& invocation) {
  if (invocation.has("strict")) return UnfitPoints::refused;
  return invocation.has("all-may-be-unfit") ? UnfitPoints::rows_or_all : UnfitPoints::rows;
}

/// A folder was planned with what its spec allowed.
void refuse_unfit_if_strict(const Invocation& invocation, const Plan& plan) {
  if (!invocation.has("strict") || plan.unfit().empty()) return;
  const std::size_t first = plan.unfit().front();
  throw UserError(Place{plan.spec, 0, 0}, plan.name_of(first), "is unfit: " + plan.points[first].unfit);
}

Plan plan_of(const Invocation& invocation, const fs::path& file) {
  Diagnostics diagnostics;
  SweepSpec spec = read_sweep_spec(file.string(), diagnostics);
  add_overrides(invocation, spec, diagnostics);
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  const SweepPoints points = expand(spec, base_seed(spec), diagnostics);
  Plan plan;
  if (!diagnostics.has_errors())
    plan = make_plan(spec, points, tool_version(), check_like_run(spec.base), unfit_points_of(invocation),
                     diagnostics);
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  invocation.console.warnings(diagnostics);
  return plan;
}

/// A line that is redrawn on a terminal, lines of a log elsewhere.
class ShownProgress {
 public:
  explicit ShownProgress(const Console& console) : console_(console), line_(console.shows_progress()) {}

  void update(const SweepProgress& p) {
    const Counted counted{.things = "points",
                          .done = static_cast<std::int64_t>(p.done),
                          .all = static_cast<std::int64_t>(p.all),
                          .failed = static_cast<std::int64_t>(p.failed)};
    line_.update(counted);
    if (console_.shows_progress()) return;
    const std::chrono::duration<double> elapsed = std::chrono::steady_clock::now() - start_;
    if (const auto text = log_.line(counted, elapsed.count())) console_.note(*text);
  }

 private:
  const Console& console_;
  ProgressLine line_;
  ProgressLog log_;
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
};

class SweepCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override {
    return {{.name = "SPEC"}, {.name = "TARGET", .required = false}};
  }

  void declare(po::options_description& options) const override { declare_sweep_options(options); }

  std::string details() const override {
    return "Runs every point of a sweep and writes one table of them. Points that have results are not "
           "computed "
           "again, so\n"
           "an interrupted sweep goes on when it is started again. docs/reference/sweep.md has the format of "
           "SPEC.\n"
           "SPEC may also be the folder of a sweep, which is then computed as it was planned.\n\n"
           "  squeezebar sweep configs/examples/adc_sparsity.yaml\n"
           "  squeezebar sweep plan SPEC      check and list all points, with the time that they will take\n"
           "  squeezebar sweep status DIR     how far a sweep is\n"
           "  squeezebar sweep merge DIR      write the tables of what is there\n"
           "  squeezebar sweep cancel DIR     end what a cluster computes for it\n"
           "  squeezebar sweep SPEC --engine print --engine-set shards=40      a command for each share\n";
  }

  int run(const Invocation& invocation) const override {
    const SweepRequest request = sweep_request_of(invocation);
    if (request.action == "status" || request.action == "merge") {
      if (!request.is_folder)
        refuse_sweep_usage(fmt::format("'{}' is not the folder of a sweep", request.target.string()));
      const SweepTable table = finish(invocation, open_sweep(invocation, request), request.action == "merge");
      return table.failed > 0 ? kSomeFailed : 0;
    }
    if (request.action == "cancel") return cancel(invocation, request);
    const SweepFolder folder = sweep_folder_of(invocation, request);
    if (request.action == "plan") return show_plan(invocation, request, folder);
    if (request.is_folder) {
      const PlanHold hold = folder.hold_plan();
      const Plan plan = folder.read_plan();
      if (plan.program != program_digest())
        throw UserError(Place{request.target.string(), 0, 0}, "",
                        "was planned by another program; run 'squeezebar sweep' with its spec again");
      refuse_unfit_if_strict(invocation, plan);
      return compute(invocation, plan, folder);
    }
    Plan plan = plan_of(invocation, request.target);
    if (!plan.missing.empty()) {
      if (!invocation.has("build-workloads")) refuse_missing(plan);
      build_workloads(plan.missing, invocation.console);
      plan = plan_of(invocation, request.target);
      if (!plan.missing.empty()) refuse_missing(plan);
    }
    const PlanHold hold = folder.write_plan(plan);
    return compute(invocation, plan, folder);
  }

 private:
  static int show_plan(const Invocation& invocation, const SweepRequest& request, const SweepFolder& folder) {
    const Plan plan = request.is_folder ? folder.read_plan() : plan_of(invocation, request.target);
    refuse_unfit_if_strict(invocation, plan);
    const std::vector<std::size_t> pending = pending_points(plan, folder, {});
    const Console& console = invocation.console;
    if (console.json()) {
      console.result(plan_json(plan));
    } else {
      console.result(plan_text(plan, pending.size(), pending.empty() ? std::nullopt : probe(plan, pending)));
    }
    return 0;
  }

  [[noreturn]] static void refuse_missing(const Plan& plan) {
    Diagnostics diagnostics;
    for (const MissingWorkload& one : plan.missing)
      diagnostics.error(
          Place{plan.spec, 0, 0}, "workload.bundle",
          fmt::format("'{}' is missing, {} points need it; make it with: {} (or use --build-workloads)",
                      one.bundle, one.points, one.recipe));
    throw UserError(diagnostics);
  }

  static int compute(const Invocation& invocation, const Plan& plan, const SweepFolder& folder) {
    const std::unique_ptr<Engine> engine = engine_of(invocation);
    const PendingOptions wanted = pending_options_of(invocation);
    const bool is_shard = invocation.has("shard");
    check_takes_files(folder.path());
    std::vector<PointFault> faults;
    std::vector<std::size_t> pending = pending_points(plan, folder, wanted, &faults);
    tell_faults(plan, faults, "computed again", invocation.console);
    if (!pending.empty()) check_takes_files(folder.store().root());
    ShownProgress shown(invocation.console);
    const EngineWork work{.plan = plan,
                          .store = folder.store(),
                          .folder = folder.path(),
                          .pending = std::move(pending),
                          .fresh = wanted.fresh,
                          .retry_failed = wanted.retry_failed,
                          .progress = [&shown](const SweepProgress& p) { shown.update(p); },
                          .print = [&](const std::string& text) { invocation.console.result(text); }};
    invocation.console.note(
        fmt::format("{} of {} points to compute", work.pending.size(), plan.points.size()));
    if (const std::size_t unfit = plan.unfit().size(); unfit > 0)
      invocation.console.note(
          fmt::format("{} of {} points are unfit; column 'reason' says why", unfit, plan.points.size()));
    SweepProgress progress;
    const auto say_goodbye = [&] {
      invocation.console.note("interrupted; the same command goes on where it was");
    };
    try {
      const AtStake at_stake({.clear = say_goodbye});
      progress = engine->run(work);
      if (progress.timed > 0)
        invocation.console.note(fmt::format("{} of them took values from another point", progress.timed));
      if (progress.priced > 0)
        invocation.console.note(fmt::format(
            "{} of them took values and time from another point and were priced alone", progress.priced));
      if (progress.whole > 0)
        invocation.console.note(fmt::format(
            "{} of them were to take something from results that are damaged or do not serve them, and were "
            "computed whole; --verify computes what is damaged again",
            progress.whole));
    } catch (const Interrupted&) {
      say_goodbye();
      throw;
    }
    if (!engine->waits() || is_shard) return progress.failed > 0 ? kSomeFailed : 0;
    const SweepTable table = finish(invocation, folder, true);
    if (table.missing > 0)
      invocation.console.note("results were removed meanwhile; the same command computes them again");
    if (progress.failed > table.failed)
      invocation.console.note(fmt::format("{} points failed that have earlier results, which stay; see {}",
                                          progress.failed - table.failed,
                                          (folder.path() / "failed").string()));
    const bool is_whole = table.failed == 0 && table.missing == 0 && progress.failed == 0;
    return is_whole ? 0 : kSomeFailed;
  }

  static int cancel(const Invocation& invocation, const SweepRequest& request) {
    const SweepFolder folder = SweepFolder::open(request.target);
    bool any = false;
    for (const std::string& name : Registry<Engine>::instance().names())
      any = Registry<Engine>::instance().create(name)->cancel(folder.path()) || any;
    invocation.console.note(any ? "cancelled; points that are done stay"
                                : "nothing is being computed elsewhere");
    return 0;
  }

  /// The tables are there whether or not the page can be made.
  static bool make_report(const SweepFolder& folder, const Console& console) {
    try {
      if (run_python_package("results", {"report", folder.path().string(), "--quiet"}) == 0) return true;
      console.note("no report.html was made; see the message above (--no-report leaves it out)");
    } catch (const RunError& error) {
      console.note(fmt::format("no report.html was made: {}", error.what()));
    }
    return false;
  }

  static std::string places_text(const SweepFolder& folder, bool has_report) {
    const std::string page =
        has_report ? fmt::format(" (open {})", (folder.path() / "report.html").string()) : "";
    return fmt::format("\ntables in {}{}\n", folder.path().string(), page);
  }

  static std::string states_text(const SweepFolder& folder) {
    std::string out;
    for (const std::string& name : Registry<Engine>::instance().names()) {
      const std::string state = Registry<Engine>::instance().create(name)->state(folder.path());
      if (!state.empty()) out += state + "\n";
    }
    return out;
  }

  /// Tells how far the sweep is and, if asked to, writes that down.
  static SweepTable finish(const Invocation& invocation, const SweepFolder& folder, bool writes) {
    const Plan plan = folder.read_plan();
    SweepTable table = merge(plan, folder);
    tell_faults(plan, table.faults, "the sweep computes it again", invocation.console);
    if (writes) write_tables(table, folder.path());
    const Console& console = invocation.console;
    const bool has_report =
        writes && table.done > 0 && !invocation.has("no-report") && make_report(folder, console);
    if (console.json()) {
      console.result(sweep_json(table));
    } else if (!console.quiet()) {
      console.result(states_text(folder) + sweep_text(table) +
                     (writes ? places_text(folder, has_report) : ""));
    }
    return table;
  }
};

const Register<Command> reg{"sweep", "Runs a config over many values of its keys and writes one table.",
                            [] { return std::make_unique<SweepCommand>(); }};

}  // namespace
}  // namespace squeezebar
