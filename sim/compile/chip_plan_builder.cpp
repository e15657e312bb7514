// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/chip_plan_builder.h"

#include <algorithm>
#include <cmath>

#include "models/buffer/buffer.h"
#include "models/chip/chip.h"
#include "models/noc/noc.h"
#include "models/vector_unit/vector_unit.h"
#include "sim/compile/buffer_check.h"
#include "sim/compile/chip_rates.h"
#include "sim/engine/crossbar/lanes.h"
#include "sim/workload/receptive_field.h"

namespace squeezebar {
namespace {

Count code_bytes(const Quantisation& q) { return q.bits <= 8 ? 1 : 2; }

Count as_count(std::int64_t n) { return static_cast<Count>(n); }

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
    for (std::size_t i = 0; i < network_.layers.size(); ++i) add_layer(i);
    for (std::size_t i = 0; i < network_.layers.size(); ++i) add_edges(static_cast<int>(i));
    for (std::size_t i = 0; i < network_.layers.size(); ++i)
      plan_.layers[i].rates = layer_rates(network_, network_.layers[i], plan_.layers[i]);
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
    out.pixel_bytes = as_count(layer.shape.channels) * code_bytes(layer.quantisation);
    out.output_buffer = place.buffers;
    out.output_depth = out.output_buffer.pixels(sizes_.output, out.pixel_bytes);
    // Each of the layer's tiles has a vector unit, and pixels are dealt to them.
    const Cycles lanes = Cycles{config_.get<VectorUnitParams>().lanes} * place.tiles;
    out.interval = divide_up(Cycles{layer.shape.channels}, lanes);
    if (mapped.mapping.groups.empty()) {
      const Cycles steps = Cycles{layer.shape.channels} * std::max(1, layer.op->pool_ops());
      out.service = std::max<Cycles>(1, divide_up(steps, lanes));
    } else {
      add_lanes(layer, mapped, place, out);
    }
    plan_.layers.push_back(std::move(out));
  }

  void add_lanes(const Layer& layer, const MappedLayer& mapped, const PlacedLayer& place, LayerPlan& out) {
    out.engine = crossbar_lanes(config_, hardware_, mapped, network_.quantisation(layer.inputs[0]));
    auto tile = place.placement.tile.begin();
    for (const MappedGroup& group : mapped.mapping.groups) {
      LanePlace& at = out.places.emplace_back();
      at.replicas = group.replicas;
      for (int r = 0; r < group.replicas; ++r) at.tiles.push_back(place.first_tile + *tile++);
    }
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
      edge.rates = edge_rates(edge.pixel_bytes);
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
