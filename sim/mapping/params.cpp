// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>

#include "sim/base/config.h"
#include "sim/mapping/mapping.h"

namespace squeezebar {
namespace {

Schema<MappingParams> schema() {
  Schema<MappingParams> s("How weights are laid out on crossbars.");
  s.choice(
       "signs", &MappingParams::signs,
       {{"differential", Signs::differential}, {"offset", Signs::offset}, {"magnitude", Signs::magnitude}},
       {.doc = "Two crossbars subtracted digitally, biased weights with a unit column, or magnitudes with a "
               "free sign."})
      .field("flip_encoding", &MappingParams::flip_encoding,
             {.def = false,
              .doc = "Store a column inverted when more than half of its level sum would be used (ISAAC)."})
      .field("replicas", &MappingParams::replicas,
             {.def = 1,
              .min = 1,
              .max = 4096,
              .doc = "Copies of every row group, among which waves are dealt in turn.",
              .affects = Affects::timing});
  s.rule("flip_encoding", [](const MappingParams& p) {
    return p.flip_encoding && p.signs != Signs::offset
               ? "needs the unit column of signs: offset to undo the inversion"
               : nullptr;
  });
  return s;
}

const RegisterVariantSection<MappingParams, MappingScheme> section{"mapping", schema()};

const RegisterRule scheme_takes_signs{[](const Config& config, Diagnostics& diagnostics) {
  if (config.variant<MappingScheme>().takes(config.get<MappingParams>().signs)) return;
  diagnostics.error(config.place("mapping.signs"), "mapping.signs",
                    fmt::format("mapping.model: {} does not take signs: {}", config.model("mapping"),
                                config.text("mapping.signs")));
}};

}  // namespace
}  // namespace squeezebar
