// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/cli/command.h"
#include "sim/cli/progress.h"
#include "sim/cli/python_package.h"
#include "sim/cli/sweep_check.h"
#include "sim/cli/sweep_probe.h"
#include "sim/cli/sweep_text.h"
#include "sim/cli/workload_recipes.h"
#include "sim/run/params.h"
#include "sim/run/version.h"
#include "sim/sweep/engine.h"
#include "sim/sweep/sweep.h"
#include "sim/sweep/table.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

constexpr int kSomeFailed = 1;
const Words kActions{"plan", "status", "merge", "cancel"};

[[noreturn]] void usage_error(const std::string& message) {
  throw UserError(Place{"squeezebar sweep", 0, 0}, "", message + " (see squeezebar sweep --help)");
}

/// What the user asked for.
struct Request {
  std::string action;  ///< empty: run
  fs::path target;     ///< a spec, or the folder of a sweep
  bool is_folder = false;
};

Request request_of(const Invocation& invocation) {
  const std::string first = invocation.get<std::string>("SPEC");
  const std::string second = invocation.get<std::string>("TARGET");
  Request out;
  const bool is_action = std::find(kActions.begin(), kActions.end(), first) != kActions.end();
  if (!second.empty() && !is_action)
    usage_error(
        fmt::format("'{}' is none of {}{}", first, fmt::join(kActions, ", "), did_you_mean(first, kActions)));
  if (is_action && second.empty())
    usage_error(fmt::format("'{}' needs a spec or the folder of a sweep", first));
  out.action = is_action ? first : "";
  out.target = is_action ? second : first;
  std::error_code error;
  out.is_folder = fs::is_directory(out.target, error);
  return out;
}

/// Values for all points, from the command line.
void add_overrides(const Words& texts, SweepSpec& spec, Diagnostics& diagnostics) {
  std::set<std::string> axes;
  const auto take = [&axes](const std::vector<AxisValue>& values) {
    for (const AxisValue& value : values) {
      for (const ConfigOverride& setting : value.settings) axes.insert(setting.key);
    }
  };
  for (const Axis& axis : spec.axes) take(axis.values);
  for (const SampledAxis& axis : spec.sample.axes) {
    take(axis.values);
    if (axis.interval) axes.insert(axis.name);
  }
  for (const std::string& text : texts) {
    std::optional<ConfigOverride> one = parse_override(text, diagnostics);
    if (!one) continue;
    if (axes.contains(one->key)) {
      diagnostics.error(one->value.place, one->key, "is an axis of the sweep; change it in the spec");
      continue;
    }
    std::erase_if(spec.fixed, [&](const ConfigOverride& known) { return known.key == one->key; });
    spec.fixed.push_back(std::move(*one));
  }
}

/// The seed that replicates count up from. What is wrong with the base is told with its points.
std::int64_t base_seed(const SweepSpec& spec) {
  Diagnostics ignored;
  const Config base = load_config_with(spec.base, spec.fixed, ignored);
  return base.valid() ? base.get<RunParams>().seed : RunParams{}.seed;
}

Plan plan_of(const Invocation& invocation, const fs::path& file) {
  Diagnostics diagnostics;
  SweepSpec spec = read_sweep_spec(file.string(), diagnostics);
  add_overrides(overrides_of(invocation), spec, diagnostics);
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  const SweepPoints points = expand(spec, base_seed(spec), diagnostics);
  Plan plan;
  if (!diagnostics.has_errors())
    plan = make_plan(spec, points, tool_version(), check_like_run(spec.base), diagnostics);
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  invocation.console.warnings(diagnostics);
  return plan;
}

SweepFolder folder_of(const Invocation& invocation, const Request& request) {
  if (request.is_folder) {
    if (invocation.has("output") || invocation.has("store"))
      usage_error("the folder of a sweep knows its places; leave out --output and --store");
    return SweepFolder::open(request.target);
  }
  const fs::path folder = invocation.has("output") ? fs::path(invocation.get<std::string>("output"))
                                                   : fs::path("runs") / request.target.stem();
  const fs::path beside = fs::absolute(folder).lexically_normal().parent_path() / "points";
  return {folder, invocation.has("store") ? fs::path(invocation.get<std::string>("store"))
                                          : beside.lexically_relative(fs::current_path())};
}

std::unique_ptr<Engine> engine_of(const Invocation& invocation) {
  const std::string name = invocation.get<std::string>("engine", "local");
  const auto& engines = Registry<Engine>::instance();
  if (engines.find(name) == nullptr)
    usage_error(fmt::format("--engine must be one of {}, not '{}'{}", fmt::join(engines.names(), ", "), name,
                            did_you_mean(name, engines.names())));
  Words fields;
  if (invocation.has("jobs")) fields.push_back(fmt::format("jobs: {}", invocation.get<std::string>("jobs")));
  for (const std::string& text : invocation.get<Words>("engine-set")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
      usage_error(fmt::format("--engine-set '{}' must have the form key=value", text));
    fields.push_back(text.substr(0, equals) + ": " + text.substr(equals + 1));
  }
  return engines.create(name, fmt::format("{{{}}}", fmt::join(fields, ", ")));
}

class SweepCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override {
    return {{.name = "SPEC"}, {.name = "TARGET", .required = false}};
  }

  void declare(po::options_description& options) const override {
    declare_overrides(options);
    auto add = options.add_options();
    add("output,o", po::value<std::string>()->value_name("DIR"),
        "folder of the sweep: plan, tables, failures (default: runs/<name of SPEC>)");
    add("store", po::value<std::string>()->value_name("DIR"),
        "folder of the points' results, which sweeps may share (default: points beside the sweep's folder)");
    add("engine", po::value<std::string>()->value_name("NAME"), "who computes the points (default: local)");
    add("engine-set", po::value<Words>()->composing()->value_name("KEY=VALUE"),
        "an option of the engine; may be repeated");
    add("jobs,j", po::value<std::string>()->value_name("N"), "as --engine-set jobs=N");
    add("shard", po::value<std::string>()->value_name("K/N"),
        "compute the K-th of N shares of the points, and nothing else");
    add("fresh", "compute points again that have results");
    add("retry-failed", "compute points again that failed before");
    add("no-report", "write the tables alone, not report.html");
    add("build-workloads", "run the recipes of bundles that are missing");
  }

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
    const Request request = request_of(invocation);
    if (request.action == "status" || request.action == "merge") {
      if (!request.is_folder)
        usage_error(fmt::format("'{}' is not the folder of a sweep", request.target.string()));
      const SweepTable table =
          finish(invocation, SweepFolder::open(request.target), request.action == "merge");
      return table.failed > 0 ? kSomeFailed : 0;
    }
    if (request.action == "cancel") return cancel(invocation, request);
    const SweepFolder folder = folder_of(invocation, request);
    if (request.action == "plan") return show_plan(invocation, request, folder);
    if (request.is_folder) {
      const PlanHold hold = folder.hold_plan();
      return compute(invocation, folder.read_plan(), folder);
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
  static int show_plan(const Invocation& invocation, const Request& request, const SweepFolder& folder) {
    const Plan plan = request.is_folder ? folder.read_plan() : plan_of(invocation, request.target);
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
    PendingOptions wanted{
        .shard = {}, .fresh = invocation.has("fresh"), .retry_failed = invocation.has("retry-failed")};
    const bool is_shard = invocation.has("shard");
    if (is_shard) {
      const std::optional<Shard> shard = Shard::parse(invocation.get<std::string>("shard"));
      if (!shard) usage_error("--shard must be K/N with K from 1 to N, like 3/40");
      wanted.shard = *shard;
    }
    ProgressLine line(invocation.console.shows_progress());
    const EngineWork work{.plan = plan,
                          .store = folder.store(),
                          .folder = folder.path(),
                          .pending = pending_points(plan, folder, wanted),
                          .fresh = wanted.fresh,
                          .retry_failed = wanted.retry_failed,
                          .options = {},
                          .progress =
                              [&line](const SweepProgress& p) {
                                line.update({.things = "points",
                                             .done = static_cast<std::int64_t>(p.done),
                                             .all = static_cast<std::int64_t>(p.all),
                                             .failed = static_cast<std::int64_t>(p.failed)});
                              },
                          .print = [&](const std::string& text) { invocation.console.result(text); }};
    invocation.console.note(
        fmt::format("{} of {} points to compute", work.pending.size(), plan.points.size()));
    SweepProgress progress;
    try {
      progress = engine->run(work);
      if (progress.reused > 0)
        invocation.console.note(fmt::format(
            "{} of them took values and time from another point and were priced alone", progress.reused));
    } catch (const Interrupted&) {
      invocation.console.note("interrupted; the same command goes on where it was");
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

  static int cancel(const Invocation& invocation, const Request& request) {
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
    SweepTable table = merge(folder.read_plan(), folder);
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
