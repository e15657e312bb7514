// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <set>
#include <vector>

#include "sim/base/config.h"
#include "sim/base/diag.h"
#include "sim/engine/crossbar/mapping/mapping.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// One layer of the network on crossbars.
struct MappedLayer {
  LayerMapping mapping;        ///< only row groups that run; empty in the vector unit
  std::int64_t crossbars = 0;  ///< allocated, without replicas
  std::int64_t pairs = 0;      ///< differential pairs count once
  std::int64_t conventional = 0;
  std::int64_t dense_sliced = 0;
  int lossless_bits = 0;  ///< fewest bits with which no sum of the layer is clipped
};

/// The network on crossbars: what values start from.
struct MappedNetwork {
  CrossbarGeometry geometry;
  int adc_bits = 0;            ///< highest resolution of the ADCs
  std::set<int> charged_bits;  ///< resolutions that conversions are charged for beside those of crossbars
  bool skip_zeros = false;     ///< bit-cycles in which no word line is driven are not executed
  std::vector<MappedLayer> layers;

  /// Index of the whole network as it stands on the chip: what a row group needs, once per replica.
  [[nodiscard]] IndexStorage fitted_index() const;
  /// Whether some row group is squeezed.
  [[nodiscard]] bool squeezed() const;
};

/// Bits of its mapping's index that a wave of the layer reads and that are priced.
std::int64_t index_bits_per_wave(const Config& config, const MappedLayer& layer);

CrossbarGeometry crossbar_geometry(const Config& config);
/// Whether bit-cycles in which no word line is driven are found and skipped: where it is asked for, and by
/// operation units, which are made of driven word lines only.
bool skips_zeros(const Config& config);

/// Whether the configured mapping takes the network's weights and inputs; why not goes to `diagnostics`.
bool check_weights_fit(const Config& config, const Network& network, const CrossbarGeometry& geometry,
                       Diagnostics& diagnostics);

/// Maps every layer and nothing else: neither ADCs nor places are chosen.
MappedNetwork map_network(const Config& config, const Network& network, Diagnostics& diagnostics);

/// Chooses the ADC resolution and programs the transfer of every array.
void give_adcs(const Config& config, const Network& network, MappedNetwork& mapped, Diagnostics& diagnostics);

}  // namespace squeezebar
