// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/buffer_check.h"

#include <algorithm>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <rapidcheck.h>

#include "sim/workload/receptive_field.h"
#include "tests/catch.h"
#include "tests/random.h"

namespace squeezebar::test {
namespace {

/// Adds a layer that reads `inputs` (layer numbers, -1: the network's input) through a window.
void add_layer(ChipPlan& plan, const std::vector<int>& inputs, const FeatureShape& in, const Window& w) {
  LayerPlan layer;
  const int index = static_cast<int>(plan.layers.size());
  const FeatureShape out{1, w.output_height(in), w.output_width(in)};
  layer.name = fmt::format("layer{}", index);
  layer.waves = out.pixels();
  for (const int from : inputs) {
    EdgePlan edge;
    edge.from_layer = from;
    edge.to_layer = index;
    edge.pixels = in.pixels();
    ReceptiveFields fields = receptive_fields(w, in, out);
    edge.needed = std::move(fields.needed);
    edge.released = std::move(fields.released);
    layer.inputs.push_back(static_cast<int>(plan.edges.size()));
    if (from >= 0)
      plan.layers[static_cast<std::size_t>(from)].outputs.push_back(static_cast<int>(plan.edges.size()));
    plan.edges.push_back(std::move(edge));
  }
  plan.layers.push_back(std::move(layer));
}

/// A random graph: windows with their padding, forks, additions of maps of equal shape; some outputs are left
/// unused.
ChipPlan random_graph(Random& random) {
  ChipPlan plan;
  plan.images = random.between(1, 4);
  plan.layer_serial = random.chance(15);
  std::vector<FeatureShape> shapes{{1, random.between(1, 6), random.between(1, 6)}};  // node 0 is the input
  for (int n = random.between(1, 6); n > 0; --n) {
    const int from = random.between(0, static_cast<int>(shapes.size()) - 1);
    const FeatureShape in = shapes[static_cast<std::size_t>(from)];
    std::vector<int> inputs{from - 1};
    Window w;
    if (random.chance(40)) {
      for (int other = static_cast<int>(shapes.size()) - 1; other >= 0; --other) {
        if (other != from && shapes[static_cast<std::size_t>(other)] == in) {
          inputs.push_back(other - 1);
          break;
        }
      }
    }
    if (inputs.size() == 1) {
      w.kernel_height = random.between(1, std::min(3, in.height));
      w.kernel_width = random.between(1, std::min(3, in.width));
      w.stride_height = random.pick({1, 1, 1, 2});
      w.stride_width = random.pick({1, 1, 1, 2});
      // "Same" padding makes later additions possible.
      const bool same = random.chance(70);
      w.top = same ? w.kernel_height / 2 : random.between(0, w.kernel_height - 1);
      w.left = same ? w.kernel_width / 2 : random.between(0, w.kernel_width - 1);
      w.bottom = same ? (w.kernel_height - 1) / 2 : random.between(0, w.kernel_height - 1);
      w.right = same ? (w.kernel_width - 1) / 2 : random.between(0, w.kernel_width - 1);
    }
    add_layer(plan, inputs, in, w);
    shapes.push_back({1, w.output_height(in), w.output_width(in)});
  }
  plan.output_layer = static_cast<int>(plan.layers.size()) - 1;
  return plan;
}

void set_depths(ChipPlan& plan, int depth) {
  for (EdgePlan& edge : plan.edges) edge.depth = depth;
  for (LayerPlan& layer : plan.layers) layer.output_depth = depth;
}

constexpr int kAmple = 1'000'000;

/// The same dataflow written another way: one token at a time over all images of the plan, in an order drawn
/// at random.
bool completes_in_random_order(const ChipPlan& plan, Random& random) {
  struct Channel {
    std::int64_t sent = 0, released = 0;
  };
  std::vector<Channel> channels(plan.edges.size());
  std::vector<std::int64_t> fired(plan.layers.size());
  const auto may_send = [&](std::size_t e) {
    const EdgePlan& edge = plan.edges[e];
    const std::int64_t made = edge.from_layer < 0 ? std::int64_t{edge.pixels} * plan.images
                                                  : fired[static_cast<std::size_t>(edge.from_layer)];
    return channels[e].sent < made && channels[e].sent < channels[e].released + edge.depth;
  };
  const auto may_fire = [&](std::size_t i) {
    const LayerPlan& layer = plan.layers[i];
    if (fired[i] == std::int64_t{layer.waves} * plan.images) return false;
    const std::int64_t image = fired[i] / layer.waves;
    const auto wave = static_cast<std::size_t>(fired[i] % layer.waves);
    for (const int out : layer.outputs) {
      if (fired[i] - channels[static_cast<std::size_t>(out)].sent >= layer.output_depth) return false;
    }
    if (layer.output_depth < 1) return false;
    for (const int in : layer.inputs) {
      const EdgePlan& edge = plan.edges[static_cast<std::size_t>(in)];
      if (channels[static_cast<std::size_t>(in)].sent < image * edge.pixels + edge.needed[wave]) return false;
    }
    for (std::size_t k = 0; plan.layer_serial && k < plan.layers.size(); ++k) {
      if (k != i && fired[k] < (k < i ? image + 1 : image) * plan.layers[k].waves) return false;
    }
    return true;
  };
  for (;;) {
    std::vector<std::size_t> moves;
    for (std::size_t e = 0; e < channels.size(); ++e) {
      if (may_send(e)) moves.push_back(e);
    }
    for (std::size_t i = 0; i < fired.size(); ++i) {
      if (may_fire(i)) moves.push_back(channels.size() + i);
    }
    if (moves.empty()) break;
    const std::size_t move =
        moves[static_cast<std::size_t>(random.between(0, static_cast<int>(moves.size()) - 1))];
    if (move < channels.size()) {
      ++channels[move].sent;
      continue;
    }
    const std::size_t i = move - channels.size();
    const LayerPlan& layer = plan.layers[i];
    const std::int64_t image = fired[i] / layer.waves;
    const auto wave = static_cast<std::size_t>(fired[i] % layer.waves);
    for (const int in : layer.inputs) {
      const EdgePlan& edge = plan.edges[static_cast<std::size_t>(in)];
      channels[static_cast<std::size_t>(in)].released = image * edge.pixels + edge.released[wave];
    }
    ++fired[i];
  }
  for (std::size_t i = 0; i < fired.size(); ++i) {
    if (fired[i] < std::int64_t{plan.layers[i].waves} * plan.images) return false;
  }
  return true;
}

ChipPlan drawn_graph() {
  Random random(*rc::gen::arbitrary<std::uint64_t>());
  return random_graph(random);
}

TEST_CASE("graphs with ample buffers complete") {
  CHECK(rc::check("random graphs", [] {
    ChipPlan plan = drawn_graph();
    set_depths(plan, kAmple);
    RC_ASSERT(dataflow_completes(plan));
    RC_ASSERT(shallow_buffers(plan).empty());
  }));
}

TEST_CASE("whether a graph completes does not depend on the order or the number of images") {
  int blocked = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    ChipPlan plan = random_graph(random);
    for (EdgePlan& edge : plan.edges) edge.depth = random.between(1, 20);
    for (LayerPlan& layer : plan.layers) layer.output_depth = random.between(1, 4);
    const bool completes = dataflow_completes(plan);
    CHECK(completes_in_random_order(plan, random) == completes);
    blocked += !completes;
  }
  CHECK(blocked > 40);
  CHECK(blocked < 360);
}

TEST_CASE("the least depth of a buffer completes, one less does not") {
  CHECK(rc::check("random graphs", [] {
    ChipPlan plan = drawn_graph();
    set_depths(plan, 0);
    const std::vector<ShallowBuffer> least = shallow_buffers(plan);
    RC_ASSERT(least.size() == plan.edges.size() + plan.layers.size());  // depth 0 is too small for every one
    for (const ShallowBuffer& buffer : least) {
      RC_ASSERT(buffer.depth == 0);
      RC_ASSERT(buffer.least >= 1);
      set_depths(plan, kAmple);
      const auto i = static_cast<std::size_t>(buffer.index);
      int& depth = buffer.input ? plan.edges[i].depth : plan.layers[i].output_depth;
      depth = buffer.least;
      RC_ASSERT(dataflow_completes(plan));
      depth = buffer.least - 1;
      RC_ASSERT(!dataflow_completes(plan));
      RC_ASSERT(shallow_buffers(plan).size() == 1);
    }
  }));
}

TEST_CASE("a buffer that is named is too small whatever the others are") {
  int named = 0;
  int together = 0;
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    ChipPlan plan = random_graph(random);
    for (EdgePlan& edge : plan.edges) edge.depth = random.between(0, 15);
    for (LayerPlan& layer : plan.layers) layer.output_depth = random.chance(90) ? random.between(1, 4) : 0;
    const auto shallow = shallow_buffers(plan);
    if (!shallow.empty()) CHECK_FALSE(dataflow_completes(plan));
    if (dataflow_completes(plan)) continue;
    (shallow.empty() ? together : named) += 1;
    ChipPlan mended = plan;
    set_depths(mended, kAmple);
    for (const ShallowBuffer& buffer : shallow) {
      const auto i = static_cast<std::size_t>(buffer.index);
      (buffer.input ? mended.edges[i].depth : mended.layers[i].output_depth) = buffer.depth;
    }
    if (!shallow.empty()) CHECK_FALSE(dataflow_completes(mended));
  }
  CHECK(named > 100);
  CHECK(together > 0);
}

TEST_CASE("deeper buffers never turn a graph that completes into one that blocks") {
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    ChipPlan plan = random_graph(random);
    for (EdgePlan& edge : plan.edges) edge.depth = random.between(1, 15);
    for (LayerPlan& layer : plan.layers) layer.output_depth = random.between(1, 4);
    if (!dataflow_completes(plan)) continue;
    for (EdgePlan& edge : plan.edges) edge.depth += random.between(0, 3);
    for (LayerPlan& layer : plan.layers) layer.output_depth += random.between(0, 3);
    CHECK(dataflow_completes(plan));
  }
}

TEST_CASE("a 3x3 convolution needs two rows and three pixels") {
  ChipPlan plan;
  add_layer(plan, {-1}, {1, 8, 10}, {3, 3, 1, 1, 0, 0, 0, 0});
  set_depths(plan, 0);
  const auto shallow = shallow_buffers(plan);
  REQUIRE(shallow.size() == 2);
  CHECK(shallow[0].input);
  CHECK(shallow[0].least == 2 * 10 + 3);
  CHECK_FALSE(shallow[1].input);
  CHECK(shallow[1].least == 1);
}

TEST_CASE("the short branch of a residual block must hold what the long one delays") {
  // input -> fork -> 3x3 with padding 1 -> add; the fork also feeds the addition directly.
  ChipPlan plan;
  const FeatureShape shape{1, 6, 6};
  add_layer(plan, {-1}, shape, {});
  add_layer(plan, {0}, shape, {3, 3, 1, 1, 1, 1, 1, 1});
  add_layer(plan, {0, 1}, shape, {});
  plan.output_layer = 2;
  set_depths(plan, kAmple);
  plan.edges[2].depth = 0;  // the short branch
  const auto shallow = shallow_buffers(plan);
  REQUIRE(shallow.size() == 1);
  CHECK(shallow[0].index == 2);
  // The first output of the convolution needs 6 + 2 pixels; while they come the short branch fills. With
  // unlimited buffers for the producer's output one pixel at a time is enough.
  CHECK(shallow[0].least == 1);

  plan.edges[2].depth = 6;
  for (LayerPlan& layer : plan.layers) layer.output_depth = 1;
  CHECK_FALSE(dataflow_completes(plan));  // 6 in the short branch and 1 in the output are less than 8
  CHECK(shallow_buffers(plan).empty());   // each buffer would do alone
  plan.edges[2].depth = 7;
  CHECK(dataflow_completes(plan));
}

void set_sizes(ChipPlan& plan, const BufferSizes& sizes) {
  for (EdgePlan& edge : plan.edges) edge.depth = edge.buffer.pixels(sizes.input, edge.pixel_bytes);
  for (LayerPlan& layer : plan.layers)
    layer.output_depth = layer.output_buffer.pixels(sizes.output, layer.pixel_bytes);
}

/// Random pixels, and random shares of a tile's buffer.
ChipPlan random_sharing_graph(Random& random) {
  ChipPlan plan = random_graph(random);
  const auto share = [&] {
    BufferShare out{0, 1};
    for (int n = random.between(1, 2); n > 0; --n) out.add(random.between(1, 4), random.between(1, 5));
    return out;
  };
  for (LayerPlan& layer : plan.layers) {
    layer.output_buffer = share();
    layer.pixel_bytes = static_cast<std::uint64_t>(random.between(1, 40));
  }
  for (EdgePlan& edge : plan.edges) {
    edge.buffer = share().part(random.between(1, 3));
    edge.pixel_bytes = static_cast<std::uint64_t>(random.between(1, 40));
  }
  return plan;
}

TEST_CASE("a share holds a number of pixels from the byte on that it needs for them") {
  BufferShare share{0, 1};
  share.add(3, 1);
  share.add(1, 2);  // three tiles and half of a fourth
  CHECK(share.pixels(100, 1) == 350);
  CHECK(share.part(2).pixels(100, 1) == 175);
  CHECK(rc::check([] {
    BufferShare any{0, 1};
    any.add(*rc::gen::inRange(1, 100), *rc::gen::inRange(1, 30));
    any.add(*rc::gen::inRange(0, 100), *rc::gen::inRange(1, 30));
    const auto bytes = *rc::gen::inRange<std::uint64_t>(1, 100'000);
    const int pixels = *rc::gen::inRange(1, 1'000'000);
    const std::int64_t least = any.bytes_for(pixels, bytes);
    RC_ASSERT(any.pixels(least, bytes) >= pixels);
    RC_ASSERT(any.pixels(least - 1, bytes) < pixels);
  }));
}

TEST_CASE("the sizes that are advised work, and one byte less does not") {
  int input_alone = 0;
  int both = 0;
  for (std::uint64_t seed = 0; seed < 400; ++seed) {
    INFO("seed " << seed);
    Random random(seed);
    ChipPlan plan = random_sharing_graph(random);
    const BufferSizes configured{random.between(1, 300), random.between(1, 60)};
    set_sizes(plan, configured);
    const BufferSizes sizes = working_sizes(plan, configured);
    CHECK(dataflow_completes(plan) == (sizes.input == configured.input && sizes.output == configured.output));
    set_sizes(plan, sizes);
    CHECK(dataflow_completes(plan));
    if (sizes.input > configured.input) {
      set_sizes(plan, {sizes.input - 1, sizes.output});
      CHECK_FALSE(dataflow_completes(plan));
      (sizes.output > configured.output ? both : input_alone) += 1;
    }
    if (sizes.output > configured.output) {
      set_sizes(plan, {sizes.input, sizes.output - 1});
      CHECK_FALSE(dataflow_completes(plan));
    }
  }
  CHECK(input_alone > 40);
  CHECK(both > 40);
}

TEST_CASE("buffers that are too small are reported by name, with the size that works") {
  // A residual block: the fork also feeds the addition directly. The addition shares its tile with another
  // layer and has two inputs, so each is a quarter of the tile's buffer.
  ChipPlan plan;
  const FeatureShape shape{1, 6, 6};
  add_layer(plan, {-1}, shape, {});
  add_layer(plan, {0}, shape, {3, 3, 1, 1, 1, 1, 1, 1});
  add_layer(plan, {0, 1}, shape, {});
  plan.output_layer = 2;
  for (EdgePlan& edge : plan.edges) edge.pixel_bytes = 4;
  for (LayerPlan& layer : plan.layers) layer.pixel_bytes = 4;
  plan.edges[2].buffer = {1, 4};
  plan.edges[3].buffer = {1, 4};
  const auto errors = [&](int input, int output) {
    const std::string root = SQUEEZEBAR_SOURCE_DIR;
    const Config config = load_config(root + "/configs/examples/digits_isaac.yaml",
                                      {fmt::format("buffer.input_size={} B", input),
                                       fmt::format("buffer.output_size={} B", output), "buffer.size=300 B"});
    set_sizes(plan, buffer_sizes(config));
    Diagnostics diagnostics;
    check_buffers(config, plan, diagnostics);
    return diagnostics.text();
  };
  CHECK(errors(200, 100) == "");
  CHECK_THAT(
      errors(59, 100),
      ContainsSubstring("buffer.input_size: the input buffer of 'layer1' for 'layer0' holds 14 pixels, "
                        "this graph needs at least 15 of 4 B; the least buffer.input_size that works "
                        "is 60 B"));
  CHECK(errors(60, 100) == "");
  CHECK_THAT(errors(3, 100),
             ContainsSubstring("the input buffer of 'layer0' for the network's input holds 0 pixels") &&
                 ContainsSubstring("the input buffer of 'layer1'"));
  CHECK_THAT(errors(200, 3),
             ContainsSubstring("buffer.output_size: the output buffer of 'layer1' cannot hold one pixel of 4 "
                               "B; the least buffer.output_size that works is 4 B"));
  // 6 pixels in the short branch and 1 in the output are less than 8.
  CHECK_THAT(errors(111, 4),
             ContainsSubstring("each input buffer would do alone, but together they are too small for this "
                               "graph; the least buffer.input_size that works is 112 B"));
  CHECK(errors(112, 4) == "");
  CHECK_THAT(errors(59, 241), ContainsSubstring("is 60 B, with a buffer.size of 301 B"));
}

}  // namespace
}  // namespace squeezebar::test
