// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <set>
#include <vector>

#include "models/adc/adc.h"
#include "sim/base/buffer_share.h"
#include "sim/base/config.h"
#include "sim/mapping/mapping.h"
#include "sim/mapping/placement.h"
#include "sim/workload/bundle.h"

namespace squeezebar {

/// One layer of the network on the configured chip.
struct MappedLayer {
  LayerMapping mapping;         ///< only row groups that run; empty in the vector unit
  std::int64_t crossbars = 0;   ///< allocated, without replicas
  std::int64_t replicated = 0;  ///< allocated, with replicas
  std::int64_t pairs = 0;       ///< differential pairs count once
  std::int64_t conventional = 0;
  std::int64_t dense_sliced = 0;
  int lossless_bits = 0;  ///< fewest bits with which no sum of the layer is clipped
  int first_tile = 0;
  int tiles = 1;
  Placement placement;  ///< of its row groups' replicas, group by group, on these tiles
  BufferShare buffers;  ///< of its tiles, each shared evenly by the layers on it
};

/// The network mapped and placed: what values, timing and accounting all start from.
struct Hardware {
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
Hardware map_network(const Config& config, const Network& network, Diagnostics& diagnostics);

/// Maps every layer, chooses the ADC resolution, programs the transfer of every array and places layers on
/// tiles. Whether they fit the chip matters only if time is simulated (`timed`).
Hardware build_hardware(const Config& config, const Network& network, Diagnostics& diagnostics,
                        bool timed = true);

}  // namespace squeezebar
