// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/base/cycles.h"
#include "sim/terms/buffer_share.h"
#include "sim/terms/lane_plan.h"

namespace squeezebar {

/// The module of a lane's replica.
inline std::string replica_name(const LanePlan& lane, int replica) {
  return lane.name + "_" + std::to_string(replica);
}

/// Where the replicas of a lane are.
struct LanePlace {
  int replicas = 1;
  std::vector<int> tiles;  ///< [replica] where its units are; empty: on the layer's tile
};

/// A connection from a node's output to one input of a layer.
struct EdgePlan {
  int from_layer = -1;  ///< -1: the network's input
  int to_layer = 0;
  BufferShare buffer;  ///< of the tiles' input buffers
  int depth = 1;       ///< pixels that it holds
  int pixels = 1;      ///< per image
  Count pixel_bytes = 0;
  Cycles occupancy = 0;  ///< of the link, per pixel
  Cycles latency = 0;
  std::vector<int> needed;    ///< [wave] pixels of the image that must have arrived
  std::vector<int> released;  ///< [wave] pixels of the image that no later wave needs
  Rates rates;                ///< of its pixels
};

/// One layer: in lanes of an engine if it has some, else a sequence of element-wise steps in the vector unit.
struct LayerPlan {
  std::string name;
  int tile = 0;   ///< home of its buffers and of its vector unit
  int waves = 1;  ///< per image
  LayerLanes engine;
  std::vector<LanePlace> places;  ///< [lane]
  std::vector<int> inputs;        ///< edges
  std::vector<int> outputs;       ///< edges; an output without any leaves the chip at once
  BufferShare output_buffer;
  int output_depth = 1;  ///< pixels
  Count pixel_bytes = 0;
  Cycles interval = 1;  ///< least distance of two output pixels in the vector unit
  Cycles service = 1;   ///< of one wave in the vector unit (layers without lanes)
  Rates rates;          ///< of its waves, beside those of the engine

  [[nodiscard]] bool has_lanes() const { return !engine.lanes.empty(); }
  [[nodiscard]] int lanes() const { return static_cast<int>(engine.lanes.size()); }
  [[nodiscard]] const LanePlan& lane(int index) const {
    return engine.lanes[static_cast<std::size_t>(index)];
  }
  [[nodiscard]] int replicas(int lane) const { return places[static_cast<std::size_t>(lane)].replicas; }
  /// Where a replica of one of its lanes is.
  [[nodiscard]] int tile_of(int lane, int replica) const {
    const std::vector<int>& tiles = places[static_cast<std::size_t>(lane)].tiles;
    return tiles.empty() ? tile : tiles[static_cast<std::size_t>(replica)];
  }
};

/// A whole network placed on a chip: everything that timing needs, no weight and no joule.
struct ChipPlan {
  std::int64_t clock_period_fs = 1;
  int images = 1;
  bool layer_serial = false;
  int output_layer = 0;
  std::vector<LayerPlan> layers;  ///< in topological order
  std::vector<EdgePlan> edges;
};

/// Bytes of one tile's buffers.
struct BufferSizes {
  std::int64_t input = 0;
  std::int64_t output = 0;
};

}  // namespace squeezebar
