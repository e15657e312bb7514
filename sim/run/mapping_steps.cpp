// SPDX-License-Identifier: Apache-2.0
#include "sim/run/mapping_steps.h"

#include <algorithm>

#include "sim/compile/hardware.h"
#include "sim/engine/crossbar/adc/adc_resolution.h"
#include "sim/run/adc_saving.h"

namespace squeezebar {
namespace {

/// Squeeze options that the steps take from the config.
SqueezeOptions configured_squeeze(const Config& config) {
  SqueezeOptions out;
  if (config.model("mapping") != "bit_sliced") return out;
  if (config.text("mapping.squeeze_mode") == "exact") out.mode = SqueezeMode::exact;
  out.error_cap = parse_number(config.text("mapping.squeeze_error_cap")).value;
  return out;
}

std::vector<MappingStep> steps_beside_the_configured(const SqueezeOptions& base) {
  std::vector<MappingStep> out{{"conventional", base, {}}, {"sliced", base, {}}};
  const auto add = [&](const char* name, SqueezePolicy policy, int degree, bool sorted) {
    SqueezeOptions options = base;
    options.policy = policy;
    options.degree = degree;
    options.sorted = sorted;
    out.push_back({name, options, {}});
  };
  for (int d = 1; d <= kMostStepDegree; ++d) add("squeezed", SqueezePolicy::winning, d, false);
  for (int d = 1; d <= kMostStepDegree; ++d) add("squeezed", SqueezePolicy::all, d, false);
  for (int d = 1; d <= kMostStepDegree; ++d) add("grouped", SqueezePolicy::winning, d, true);
  add("grouped", SqueezePolicy::automatic, kMostStepDegree, true);
  return out;
}

std::optional<PlaneCounts> count_step(const MappingStep& step, const Layer& layer,
                                      const PlaneAnalysis& analysis, const LayerUse& use) {
  const CrossbarGeometry& g = analysis.geometry();
  if (step.name == "conventional") {
    if (g.cells_per_weight(layer.weights) > g.columns) return std::nullopt;
    // Level sums have no part in these steps, so that the grid alone is enough.
    PlaneCounts out;
    const auto scheme = Registry<MappingScheme>::instance().create("conventional");
    out.allocated = {scheme->dense_arrays(layer.weights, g)};
    const int channels = g.columns / g.cells_per_weight(layer.weights);
    out.row_groups =
        std::int64_t{analysis.row_blocks()} * ((layer.weights.columns + channels - 1) / channels);
    out.running_groups = out.row_groups;
    const int cycles = (use.activation_bits + g.dac_bits - 1) / g.dac_bits;
    out.bit_cycles = out.row_groups * cycles;
    out.array_cycles = out.total() * cycles;
    return out;
  }
  SqueezeOptions options = step.squeeze;
  if (options.policy != SqueezePolicy::off && g.signs == Signs::offset) return std::nullopt;
  if (options.policy == SqueezePolicy::automatic)
    options.degree = std::min(options.degree, analysis.planes() - 1);
  if (options.wanted_degree() >= analysis.planes()) return std::nullopt;
  return count_planes(analysis, options, use.activation_bits);
}

CountedLayer describe(const Layer& layer, const CrossbarGeometry& g, int activation_bits) {
  const auto sliced = Registry<MappingScheme>::instance().create("bit_sliced");
  CountedLayer out;
  out.name = layer.name;
  out.op = layer.op_name;
  out.rows = layer.weights.rows;
  out.columns = layer.weights.columns;
  out.is_convolution = layer.is_convolution();
  out.planes = g.cells_per_weight(layer.weights);
  out.activation_bits = activation_bits;
  out.dense_sliced = sliced->dense_arrays(layer.weights, g);
  return out;
}

}  // namespace

std::optional<PlaneCounts> MappingStep::total(const std::vector<CountedLayer>& of, bool conv_only) const {
  PlaneCounts out;
  for (std::size_t i = 0; i < layers.size(); ++i) {
    if (conv_only && !of[i].is_convolution) continue;
    if (!layers[i]) return std::nullopt;
    const PlaneCounts& layer = *layers[i];
    out.allocated.resize(std::max(out.allocated.size(), layer.allocated.size()));
    for (std::size_t p = 0; p < layer.allocated.size(); ++p) out.allocated[p] += layer.allocated[p];
    out.row_groups += layer.row_groups;
    out.running_groups += layer.running_groups;
    out.squeezed_groups += layer.squeezed_groups;
    out.bit_cycles += layer.bit_cycles;
    out.array_cycles += layer.array_cycles;
    out.index += layer.index;
    out.error += layer.error;
    for (const auto& [sum, arrays] : layer.level_sums) out.level_sums[sum] += arrays;
  }
  return out;
}

MappingSteps count_steps(const Job& job, Diagnostics& diagnostics) {
  MappingSteps out;
  const Network& network = job.bundle.network;
  const CrossbarGeometry g = crossbar_geometry(job.config);
  if (!check_weights_fit(job.config, network, g, diagnostics)) return out;
  out.steps = steps_beside_the_configured(configured_squeeze(job.config));
  MappingStep configured{"configured", {}, {}};
  const MappingScheme& scheme = job.config.variant<MappingScheme>();
  for (const Layer& layer : network.layers) {
    if (!layer.on_crossbars()) continue;
    const LayerUse use{layer.name, network.quantisation(layer.inputs[0]).bits};
    const PlaneAnalysis analysis(layer.weights, g);
    for (MappingStep& step : out.steps) step.layers.push_back(count_step(step, layer, analysis, use));
    CountedLayer counted = describe(layer, g, use.activation_bits);
    configured.layers.emplace_back(scheme.count(layer.weights, g, use));
    counted.lossless_adc_bits = lossless_bits(configured.layers.back()->largest_level_sum() * g.full_drive());
    out.layers.push_back(std::move(counted));
  }
  const auto total = configured.total(out.layers, false);
  out.adc_saving = adc_saving(job.config, network, total ? total->level_sums : LevelSumCounts{});
  out.steps.push_back(std::move(configured));
  return out;
}

}  // namespace squeezebar
