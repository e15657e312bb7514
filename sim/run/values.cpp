// SPDX-License-Identifier: Apache-2.0
#include "sim/run/values.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/parallel.h"
#include "sim/numerics/integer_layer.h"

namespace squeezebar {

ValueEngine::ValueEngine(const Bundle& bundle, int first_image, Hardware& hardware)
    : bundle_(bundle), first_image_(first_image) {
  const Network& network = bundle.network;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (!layer.on_crossbars()) {
      layers_.push_back(nullptr);
      continue;
    }
    std::vector<RowGroupProgram> programs;
    exact_weights_ = exact_weights_ && hardware.layers[i].mapping.error.squared_error == 0;
    for (MappedGroup& group : hardware.layers[i].mapping.groups) {
      for (const ProgrammedArray& array : group.program.arrays)
        unit_steps_ = unit_steps_ && array.adc.step256 == 256;
      programs.push_back(std::move(group.program));
    }
    layers_.push_back(std::make_unique<CrossbarLayer>(layer, network.quantisation(layer.inputs[0]),
                                                      hardware.geometry.dac_bits, hardware.skip_zeros,
                                                      std::move(programs)));
  }
}

ImageValues ValueEngine::compute(int image) const {
  const Network& network = bundle_.network;
  ImageValues out;
  std::vector<FeatureMap> nodes;
  nodes.push_back(sample_input(bundle_, image));
  bool clipped = false;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = network.layers[i];
    auto& activity = out.activity.emplace_back();
    if (!layers_[i]) {
      nodes.push_back(evaluate_vector_layer(network, layer, nodes));
      continue;
    }
    const CrossbarLayer& crossbars = *layers_[i];
    FeatureMap map{layer.shape, std::vector<std::uint16_t>(static_cast<std::size_t>(layer.shape.size()))};
    activity.resize(crossbars.groups().size() * static_cast<std::size_t>(layer.waves()));
    const auto padded = crossbars.pad(nodes[static_cast<std::size_t>(layer.inputs[0])]);
    const int tiles = (layer.waves() + CrossbarLayer::kTile - 1) / CrossbarLayer::kTile;
    // Tiles of waves write disjoint outputs and activities, so the result does not depend on who runs them.
    parallel_for(0, tiles, [&](int tile) {
      const int first = tile * CrossbarLayer::kTile;
      crossbars.run(padded, first, std::min(first + CrossbarLayer::kTile, layer.waves()), map, activity);
    });
    clipped = clipped || std::any_of(activity.begin(), activity.end(),
                                     [](const WaveActivity& w) { return w.clipped > 0; });
    nodes.push_back(std::move(map));
  }
  out.output = nodes[static_cast<std::size_t>(network.output)];
  out.top1 = top1(out.output, network.quantisation(network.output));
  compare_with_reference(image, unit_steps_ && exact_weights_ && !clipped, out);
  return out;
}

void ValueEngine::compare_with_reference(int image, bool exact_so_far, ImageValues& out) const {
  const Network& network = bundle_.network;
  const Quantisation& q = network.quantisation(network.output);
  // With every weight as it is, steps of one and no clipped conversion the crossbars compute exact integers.
  const FeatureMap reference =
      exact_so_far ? out.output
                   : evaluate_reference(
                         network, sample_input(bundle_, image))[static_cast<std::size_t>(network.output)];
  check_expected(image, reference);
  out.reference_top1 = top1(reference, q);
  for (std::size_t i = 0; i < reference.codes.size(); ++i) {
    const double wanted = reference.value(i, q.is_signed) - q.zero_point;
    const double got = out.output.value(i, q.is_signed) - q.zero_point;
    out.signal += wanted * wanted;
    out.noise += (got - wanted) * (got - wanted);
  }
}

void ValueEngine::check_expected(int image, const FeatureMap& reference) const {
  const NpyArray& expected = bundle_.expected;
  if (expected.shape.empty() || image >= expected.shape[0]) return;
  const auto size = reference.codes.size() * dtype_size(expected.dtype);
  NpyArray one;
  one.dtype = expected.dtype;
  const auto first =
      expected.data.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(image) * size);
  one.data.assign(first, first + static_cast<std::ptrdiff_t>(size));
  const auto wanted = one.as<std::int32_t>();
  const bool is_signed = bundle_.network.quantisation(bundle_.network.output).is_signed;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (reference.value(i, is_signed) == wanted[i]) continue;
    throw RunError(
        fmt::format("output {} of sample {} is {}, but the bundle expects {}: the bundle and this program "
                    "disagree about its arithmetic; "
                    "export the bundle again",
                    i, image, reference.value(i, is_signed), wanted[i]));
  }
}

std::vector<ImageValues> ValueEngine::values(int first, int last, int threads) {
  std::vector<ImageValues> out(static_cast<std::size_t>(last - first));
  on_threads(threads, [&] {
    parallel_for(first, last, [&](int image) {
      out[static_cast<std::size_t>(image - first)] = compute(first_image_ + image);
    });
  });
  return out;
}

}  // namespace squeezebar
