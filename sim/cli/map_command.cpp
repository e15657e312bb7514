// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "sim/base/config.h"
#include "sim/cli/command.h"
#include "sim/cli/map_output.h"
#include "sim/cli/variants.h"

namespace squeezebar {
namespace {

class MapCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"CONFIG"}}; }

  void declare(po::options_description& options) const override {
    declare_overrides(options);
    auto add = options.add_options();
    add("planes", "show the bit planes of every layer, not of the network alone");
    add("csv", "print a record for every step and layer as CSV");
  }

  std::string details() const override {
    return "conventional: all bits of a weight in adjacent columns of one crossbar. sliced: every bit plane "
           "in "
           "its own\n"
           "crossbar, those without a non-zero cell left out. squeezed: the top D planes of row groups freed "
           "by moving\n"
           "rows down, where that lowers crossbars x bit-cycles. grouped: the same, with rows that move "
           "together on\n"
           "the same crossbars. configured: what the config's own mapping takes. The network need not fit "
           "the "
           "chip.\n\n"
           "  squeezebar map configs/examples/digits_sme.yaml\n"
           "  squeezebar map configs/examples/digits_sme.yaml --set cell.bits=2 --planes\n"
           "  squeezebar map configs/examples/digits_sme.yaml --json\n";
  }

  int run(const Invocation& invocation) const override {
    const Console& console = invocation.console;
    if (console.json() && invocation.has("csv")) {
      throw UserError(Place{"squeezebar map", 0, 0}, "",
                      "--json and --csv exclude each other (see squeezebar map --help)");
    }
    refuse_all_variants("map", config_of(invocation));
    Diagnostics diagnostics;
    const Job job = load_inputs(config_of(invocation), overrides_of(invocation), diagnostics);
    if (diagnostics.has_errors()) throw UserError(diagnostics);
    const MappingSteps counted = count_steps(job, diagnostics);
    if (diagnostics.has_errors()) throw UserError(diagnostics);
    console.warnings(diagnostics);
    console.result(console.json()          ? map_json(job, counted)
                   : invocation.has("csv") ? map_csv(counted)
                                           : map_text(job, counted, invocation.has("planes")));
    return 0;
  }
};

const Register<Command> reg{"map",
                            "Counts the crossbars of every layer under each mapping, without a simulation.",
                            [] { return std::make_unique<MapCommand>(); }};

}  // namespace
}  // namespace squeezebar
