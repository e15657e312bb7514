// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapped_network.h"

#include <algorithm>

#include <fmt/format.h>

#include "models/adc/adc.h"
#include "models/cell/cell.h"
#include "models/crossbar/crossbar.h"
#include "models/dac/dac.h"
#include "models/index_memory/index_memory.h"
#include "models/row_pipeline/row_pipeline.h"
#include "sim/engine/crossbar/accumulator_bound.h"
#include "sim/engine/crossbar/adc/adaptive_adc.h"
#include "sim/engine/crossbar/adc/adc_resolution.h"

namespace squeezebar {

bool check_weights_fit(const Config& config, const Network& network, const CrossbarGeometry& g,
                       Diagnostics& diagnostics) {
  bool fits = true;
  for (const SchemeFault& fault : config.variant<MappingScheme>().check(network, g)) {
    const std::string key = "mapping." + fault.field;
    diagnostics.error(config.place(key), key, fault.message);
    fits = false;
  }
  for (const Layer& layer : network.layers) {
    if (!layer.on_crossbars()) continue;
    if (!config.variant<MappingScheme>().sliced() && g.cells_per_weight(layer.weights) > g.columns) {
      diagnostics.error(config.place("crossbar.columns"), "crossbar.columns",
                        fmt::format("a weight of layer '{}' needs {} columns, a crossbar has {}", layer.name,
                                    g.cells_per_weight(layer.weights), g.columns));
      fits = false;
    }
    const Quantisation& input = network.quantisation(layer.inputs[0]);
    if (!accumulator_bound(config, g, layer.weights, input)) {
      diagnostics.error(
          config.place("workload.bundle"), "workload.bundle",
          fmt::format(
              "layer '{}' cannot be computed exactly: {} rows of {}-bit weights with {}-bit inputs may "
              "add up to more than the 2^63 / 256 of an accumulator; it needs fewer rows or bits",
              layer.name, layer.weights.rows, layer.weights.magnitude_bits, input.bits));
      fits = false;
    }
    if (input.is_signed && g.dac_bits != 1) {
      diagnostics.error(config.place("dac.bits"), "dac.bits",
                        fmt::format("must be 1, because layer '{}' has signed inputs", layer.name));
      fits = false;
    }
  }
  return fits;
}

namespace {

void map_layer(const Config& config, const Layer& layer, const Quantisation& input, const CrossbarGeometry& g,
               MappedLayer& out) {
  const auto& registry = Registry<MappingScheme>::instance();
  out.dense_sliced = registry.create("bit_sliced")->dense_arrays(layer.weights, g);
  if (g.cells_per_weight(layer.weights) <= g.columns) {
    out.conventional = registry.create("conventional")->dense_arrays(layer.weights, g);
  }
  out.mapping = config.variant<MappingScheme>().map(layer.weights, g, {layer.name, input.bits});
  std::erase_if(out.mapping.groups, [](const MappedGroup& group) { return !group.program.runs; });
  for (const MappedGroup& group : out.mapping.groups) {
    out.crossbars += group.allocated();
    for (std::size_t a = 0; a < group.facts.size(); ++a) {
      if (group.facts[a].allocated)
        out.lossless_bits = std::max(out.lossless_bits, lossless_bits(group.facts[a].sum_bound(g)));
    }
    if (g.signs != Signs::differential) {
      out.pairs += group.allocated();
    } else {
      // Arrays come in (positive, negative) order.
      for (std::size_t a = 0; a + 1 < group.facts.size(); a += 2) {
        out.pairs += group.facts[a].allocated || group.facts[a + 1].allocated;
      }
    }
  }
}

void program_transfers(const Config& config, MappedNetwork& mapped) {
  const AdcModel& model = config.variant<AdcModel>();
  const AdcRange range = config.get<AdcParams>().range;
  for (MappedLayer& layer : mapped.layers) {
    for (MappedGroup& group : layer.mapping.groups) {
      for (std::size_t a = 0; a < group.facts.size(); ++a) {
        const std::int64_t bound = group.facts[a].sum_bound(mapped.geometry);
        group.program.arrays[a].set_adc(model.transfer(group.adcs[a].bits, range, bound), bound);
      }
    }
  }
}

}  // namespace

IndexStorage MappedNetwork::fitted_index() const {
  IndexStorage out;
  for (const MappedLayer& layer : layers) {
    out += layer.mapping.index;
    for (const MappedGroup& group : layer.mapping.groups) {
      for (int r = 1; r < group.replicas; ++r) out += group.index;
    }
  }
  return out;
}

bool MappedNetwork::squeezed() const {
  return std::any_of(layers.begin(), layers.end(), [](const MappedLayer& layer) {
    return std::any_of(layer.mapping.groups.begin(), layer.mapping.groups.end(),
                       [](const MappedGroup& group) { return group.program.shift_bits > 0; });
  });
}

std::int64_t index_bits_per_wave(const Config& config, const MappedLayer& layer) {
  if (layer.mapping.groups.empty()) return 0;
  return config.get<IndexMemoryParams>().charged_bits(layer.mapping.index);
}

CrossbarGeometry crossbar_geometry(const Config& config) {
  const CrossbarParams& crossbar = config.get<CrossbarParams>();
  const MappingParams& mapping = config.get<MappingParams>();
  return {.rows = crossbar.rows,
          .columns = crossbar.columns,
          .cell_bits = config.get<CellParams>().bits,
          .dac_bits = config.get<DacParams>().bits,
          .signs = mapping.signs,
          .flip_encoding = mapping.flip_encoding};
}

bool skips_zeros(const Config& config) {
  return config.get<RowPipelineParams>().input_zero_skip ||
         config.variant<MappingScheme>().operation_unit().has_value();
}

MappedNetwork map_network(const Config& config, const Network& network, Diagnostics& diagnostics) {
  MappedNetwork mapped;
  mapped.geometry = crossbar_geometry(config);
  mapped.skip_zeros = skips_zeros(config);
  mapped.layers.resize(network.layers.size());
  if (!check_weights_fit(config, network, mapped.geometry, diagnostics)) return mapped;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (!layer.on_crossbars()) continue;
    map_layer(config, layer, network.quantisation(layer.inputs[0]), mapped.geometry, mapped.layers[i]);
  }
  return mapped;
}

void give_adcs(const Config& config, const Network& network, MappedNetwork& mapped,
               Diagnostics& diagnostics) {
  choose_adcs(config, mapped, diagnostics);
  check_adaptive(config, network, mapped, diagnostics);
  program_transfers(config, mapped);
}

}  // namespace squeezebar
