// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "sim/terms/adc_scan.h"
#include "sim/terms/buffer_share.h"

namespace squeezebar {

/// Whole periods of chip.clock.
using Cycles = std::int64_t;

/// Name of a replica's module in its layer.
inline std::string row_group_name(int group, int replica) {
  return "row_group_" + std::to_string(group) + "_" + std::to_string(replica);
}

/// One row group as time and counts see it. "Per bit-cycle" numbers are over all its allocated arrays that
/// are read as a whole; with operation units they are 0 and the activity of each wave says what was done.
struct RowGroupPlan {
  int column_block = 0;
  int replicas = 1;
  std::vector<int> tiles;  ///< [replica] where its crossbars are; empty: on the layer's tile
  Cycles bit_cycle = 0;    ///< length of one step: of a bit-cycle, or of an operation unit
  // Only a timeline looks at when a step's samples are converted: the length of the step covers it.
  Cycles conversion_start = 0;  ///< after the beginning of the step
  Cycles conversion_time = 0;
  std::uint64_t arrays = 0;  ///< read in each bit-cycle
  std::uint64_t rows = 0;    ///< mapped word lines
  std::uint64_t channels = 0;
  bool charge_ones = false;     ///< drive cost: rows with a non-zero input only
  AdcScan scan = AdcScan::all;  ///< columns of operation units that are converted
  /// (ADC bits, conversions) of `conversion_cycles` bit-cycles.
  std::vector<std::pair<int, std::uint64_t>> conversions;
  /// 1, or those of a whole wave where the bits change from one to the next.
  std::uint64_t conversion_cycles = 1;
  std::uint64_t shift_adds = 0;      ///< per bit-cycle
  std::uint64_t splice_adds = 0;     ///< per bit-cycle
  std::uint64_t input_bytes = 0;     ///< of one wave's input vector
  std::uint64_t register_bytes = 0;  ///< of the same in the input register
  std::uint64_t aligned_words = 0;   ///< per wave; 0 unless squeezed
  bool zero_detect = false;          ///< each bit-cycle is tested for driven rows
  std::uint64_t drive_bytes = 0;     ///< read from the input register per bit-cycle

  /// Of all resolutions.
  [[nodiscard]] std::uint64_t conversions_per_bit_cycle() const {
    std::uint64_t sum = 0;
    for (const auto& [bits, count] : conversions) sum += count;
    return sum / conversion_cycles;
  }
};

/// A connection from a node's output to one input of a layer.
struct EdgePlan {
  int from_layer = -1;  ///< -1: the network's input
  int to_layer = 0;
  BufferShare buffer;  ///< of the tiles' input buffers
  int depth = 1;       ///< pixels that it holds
  int pixels = 1;      ///< per image
  std::uint64_t pixel_bytes = 0;
  Cycles occupancy = 0;  ///< of the link, per pixel
  Cycles latency = 0;
  std::vector<int> needed;    ///< [wave] pixels of the image that must have arrived
  std::vector<int> released;  ///< [wave] pixels of the image that no later wave needs
};

/// One layer: on crossbars if it has row groups, else a sequence of element-wise steps in the vector unit.
struct LayerPlan {
  std::string name;
  int tile = 0;   ///< home of its buffers and of its vector unit
  int waves = 1;  ///< per image
  std::vector<RowGroupPlan> groups;
  int column_blocks = 0;     ///< that have a running row group
  std::vector<int> inputs;   ///< edges
  std::vector<int> outputs;  ///< edges; an output without any leaves the chip at once
  BufferShare output_buffer;
  int output_depth = 1;  ///< pixels
  std::uint64_t pixel_bytes = 0;
  std::uint64_t channels = 0;
  Cycles fetch = 0;                  ///< from input buffer to input register
  Cycles tail = 0;                   ///< from the last bit-cycle to the output buffer
  Cycles interval = 1;               ///< least distance of two output pixels in the vector unit
  Cycles service = 1;                ///< of one wave in the vector unit (layers without row groups)
  std::uint64_t activation_ops = 0;  ///< per output pixel
  std::uint64_t pool_ops = 0;
  std::uint64_t window_bytes = 0;  ///< read from the input buffers per wave (layers without row groups)

  /// Where a replica of one of its row groups is.
  [[nodiscard]] int tile_of(const RowGroupPlan& group, int replica) const {
    return group.tiles.empty() ? tile : group.tiles[static_cast<std::size_t>(replica)];
  }
};

/// A whole network placed on a chip: everything that timing needs, no weight and no joule.
struct ChipPlan {
  std::int64_t clock_period_fs = 1;
  int images = 1;
  bool layer_serial = false;
  int partial_sum_depth = 1;
  int output_layer = 0;
  std::vector<LayerPlan> layers;  ///< in topological order
  std::vector<EdgePlan> edges;
};

/// Bytes of one tile's buffers.
struct BufferSizes {
  std::int64_t input = 0;
  std::int64_t output = 0;
};

/// Bytes of a partial sum in an output register.
inline constexpr std::uint64_t kPartialSumBytes = 4;

}  // namespace squeezebar
