// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/chip_plan_builder.h"

#include <algorithm>
#include <cmath>
#include <map>

#include "models/adc/adc.h"
#include "models/buffer/buffer.h"
#include "models/chip/chip.h"
#include "models/crossbar/crossbar.h"
#include "models/dac/dac.h"
#include "models/noc/noc.h"
#include "models/row_pipeline/row_pipeline.h"
#include "models/vector_unit/vector_unit.h"
#include "sim/compile/buffer_check.h"
#include "sim/engine/crossbar/adc/adaptive_adc.h"
#include "sim/engine/crossbar/row_group_time.h"
#include "sim/workload/receptive_field.h"

namespace squeezebar {
namespace {

std::uint64_t code_bytes(const Quantisation& q) { return q.bits <= 8 ? 1 : 2; }

std::uint64_t as_count(std::int64_t n) { return static_cast<std::uint64_t>(n); }

template <class A, class B>
auto divide_up(A a, B b) {
  return (a + b - 1) / b;
}

class Builder {
 public:
  Builder(const Config& config, const Network& network, const Hardware& hardware)
      : config_(config),
        network_(network),
        hardware_(hardware),
        clock_(config.get<ChipParams>().clock),
        sizes_(buffer_sizes(config)) {}

  ChipPlan build(int images, bool layer_serial) {
    plan_.clock_period_fs = std::llround(1e15 / clock_.si());
    plan_.images = images;
    plan_.layer_serial = layer_serial;
    plan_.output_layer = network_.output - 1;
    plan_.partial_sum_depth = config_.get<RowPipelineParams>().partial_sum_depth;
    for (std::size_t i = 0; i < network_.layers.size(); ++i) add_layer(i);
    for (std::size_t i = 0; i < network_.layers.size(); ++i) add_edges(static_cast<int>(i));
    return std::move(plan_);
  }

 private:
  void add_layer(std::size_t i) {
    const Layer& layer = network_.layers[i];
    const MappedLayer& mapped = hardware_.layers[i];
    const PlacedLayer& place = hardware_.places[i];
    LayerPlan out;
    out.name = layer.name;
    out.tile = place.first_tile;
    out.waves = layer.waves();
    out.channels = as_count(layer.shape.channels);
    out.pixel_bytes = out.channels * code_bytes(layer.quantisation);
    out.output_buffer = place.buffers;
    out.output_depth = out.output_buffer.pixels(sizes_.output, out.pixel_bytes);
    out.activation_ops = out.channels * static_cast<std::uint64_t>(layer.op->activation_ops());
    out.pool_ops = out.channels * static_cast<std::uint64_t>(layer.op->pool_ops());
    // Each of the layer's tiles has a vector unit, and pixels are dealt to them.
    const Cycles lanes = Cycles{config_.get<VectorUnitParams>().lanes} * place.tiles;
    out.interval = divide_up(Cycles{layer.shape.channels}, lanes);
    if (mapped.mapping.groups.empty()) {
      const Cycles steps = Cycles{layer.shape.channels} * std::max(1, layer.op->pool_ops());
      out.service = std::max<Cycles>(1, divide_up(steps, lanes));
      for (std::size_t k = 0; k < layer.inputs.size(); ++k) {
        out.window_bytes += as_count(layer.window.positions()) * as_count(layer.input_shapes[k].channels) *
                            code_bytes(network_.quantisation(layer.inputs[k]));
      }
    } else {
      add_row_groups(layer, mapped, place, out);
    }
    plan_.layers.push_back(std::move(out));
  }

  void add_row_groups(const Layer& layer, const MappedLayer& mapped, const PlacedLayer& place,
                      LayerPlan& out) {
    Cycles stage = 0;
    std::vector<int> blocks;
    auto tile = place.placement.tile.begin();
    for (const MappedGroup& group : mapped.mapping.groups) {
      out.groups.push_back(row_group(layer, group));
      for (int r = 0; r < group.replicas; ++r) out.groups.back().tiles.push_back(place.first_tile + *tile++);
      stage = std::max(stage, out.groups.back().bit_cycle);
      blocks.push_back(group.column_block);
    }
    std::sort(blocks.begin(), blocks.end());
    out.column_blocks = static_cast<int>(std::unique(blocks.begin(), blocks.end()) - blocks.begin());
    const RowPipelineParams& stages = config_.get<RowPipelineParams>();
    out.fetch = stage * stages.fetch_stages;
    out.tail =
        stage * (stages.drain_stages + stages.reduce_stages + stages.vector_stages + stages.write_stages);
  }

  RowGroupPlan row_group(const Layer& layer, const MappedGroup& group) const {
    const AdcParams& adc = config_.get<AdcParams>();
    const DacParams& dac = config_.get<DacParams>();
    const CrossbarParams& crossbar = config_.get<CrossbarParams>();
    RowGroupPlan out;
    out.column_block = group.column_block;
    out.replicas = group.replicas;
    out.arrays = as_count(group.allocated());
    out.rows = as_count(group.rows());
    out.channels = as_count(group.program.channels);
    out.charge_ones = dac.charge == DacCharge::ones;
    out.scan = adc.scan;
    const Quantisation& input = network_.quantisation(layer.inputs[0]);
    out.input_bytes = out.rows * code_bytes(input);
    out.register_bytes = out.input_bytes;
    if (group.program.shift_bits > 0) {
      out.aligned_words = out.rows;
      // Aligned words are as long as the input stream (SME, arXiv 2103.01705, section IV-B: 8 + x bits).
      const std::uint64_t bits = out.rows * as_count(input.bits + group.program.shift_bits);
      out.register_bytes = std::max(out.input_bytes, divide_up(bits, std::uint64_t{8}));
    }
    out.zero_detect = hardware_.skip_zeros;
    out.drive_bytes = divide_up(out.rows * as_count(dac.bits), std::uint64_t{8});
    const BitCycleTime time = bit_cycle_of(config_, group);
    out.bit_cycle = time.length;
    out.conversion_start = time.conversion_start;
    out.conversion_time = time.conversion_time;
    if (group.program.ou_rows > 0) {
      // What is read depends on the values: the activity of each wave says it.
      out.arrays = 0;
      out.conversions.emplace_back(group.adcs.front().priced_bits, 0);
      return out;
    }
    const std::uint64_t unit = hardware_.geometry.signs == Signs::offset ? 1 : 0;
    std::uint64_t conversions = 0;
    const int widest = scanned_per_bit_cycle(config_, group);
    std::map<int, std::uint64_t> by_bits;
    for (std::size_t a = 0; a < group.facts.size(); ++a) {
      const ArrayFacts& facts = group.facts[a];
      if (!facts.allocated || !facts.counted) continue;
      const std::uint64_t one = as_count(scanned_columns(facts, adc.scan, crossbar.columns)) + unit;
      if (is_adaptive(config_)) {
        add_adaptive_conversions(config_, group, a, one, by_bits);
      } else {
        by_bits[group.adcs[a].priced_bits] += one;
      }
      conversions += one;
    }
    out.conversions.assign(by_bits.begin(), by_bits.end());
    if (is_adaptive(config_))
      out.conversion_cycles = as_count(stream_length(input, hardware_.geometry, group));
    if (config_.variant<MappingScheme>().sliced()) {
      // Codes of all planes are spliced first, so one shift-and-add per column follows (SME, arXiv
      // 2103.01705, section IV-B).
      out.shift_adds = as_count(widest) + unit;
      out.splice_adds = (as_count(widest) + unit) * (out.arrays - 1);
    } else {
      out.shift_adds = conversions;
    }
    return out;
  }

  void add_edges(int to) {
    const Layer& layer = network_.layers[static_cast<std::size_t>(to)];
    const PlacedLayer& place = hardware_.places[static_cast<std::size_t>(to)];
    const NocModel& noc = config_.variant<NocModel>();
    for (std::size_t k = 0; k < layer.inputs.size(); ++k) {
      const int node = layer.inputs[k];
      const FeatureShape& in = layer.input_shapes[k];
      EdgePlan edge;
      edge.from_layer = node - 1;
      edge.to_layer = to;
      edge.pixels = in.pixels();
      edge.pixel_bytes = as_count(in.channels) * code_bytes(network_.quantisation(node));
      edge.buffer = place.buffers.part(static_cast<std::int64_t>(layer.inputs.size()));
      edge.depth = edge.buffer.pixels(sizes_.input, edge.pixel_bytes);
      edge.occupancy = noc.occupancy_cycles(static_cast<std::int64_t>(edge.pixel_bytes), clock_);
      edge.latency = noc.latency_cycles(clock_);
      ReceptiveFields fields = receptive_fields(layer.window, in, layer.shape);
      edge.needed = std::move(fields.needed);
      edge.released = std::move(fields.released);
      const int index = static_cast<int>(plan_.edges.size());
      plan_.layers[static_cast<std::size_t>(to)].inputs.push_back(index);
      if (node > 0) plan_.layers[static_cast<std::size_t>(node - 1)].outputs.push_back(index);
      plan_.edges.push_back(std::move(edge));
    }
  }

  const Config& config_;
  const Network& network_;
  const Hardware& hardware_;
  Frequency clock_;
  BufferSizes sizes_;
  ChipPlan plan_;
};

}  // namespace

ChipPlan build_chip_plan(const Config& config, const Network& network, const Hardware& hardware, int images,
                         bool layer_serial) {
  return Builder(config, network, hardware).build(images, layer_serial);
}

}  // namespace squeezebar
