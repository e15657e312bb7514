// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <optional>

#include <fmt/format.h>

#include "sim/base/log.h"
#include "sim/base/units.h"
#include "sim/cli/command.h"
#include "sim/cli/comparison_page.h"
#include "sim/cli/progress.h"
#include "sim/cli/variants.h"
#include "sim/compare/comparison_text.h"
#include "sim/report/summary_text.h"
#include "sim/report/writer.h"
#include "sim/run/run.h"

namespace squeezebar {
namespace {

std::filesystem::path output_folder(const Invocation& invocation) {
  if (invocation.has("output")) return invocation.get<std::string>("output");
  const ConfigName name = ConfigName::parse(config_of(invocation));
  const auto folder = std::filesystem::path("runs") / name.stem();
  return name.variant.empty() ? folder : folder / name.variant;
}

/// Everything that can be refused is refused before the run. The place for the results is tried last, because
/// that may create the folders it lies in.
Job checked_job(const Invocation& invocation, const std::filesystem::path& folder, bool force) {
  Diagnostics diagnostics;
  Job job = load_job(config_of(invocation), overrides_of(invocation), diagnostics);
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  invocation.console.warnings(diagnostics);
  check_images(job);
  check_output_folder(folder, force);
  return job;
}

class RunCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"CONFIG"}}; }

  void declare(po::options_description& options) const override {
    declare_overrides(options);
    auto add = options.add_options();
    add("output,o", po::value<std::string>()->value_name("DIR"),
        "folder of the results (default: runs/<name of CONFIG>)");
    add("reuse", po::value<std::string>()->value_name("RUN"),
        "take values, and time if it is the same, from the results of a run whose hardware computes the "
        "same");
    add("or-simulate", "with --reuse: if RUN has nothing that can be reused, simulate all");
    add("keep-values", po::value<std::string>()->value_name("SIZE"),
        "also write values.bin, for runs that reuse this one and differ in time, if it gets no larger than "
        "SIZE");
    add("force", "replace the results in DIR even if other files are there, which stay");
  }

  std::string details() const override {
    return "Loads and checks the config and its workload, simulates every image and writes a folder with "
           "report.html,\n"
           "summary.json, layers.csv, energy.csv and resolved.yaml (a config that repeats the run). The "
           "folder appears\n"
           "only when it is complete. The summary is printed on stdout.\n"
           "Of a config with variants all are run, each into a folder of its name in DIR; CONFIG#NAME runs "
           "one.\n\n"
           "  squeezebar run configs/examples/digits_sme.yaml\n"
           "  squeezebar run configs/examples/digits_sme.yaml --set adc.bits=4 -o runs/sme-4bit\n"
           "  squeezebar run configs/examples/digits_sme.yaml --set trace.timeline=true    # adds "
           "trace.json\n"
           "  squeezebar run runs/digits_sme/resolved.yaml --set run.images=10 --json\n";
  }

  int run(const Invocation& invocation) const override {
    const std::filesystem::path folder = output_folder(invocation);
    if (const auto names = variants_of(invocation); !names.empty()) {
      if (invocation.has("reuse"))
        throw UserError(Place{"squeezebar run", 0, 0}, "--reuse", "needs one variant, CONFIG#NAME");
      show_comparison(run_variants(invocation, names, folder), folder, invocation.console);
      return 0;
    }
    const bool force = invocation.has("force");
    const Job job = checked_job(invocation, folder, force);
    RunContext context{.reused = reusable(invocation, job),
                       .or_simulate = invocation.has("or-simulate"),
                       .traces = is_traced(job),
                       .values_limit_bytes = values_limit(invocation)};
    log_info(fmt::format("{} {} images of {}", doing(context), job.images, job.bundle.network.name));
    std::optional<RunFolder> results;
    if (context.traces || context.values_limit_bytes > 0)
      context.beside = results.emplace(folder, force).path();
    const Run run = simulate(job, std::move(context), invocation.console);
    log_info(fmt::format("simulated in {:.3g} s, writing {}", run.host.simulation_s, folder.string()));
    if (!results) results.emplace(folder, force);
    results->complete(job, run);
    show(run.result, folder, invocation.console);
    return 0;
  }

 private:
  /// The variants to run, if the config has some and none was chosen.
  static std::vector<std::string> variants_of(const Invocation& invocation) {
    const auto text = config_of(invocation);
    if (!ConfigName::parse(text).variant.empty()) return {};
    Diagnostics diagnostics;
    std::vector<std::string> names = config_variants(text, diagnostics);
    if (diagnostics.has_errors()) return {};  // loading the config tells them, with all others
    return names;
  }

  /// The variants in one table; the first is the baseline.
  static void show_comparison(const std::vector<std::filesystem::path>& folders,
                              const std::filesystem::path& folder, const Console& console) {
    if (folders.size() < 2) return;
    std::vector<StoredRun> runs = read_runs({folders.begin(), folders.end()});
    name_runs(runs);
    const auto page = folder / kComparisonPage;
    write_comparison_page(page, runs, {});
    const Comparison comparison = compare_runs(runs, {});
    if (console.json()) {
      console.result(comparison_json(comparison, nullptr));
    } else if (!console.quiet()) {
      console.result(comparison_text(comparison, {}) + "\nresults in " + folder.string() + " (open " +
                     page.string() + ")\n");
    }
  }

  static std::optional<Reusable> reusable(const Invocation& invocation, const Job& job) {
    if (!invocation.has("reuse")) return std::nullopt;
    Diagnostics diagnostics;
    std::optional<Reusable> out = find_reusable(job, invocation.get<std::string>("reuse"), diagnostics);
    if (out) return out;
    if (!invocation.has("or-simulate")) throw UserError(diagnostics);
    Diagnostics told;
    for (const Diagnostic& why : diagnostics.sorted())
      told.warning(why.place, why.key, why.message + "; all is simulated");
    invocation.console.warnings(told);
    return std::nullopt;
  }

  static std::uint64_t values_limit(const Invocation& invocation) {
    if (!invocation.has("keep-values")) return 0;
    const std::string text = invocation.get<std::string>("keep-values");
    const ParsedNumber size = parse_quantity(text, Dimension::capacity);
    if (!size.ok() || size.value < 0)
      throw UserError(Place{"squeezebar run", 0, 0}, "--keep-values",
                      fmt::format("must be a size like 1 GB, not '{}'", text));
    return static_cast<std::uint64_t>(size.value);
  }

  static std::string_view doing(const RunContext& context) {
    if (!context.reused) return "simulating";
    return context.reused->part == Reusable::Part::timing ? "pricing" : "timing";
  }

  static Run simulate(const Job& job, RunContext context, const Console& console) {
    ProgressLine line(console.shows_progress());
    context.progress = [&line](std::int64_t done, std::int64_t all) {
      line.update({.done = done, .all = all});
    };
    return run_job(job, context);
  }

  static void show(const RunResult& result, const std::filesystem::path& folder, const Console& console) {
    if (console.quiet()) return;
    if (console.json()) {
      console.result(Registry<ReportWriter>::instance().create("summary.json")->write(result));
    } else {
      console.result(summary_text(result) + "\nresults in " + folder.string() + " (open report.html)\n");
    }
  }
};

const Register<Command> reg{"run", "Simulates a network on a chip and writes the results into a folder.",
                            [] { return std::make_unique<RunCommand>(); }};

}  // namespace
}  // namespace squeezebar
