// SPDX-License-Identifier: Apache-2.0
#include "sim/base/config.h"
#include "sim/engine/crossbar/mapping/mapping.h"

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
              .affects = Affects::timing})
      .choice("replication", &MappingParams::replication,
              {{"fixed", Replication::fixed}, {"balanced", Replication::balanced}},
              {.def = Replication::fixed,
               .doc = "The same number of copies of every row group, or one more copy at a time of the row "
                      "group that takes longest.",
               .affects = Affects::timing})
      .choice("crossbar_budget", &MappingParams::crossbar_budget,
              {{"dense_sliced", CrossbarBudget::dense_sliced},
               {"conventional", CrossbarBudget::conventional},
               {"chip", CrossbarBudget::chip}},
              {.def = CrossbarBudget::dense_sliced,
               .doc = "Crossbars that replication: balanced may use: those of the unsqueezed grid of bit "
                      "planes, those of the conventional mapping, or all of the chip.",
               .affects = Affects::timing})
      .choice("placement", &MappingParams::placement,
              {{"in_order", TilePlacement::in_order}, {"longest_first", TilePlacement::longest_first}},
              {.def = TilePlacement::in_order,
               .doc = "How a layer's row groups are dealt onto its tiles: one after the other, or the "
                      "longest first on the tile with the least work and enough room.",
               .affects = Affects::timing});
  s.rule("flip_encoding", [](const MappingParams& p) {
    return p.flip_encoding && p.signs != Signs::offset
               ? "needs the unit column of signs: offset to undo the inversion"
               : nullptr;
  });
  s.rule("replicas", [](const MappingParams& p) {
    return p.replication == Replication::balanced && p.replicas != 1
               ? "is for replication: fixed; balanced chooses the copies itself"
               : nullptr;
  });
  return s;
}

const RegisterVariantSection<MappingParams, MappingScheme> section{"mapping", schema()};

}  // namespace
}  // namespace squeezebar
