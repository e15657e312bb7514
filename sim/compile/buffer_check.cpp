// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/buffer_check.h"

#include <algorithm>
#include <limits>

#include <fmt/format.h>

#include "models/buffer/buffer.h"

namespace squeezebar {
namespace {

constexpr int kUnlimited = std::numeric_limits<int>::max();
/// Two images show every blocking pattern within and between images.
constexpr int kImages = 2;

/// Token counts of the dataflow, fired layer by layer until nothing moves.
class Dataflow {
 public:
  explicit Dataflow(const ChipPlan& plan) : plan_(plan), images_(std::min(plan.images, kImages)) {
    for (const EdgePlan& edge : plan.edges) edges_.push_back({edge.depth, 0, 0});
    for (const LayerPlan& layer : plan.layers) layers_.push_back({layer.output_depth, 0, 0});
  }

  void set_input_depth(std::size_t edge, int depth) { edges_[edge].depth = depth; }
  void set_output_depth(std::size_t layer, int depth) { layers_[layer].depth = depth; }

  bool completes() {
    for (bool moved = true; moved;) {
      moved = false;
      for (std::size_t e = 0; e < edges_.size(); ++e) moved = send(e) || moved;
      for (std::size_t i = 0; i < layers_.size(); ++i) moved = fire(i) || moved;
    }
    for (std::size_t i = 0; i < layers_.size(); ++i) {
      if (layers_[i].fired < std::int64_t{plan_.layers[i].waves} * images_) return false;
    }
    return true;
  }

 private:
  struct Edge {
    std::int64_t depth;
    std::int64_t sent;
    std::int64_t released;
  };
  struct Node {
    std::int64_t depth;
    std::int64_t fired;
    std::int64_t drained;
  };

  bool send(std::size_t e) {
    const EdgePlan& plan = plan_.edges[e];
    Edge& edge = edges_[e];
    const std::int64_t made = plan.from_layer < 0 ? std::int64_t{plan.pixels} * images_
                                                  : layers_[static_cast<std::size_t>(plan.from_layer)].fired;
    const std::int64_t before = edge.sent;
    edge.sent = std::max(edge.sent, std::min(made, edge.released + edge.depth));
    if (edge.sent == before) return false;
    if (plan.from_layer >= 0) drain(static_cast<std::size_t>(plan.from_layer));
    return true;
  }

  void drain(std::size_t i) {
    std::int64_t floor = layers_[i].fired;
    for (const int e : plan_.layers[i].outputs)
      floor = std::min(floor, edges_[static_cast<std::size_t>(e)].sent);
    layers_[i].drained = floor;
  }

  bool may_fire(std::size_t i) const {
    const LayerPlan& plan = plan_.layers[i];
    const Node& node = layers_[i];
    const std::int64_t image = node.fired / plan.waves;
    if (image >= images_ || node.fired - node.drained >= node.depth) return false;
    if (plan_.layer_serial && !has_turn(i, image)) return false;
    for (const int e : plan.inputs) {
      const EdgePlan& edge = plan_.edges[static_cast<std::size_t>(e)];
      const std::int64_t needed =
          image * edge.pixels + edge.needed[static_cast<std::size_t>(node.fired % plan.waves)];
      if (needed > edges_[static_cast<std::size_t>(e)].sent) return false;
    }
    return true;
  }

  /// Layer serial: all earlier layers have finished this image, all later ones the image before.
  bool has_turn(std::size_t i, std::int64_t image) const {
    for (std::size_t k = 0; k < layers_.size(); ++k) {
      const std::int64_t wanted = (k < i ? image + 1 : image) * plan_.layers[k].waves;
      if (k != i && layers_[k].fired < wanted) return false;
    }
    return true;
  }

  bool fire(std::size_t i) {
    bool any = false;
    while (may_fire(i)) {
      const LayerPlan& plan = plan_.layers[i];
      const std::int64_t wave = layers_[i].fired++;
      for (const int e : plan.inputs) {
        const EdgePlan& edge = plan_.edges[static_cast<std::size_t>(e)];
        const std::int64_t floor =
            wave / plan.waves * edge.pixels + edge.released[static_cast<std::size_t>(wave % plan.waves)];
        auto& released = edges_[static_cast<std::size_t>(e)].released;
        released = std::max(released, floor);
      }
      drain(i);
      any = true;
    }
    return any;
  }

  const ChipPlan& plan_;
  std::int64_t images_;
  std::vector<Edge> edges_;
  std::vector<Node> layers_;
};

Dataflow unlimited(const ChipPlan& plan) {
  Dataflow flow(plan);
  for (std::size_t e = 0; e < plan.edges.size(); ++e) flow.set_input_depth(e, kUnlimited);
  for (std::size_t i = 0; i < plan.layers.size(); ++i) flow.set_output_depth(i, kUnlimited);
  return flow;
}

/// Smallest number in [low, high] for which `completes(number)`; it is monotone and true for the last.
template <class Number, class Completes>
Number least(Number low, Number high, Completes completes) {
  while (low < high) {
    const Number middle = low + (high - low) / 2;
    if (completes(middle)) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}

}  // namespace

bool dataflow_completes(const ChipPlan& plan) { return Dataflow(plan).completes(); }

std::vector<ShallowBuffer> shallow_buffers(const ChipPlan& plan) {
  std::vector<ShallowBuffer> out;
  for (std::size_t e = 0; e < plan.edges.size(); ++e) {
    const int needed = least(1, plan.edges[e].pixels * kImages, [&](int depth) {
      Dataflow flow = unlimited(plan);
      flow.set_input_depth(e, depth);
      return flow.completes();
    });
    if (plan.edges[e].depth < needed) out.push_back({true, static_cast<int>(e), plan.edges[e].depth, needed});
  }
  for (std::size_t i = 0; i < plan.layers.size(); ++i) {
    // A layer emits one pixel at a time, so one place is always enough when its consumers have space.
    if (plan.layers[i].output_depth < 1)
      out.push_back({false, static_cast<int>(i), plan.layers[i].output_depth, 1});
  }
  return out;
}

BufferSizes buffer_sizes(const Config& config) {
  const BufferParams& params = config.get<BufferParams>();
  return {static_cast<std::int64_t>(params.input_size.si()),
          static_cast<std::int64_t>(params.output_size.si())};
}

BufferSizes working_sizes(const ChipPlan& plan, const BufferSizes& configured) {
  BufferSizes out = configured;
  for (const LayerPlan& layer : plan.layers)
    out.output = std::max(out.output, layer.output_buffer.bytes_for(1, layer.pixel_bytes));
  std::int64_t enough = 1;
  for (const EdgePlan& edge : plan.edges)
    enough = std::max(enough, edge.buffer.bytes_for(edge.pixels * kImages, edge.pixel_bytes));
  const auto completes = [&](std::int64_t bytes) {
    Dataflow flow(plan);
    for (std::size_t e = 0; e < plan.edges.size(); ++e)
      flow.set_input_depth(e, plan.edges[e].buffer.pixels(bytes, plan.edges[e].pixel_bytes));
    for (std::size_t i = 0; i < plan.layers.size(); ++i)
      flow.set_output_depth(i, plan.layers[i].output_buffer.pixels(out.output, plan.layers[i].pixel_bytes));
    return flow.completes();
  };
  if (!completes(configured.input)) out.input = least(configured.input + 1, enough, completes);
  return out;
}

namespace {

/// "; the least buffer.input_size that works is 45 B", with what else it takes.
std::string advice(const Config& config, const char* key, std::int64_t bytes, const BufferSizes& sizes) {
  std::string out = fmt::format("; the least {} that works is {} B", key, bytes);
  if (sizes.input + sizes.output > static_cast<std::int64_t>(config.get<BufferParams>().size.si()))
    out += fmt::format(", with a buffer.size of {} B", sizes.input + sizes.output);
  return out;
}

std::string text_of(const ChipPlan& plan, const ShallowBuffer& buffer) {
  if (!buffer.input) {
    const LayerPlan& layer = plan.layers[static_cast<std::size_t>(buffer.index)];
    return fmt::format("the output buffer of '{}' cannot hold one pixel of {} B", layer.name,
                       layer.pixel_bytes);
  }
  const EdgePlan& edge = plan.edges[static_cast<std::size_t>(buffer.index)];
  const std::string from =
      edge.from_layer < 0 ? "the network's input"
                          : fmt::format("'{}'", plan.layers[static_cast<std::size_t>(edge.from_layer)].name);
  return fmt::format("the input buffer of '{}' for {} holds {} pixels, this graph needs at least {} of {} B",
                     plan.layers[static_cast<std::size_t>(edge.to_layer)].name, from, buffer.depth,
                     buffer.least, edge.pixel_bytes);
}

}  // namespace

void check_buffers(const Config& config, const ChipPlan& plan, Diagnostics& diagnostics) {
  if (dataflow_completes(plan)) return;
  const BufferSizes configured = buffer_sizes(config);
  const BufferSizes sizes = working_sizes(plan, configured);
  const auto refuse = [&](bool input, const std::string& why) {
    const char* key = input ? "buffer.input_size" : "buffer.output_size";
    diagnostics.error(config.place(key), key,
                      why + advice(config, key, input ? sizes.input : sizes.output, sizes));
  };
  bool named = false;
  for (const ShallowBuffer& buffer : shallow_buffers(plan)) {
    refuse(buffer.input, text_of(plan, buffer));
    named = named || buffer.input;
  }
  if (!named && sizes.input > configured.input)
    refuse(true, "each input buffer would do alone, but together they are too small for this graph");
}

}  // namespace squeezebar
