// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/cli/command.h"
#include "sim/report/number_text.h"
#include "sim/report/summary_text.h"
#include "sim/run/run.h"

namespace squeezebar {
namespace {

/// What was found to be in order.
struct Checked {
  std::int64_t sections = 0;
  std::string workload;
  std::int64_t layers = 0;
  std::int64_t crossbar_layers = 0;
  std::int64_t images = 0;  ///< that a run would simulate
  std::int64_t samples = 0;
  std::vector<std::string> synthetic;
  std::int64_t tiles = 0;
  std::vector<std::string> notes;
};

Checked facts(const Job& job) {
  Checked out;
  out.sections = static_cast<std::int64_t>(config_sections().size());
  out.workload = job.bundle.network.name;
  for (const Layer& layer : job.bundle.network.layers) {
    ++out.layers;
    if (layer.on_crossbars()) ++out.crossbar_layers;
  }
  out.samples = job.bundle.samples.count();
  out.images = job.images;
  out.synthetic = synthetic_parts(job.bundle);
  out.tiles = std::stoll(job.config.text("chip.tiles"));
  out.notes = price_notes(job);
  return out;
}

/// "100 of 599 images", "1 image to draw" or "no images".
std::string images_text(const Checked& c) {
  if (c.images == 0) return "no images";
  if (c.samples == 0) return counted(c.images, "image", "images") + " to draw";
  return fmt::format("{} of {}", count_text(c.images), counted(c.samples, "image", "images"));
}

std::string check_text(const std::string& file, const Checked& c) {
  std::string out = fmt::format("ok: {}: {}; workload {}: {} ({} on crossbars), {}; {}\n{}", file,
                                counted(c.sections, "section", "sections"), c.workload,
                                counted(c.layers, "layer", "layers"), c.crossbar_layers, images_text(c),
                                counted(c.tiles, "tile", "tiles"), synthetic_lines(c.synthetic));
  for (const std::string& note : c.notes) out += "note: " + note + "\n";
  return out;
}

std::string check_json(const std::string& file, const Checked& c) {
  const nlohmann::ordered_json out{{"ok", true},
                                   {"config", file},
                                   {"sections", c.sections},
                                   {"workload", c.workload},
                                   {"layers", c.layers},
                                   {"crossbar_layers", c.crossbar_layers},
                                   {"images", c.images},
                                   {"samples", c.samples},
                                   {"synthetic", c.synthetic},
                                   {"tiles", c.tiles},
                                   {"notes", c.notes}};
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

class CheckCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"CONFIG"}}; }
  void declare(po::options_description& options) const override { declare_overrides(options); }

  std::string details() const override {
    return "Everything that can be wrong is told at once, each with its place. A config that passes is "
           "refused by\n"
           "nothing later on. Of a config with variants all are checked; CONFIG#NAME checks one.\n\n"
           "  squeezebar check configs/examples/digits_sme.yaml\n"
           "  squeezebar check configs/examples/digits_sme.yaml --set buffer.size='2 KB' --json\n";
  }

  int run(const Invocation& invocation) const override {
    const auto file = config_of(invocation);
    Diagnostics diagnostics;
    std::vector<std::pair<std::string, Checked>> checked;
    for (const std::string& name : names_of(file)) {
      Diagnostics one;
      const Job job = load_job(name, overrides_of(invocation), one);
      if (!one.has_errors()) checked.emplace_back(name, facts(job));
      diagnostics.merge(one);
    }
    if (diagnostics.has_errors()) throw UserError(diagnostics);
    const Console& console = invocation.console;
    console.warnings(diagnostics);
    if (console.quiet()) return 0;
    std::string out;
    for (const auto& [name, facts] : checked)
      out += console.json() ? check_json(name, facts) : check_text(name, facts);
    console.result(out);
    return 0;
  }

 private:
  /// What a run of the config would run: all variants if it has some and none is chosen.
  static std::vector<std::string> names_of(const std::string& file) {
    if (!ConfigName::parse(file).variant.empty()) return {file};
    Diagnostics diagnostics;
    std::vector<std::string> names = config_variants(file, diagnostics);
    if (diagnostics.has_errors() || names.empty()) return {file};
    for (std::string& name : names) name.insert(0, file + "#");
    return names;
  }
};

const Register<Command> reg{"check", "Checks a config and its workload without a simulation.",
                            [] { return std::make_unique<CheckCommand>(); }};

}  // namespace
}  // namespace squeezebar
