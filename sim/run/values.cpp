// SPDX-License-Identifier: Apache-2.0
#include "sim/run/values.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/parallel.h"
#include "sim/numerics/integer_layer.h"

namespace squeezebar {

namespace {

/// Waves that a thread takes at once.
constexpr int kTile = CrossbarLayer::kTile;

}  // namespace

ValueEngine::ValueEngine(const Bundle& bundle, int first_image,
                         const std::shared_ptr<const Hardware>& hardware)
    : bundle_(bundle), first_image_(first_image) {
  const Network& network = bundle.network;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    layers_.push_back(layer.on_crossbars() ? std::make_unique<CrossbarProgram>(
                                                 layer, network.quantisation(layer.inputs[0]), hardware, i)
                                           : nullptr);
  }
}

ImageValues ValueEngine::compute(int image) const {
  const Network& network = bundle_.network;
  ImageValues out;
  std::vector<FeatureMap> nodes;
  nodes.push_back(sample_input(bundle_, image));
  bool exact = true;
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const Layer& layer = network.layers[i];
    if (!layers_[i]) {
      out.work.emplace_back();
      nodes.push_back(evaluate_vector_layer(network, layer, nodes));
      continue;
    }
    const CrossbarProgram& program = *layers_[i];
    WorkTable& work = out.work.emplace_back(program.layout());
    FeatureMap map{layer.shape, std::vector<std::uint16_t>(static_cast<std::size_t>(layer.shape.size()))};
    const auto prepared = program.prepare(nodes[static_cast<std::size_t>(layer.inputs[0])]);
    const int tiles = (layer.waves() + kTile - 1) / kTile;
    // Tiles of waves write disjoint outputs and work, so the result does not depend on who runs them.
    parallel_for(0, tiles, [&](int tile) {
      const int first = tile * kTile;
      program.run(prepared, first, std::min(first + kTile, layer.waves()), map, work);
    });
    exact = exact && program.exact(work);
    nodes.push_back(std::move(map));
  }
  out.output = nodes[static_cast<std::size_t>(network.output)];
  out.top1 = top1(out.output, network.quantisation(network.output));
  compare_with_reference(image, exact, out);
  return out;
}

void ValueEngine::compare_with_reference(int image, bool exact_so_far, ImageValues& out) const {
  const Network& network = bundle_.network;
  const Quantisation& q = network.quantisation(network.output);
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
