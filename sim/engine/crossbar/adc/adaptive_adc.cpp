// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/adc/adaptive_adc.h"

#include <algorithm>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "models/adc/adaptive_adc.h"
#include "models/adc/adc.h"
#include "sim/engine/crossbar/row_group_time.h"

namespace squeezebar {
namespace {

constexpr const char* kKey = "adc.accounting";

/// What the counts of a run cannot tell apart.
const RegisterRule adaptive_rule{[](const Config& config, Diagnostics& diagnostics) {
  if (!is_adaptive(config)) return;
  const auto refuse = [&](const char* key, const std::string& why) {
    diagnostics.error(config.place(key), key, why);
  };
  if (config.get<AdaptiveAdcParams>().bits.empty()) {
    refuse(kKey,
           "adaptive needs a table of bits; set adaptive_adc.bits or include "
           "configs/circuit/newton_adaptive.yaml");
  }
  const MappingScheme& scheme = config.variant<MappingScheme>();
  if (scheme.sliced() || scheme.operation_unit()) {
    refuse(
        "mapping.model",
        "adc.accounting: adaptive needs all slices of a weight in one crossbar that is read as a whole; set "
        "mapping.model: conventional");
    return;
  }
  if (skips_zeros(config)) {
    refuse("row_pipeline.input_zero_skip",
           "adc.accounting: adaptive charges by input cycle, and which of them are skipped is not counted "
           "apart; "
           "set it to false");
  }
  if (config.get<AdcParams>().scan == AdcScan::occupied) {
    refuse("adc.scan",
           "adc.accounting: adaptive charges by slice, and occupied columns are not counted by slice; set "
           "all or "
           "mapped");
  }
}};

std::string misfit(const AdaptiveAdcParams& table, const Layer& layer, const Quantisation& input,
                   const CrossbarGeometry& g, int cycles) {
  return fmt::format(
      "the table of adaptive_adc has {} input cycles of {} slices, but layer '{}' has {} ({}-bit inputs, "
      "{}-bit DACs) "
      "of {} ({}-bit weights, {}-bit cells); give a table of that size or use accounting: exact",
      table.cycles(), table.slices, layer.name, cycles, input.bits, g.dac_bits,
      g.cells_per_weight(layer.weights), g.weight_bits(layer.weights), g.cell_bits);
}

}  // namespace

bool is_adaptive(const Config& config) {
  return config.get<AdcParams>().accounting == AdcAccounting::adaptive;
}

void check_adaptive(const Config& config, const Network& network, const MappedNetwork& mapped,
                    Diagnostics& diagnostics) {
  if (!is_adaptive(config)) return;
  const CrossbarGeometry& g = mapped.geometry;
  const AdaptiveAdcParams& table = config.get<AdaptiveAdcParams>();
  // Layers of the same size are wrong in the same way: the first one stands for them.
  std::set<std::pair<int, int>> told;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (mapped.layers[i].mapping.groups.empty()) continue;
    const Quantisation& input = network.quantisation(layer.inputs[0]);
    const int cycles = stream_length(input, g, mapped.layers[i].mapping.groups.front());
    const int slices = g.cells_per_weight(layer.weights);
    if (cycles == table.cycles() && slices == table.slices) continue;
    if (told.insert({cycles, slices}).second)
      diagnostics.error(config.place(kKey), kKey, misfit(table, layer, input, g, cycles));
  }
}

void add_adaptive_conversions(const Config& config, const MappedGroup& group, std::size_t array,
                              std::uint64_t scanned, std::map<int, std::uint64_t>& by_bits) {
  const AdaptiveAdcParams& table = config.get<AdaptiveAdcParams>();
  const int all_bits = group.adcs[array].priced_bits;
  // The digits of a weight are in adjacent columns, the most significant first.
  const auto mapped = static_cast<std::uint64_t>(group.facts[array].mapped_columns);
  const std::uint64_t weights = mapped / static_cast<std::uint64_t>(table.slices);
  for (int cycle = 0; cycle < table.cycles(); ++cycle) {
    for (int slice = 0; slice < table.slices; ++slice)
      by_bits[std::min(all_bits, table.at(cycle, slice))] += weights;
    by_bits[all_bits] += scanned - mapped;
  }
}

}  // namespace squeezebar
