// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "sim/cli/command.h"
#include "sim/cli/comparison_page.h"
#include "sim/compare/comparison_text.h"
#include "sim/report/number_text.h"

namespace squeezebar {
namespace {

using Words = std::vector<std::string>;

constexpr int kDiffers = 3;

[[noreturn]] void usage_error(const std::string& message) {
  throw UserError(Place{"squeezebar compare", 0, 0}, "", message + " (see squeezebar compare --help)");
}

void give_names(const Words& names, std::vector<StoredRun>& runs) {
  name_runs(runs);
  if (names.empty()) return;
  if (names.size() != runs.size())
    usage_error(fmt::format("{} of {} --name are given; name every run or none", names.size(), runs.size()));
  for (std::size_t i = 0; i < runs.size(); ++i) runs[i].name = names[i];
}

double tolerance_of(const Invocation& invocation) {
  if (!invocation.has("tolerance")) return 0.0;
  if (!invocation.has("expect-equal")) usage_error("--tolerance needs --expect-equal");
  const std::string text = invocation.get<std::string>("tolerance");
  const ParsedNumber number = parse_number(text);
  if (!number.ok() || number.value < 0.0 || number.value >= 1.0)
    usage_error(fmt::format("--tolerance must be a number in [0, 1), not '{}'", text));
  return number.value;
}

class CompareCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override {
    return {{.name = "RUN", .required = true, .repeated = true}};
  }

  void declare(po::options_description& options) const override {
    auto add = options.add_options();
    add("layers", po::value<Words>()->composing()->value_name("METRIC"),
        "compare a figure of every layer instead: crossbars, cycles, stalls, energy, latency, conversions, "
        "clipped, or a column of layers.csv; may be repeated");
    add("name", po::value<Words>()->composing()->value_name("NAME"),
        "what to call a run, in the order of the runs (default: its folder); once for every run");
    add("config", "list every key of the configs that differs");
    add("csv", "print the comparison as CSV");
    add("html", po::value<std::string>()->value_name("FILE"),
        "also write the comparison as a page with charts");
    add("expect-equal", "end with exit code 3 and list what differs if the results are not the same");
    add("tolerance", po::value<std::string>()->value_name("R"),
        "with --expect-equal: how far numbers may differ, relative to the larger (default: 0)");
  }

  std::string details() const override {
    return "RUN is a folder that 'squeezebar run' wrote; the first is the baseline of all ratios. Totals "
           "over "
           "all images\n"
           "can only be compared between runs of as many images: a warning tells where runs differ in what "
           "they ran.\n\n"
           "  squeezebar compare runs/digits_isaac runs/digits_sme\n"
           "  squeezebar compare runs/digits_isaac runs/digits_sme --layers cycles --layers stalls\n"
           "  squeezebar compare runs/a runs/b --html comparison.html\n"
           "  squeezebar compare runs/a runs/b --expect-equal --tolerance 1e-12\n";
  }

  int run(const Invocation& invocation) const override {
    const Console& console = invocation.console;
    const auto folders = invocation.get<Words>("RUN");
    if (folders.size() < 2) usage_error("needs at least two runs");
    if (console.json() && invocation.has("csv")) usage_error("--json and --csv exclude each other");
    const double tolerance = tolerance_of(invocation);
    std::vector<StoredRun> runs = read_runs(folders);
    give_names(invocation.get<Words>("name"), runs);
    std::vector<LayerMetric> metrics;
    for (const std::string& name : invocation.get<Words>("layers"))
      metrics.push_back(find_layer_metric(name, runs));
    const Comparison comparison = compare_runs(runs, metrics);
    warn(comparison, console);
    if (invocation.has("html")) write_comparison_page(invocation.get<std::string>("html"), runs, metrics);
    if (!invocation.has("expect-equal")) {
      show(comparison, invocation, nullptr);
      return 0;
    }
    const std::vector<ResultDifference> found = differences(runs, tolerance);
    show(comparison, invocation, &found);
    if (found.empty()) return 0;
    console.note(fmt::format("squeezebar compare: {} not as in {}:{}",
                             counted(static_cast<std::int64_t>(found.size()), "result is", "results are"),
                             comparison.names[0], differences_text(found)));
    return kDiffers;
  }

 private:
  static void warn(const Comparison& comparison, const Console& console) {
    Diagnostics diagnostics;
    for (const std::string& warning : comparison.warnings)
      diagnostics.warning(Place{"squeezebar compare", 0, 0}, "", warning);
    console.warnings(diagnostics);
  }

  static void show(const Comparison& comparison, const Invocation& invocation,
                   const std::vector<ResultDifference>* differences) {
    const Console& console = invocation.console;
    if (console.json()) return console.result(comparison_json(comparison, differences));
    if (invocation.has("csv")) return console.result(comparison_csv(comparison));
    if (console.quiet()) return;
    console.result(comparison_text(comparison, {.whole_config = invocation.has("config")}));
  }
};

const Register<Command> reg{"compare", "Compares the results of runs in one table.",
                            [] { return std::make_unique<CompareCommand>(); }};

}  // namespace
}  // namespace squeezebar
