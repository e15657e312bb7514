// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "sim/base/config.h"
#include "sim/compile/placement.h"
#include "sim/engine/crossbar/mapped_network.h"
#include "sim/terms/buffer_share.h"
#include "sim/workload/network.h"

namespace squeezebar {

struct Calibration;

/// Where one layer of the network is on the chip.
struct PlacedLayer {
  std::int64_t crossbars = 0;  ///< allocated, with replicas
  int first_tile = 0;
  int tiles = 1;
  Placement placement;  ///< of its row groups' replicas, group by group, on these tiles
  BufferShare buffers;  ///< of its tiles, each shared evenly by the layers on it
};

/// The network mapped and placed: what time and accounting start from.
struct Hardware : MappedNetwork {
  std::vector<PlacedLayer> places;  ///< [layer]
};

/// Maps every layer, chooses the ADC resolution, programs the transfer of every array and places layers on
/// tiles. With a calibration the transfers have its steps. Whether layers fit the chip matters only if time
/// is simulated (`timed`).
Hardware build_hardware(const Config& config, const Network& network, const Calibration* calibration,
                        Diagnostics& diagnostics, bool timed = true);

}  // namespace squeezebar
