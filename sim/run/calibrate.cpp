// SPDX-License-Identifier: Apache-2.0
#include "sim/run/calibrate.h"

#include <algorithm>

#include "sim/base/interrupt.h"
#include "sim/base/parallel.h"
#include "sim/base/version.h"
#include "sim/compile/hardware.h"
#include "sim/engine/crossbar/adc/calibrated_steps.h"
#include "sim/engine/crossbar/kernels/crossbar_layer.h"
#include "sim/numerics/integer_layer.h"
#include "sim/run/params.h"

namespace squeezebar {
namespace {

/// The crossbars of one layer, behind ADCs that lose nothing, with what they have summed up.
class ObservedLayer {
 public:
  ObservedLayer(const Layer& layer, const Quantisation& input, const CrossbarGeometry& g,
                LayerMapping mapping)
      : layer_(layer), crossbars_(layer, input, g.dac_bits, false, share(programs(mapping, g))) {
    for (MappedGroup& group : mapping.groups) {
      auto& sums = sums_.emplace_back();
      for (const ArrayFacts& facts : group.facts) {
        const bool there = facts.allocated || facts.partner >= 0;
        sums.emplace_back(there ? static_cast<std::size_t>(facts.sum_bound(g) + 1) : 0);
      }
      facts_.push_back(std::move(group.facts));
    }
  }

  FeatureMap run(const FeatureMap& in) {
    FeatureMap out{layer_.shape, std::vector<std::uint16_t>(static_cast<std::size_t>(layer_.shape.size()))};
    const std::vector<std::uint16_t> padded = crossbars_.pad(in);
    const int waves = layer_.waves();
    const int tiles = (waves + CrossbarLayer::kTile - 1) / CrossbarLayer::kTile;
    parallel_for(0, tiles, [&](int tile) {
      const int first = tile * CrossbarLayer::kTile;
      const int last = std::min(first + CrossbarLayer::kTile, waves);
      std::vector<WaveActivity> unused(crossbars_.groups() * static_cast<std::size_t>(last - first));
      crossbars_.run(padded, first, last, out, unused);
    });
    // Row groups have histograms of their own, so the counts do not depend on who adds them up.
    parallel_for(0, static_cast<int>(sums_.size()), [&](int group) {
      const auto g = static_cast<std::size_t>(group);
      crossbars_.count_sums(g, padded, sums_[g]);
    });
    return out;
  }

  [[nodiscard]] LayerSums result() const {
    LayerSums out{layer_.name, {}};
    for (std::size_t g = 0; g < sums_.size(); ++g) {
      for (std::size_t a = 0; a < sums_[g].size(); ++a) {
        if (facts_[g][a].allocated && facts_[g][a].counted) out.crossbars.push_back(of_crossbar(g, a));
      }
    }
    return out;
  }

 private:
  static std::vector<RowGroupProgram> programs(LayerMapping& mapping, const CrossbarGeometry& g) {
    std::vector<RowGroupProgram> out;
    for (MappedGroup& group : mapping.groups) {
      for (std::size_t a = 0; a < group.facts.size(); ++a) {
        const auto bound = static_cast<std::int32_t>(std::max<std::int64_t>(1, group.facts[a].sum_bound(g)));
        group.program.arrays[a].adc = {.max_code = bound};
      }
      out.push_back(std::move(group.program));
    }
    return out;
  }

  /// The two of a pair that counts as one are converted by the same ADCs.
  [[nodiscard]] SumHistogram of_crossbar(std::size_t group, std::size_t array) const {
    SumHistogram out = sums_[group][array];
    const int partner = facts_[group][array].partner;
    if (partner < 0) return out;
    const SumHistogram& more = sums_[group][static_cast<std::size_t>(partner)];
    out.resize(std::max(out.size(), more.size()));
    for (std::size_t s = 0; s < more.size(); ++s) out[s] += more[s];
    return out;
  }

  const Layer& layer_;
  CrossbarLayer crossbars_;
  std::vector<std::vector<ArrayFacts>> facts_;   ///< [row group][array]
  std::vector<std::vector<SumHistogram>> sums_;  ///< [row group][array]
};

/// Null in the vector unit.
using ObservedLayers = std::vector<std::unique_ptr<ObservedLayer>>;

ObservedLayers observed_layers(const Network& network, MappedNetwork mapped) {
  ObservedLayers out;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    out.push_back(layer.on_crossbars()
                      ? std::make_unique<ObservedLayer>(layer, network.quantisation(layer.inputs[0]),
                                                        mapped.geometry, std::move(mapped.layers[i].mapping))
                      : nullptr);
  }
  return out;
}

void count_image(const Bundle& bundle, int image, const ObservedLayers& layers) {
  const Network& network = bundle.network;
  std::vector<FeatureMap> nodes{sample_input(bundle, image)};
  for (std::size_t i = 0; i < layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    nodes.push_back(layers[i] ? layers[i]->run(nodes[static_cast<std::size_t>(layer.inputs[0])])
                              : evaluate_vector_layer(network, layer, nodes));
  }
}

}  // namespace

Calibration calibrate(const Job& job, const Progress& progress, Diagnostics& diagnostics) {
  const Network& network = job.bundle.network;
  Calibration out{.tool_version = tool_version(),
                  .workload = network.name,
                  .workload_hash = job.bundle.hash,
                  .first_image = job.config.get<RunParams>().first_image,
                  .images = job.images,
                  .config = calibrated_keys(job.config, job.bundle),
                  .layers = {},
                  .hash = {}};
  const std::size_t errors_before = diagnostics.error_count();
  MappedNetwork mapped = map_network(job.config, network, diagnostics);
  if (diagnostics.error_count() != errors_before) return out;
  const ObservedLayers layers = observed_layers(network, std::move(mapped));
  on_threads(job.config.get<RunParams>().threads, [&] {
    for (int image = 0; image < job.images; ++image) {
      throw_if_interrupted();
      count_image(job.bundle, static_cast<int>(out.first_image) + image, layers);
      if (progress) progress(image + 1, job.images);
    }
  });
  for (const auto& layer : layers) {
    if (layer) out.layers.push_back(layer->result());
  }
  return out;
}

}  // namespace squeezebar
