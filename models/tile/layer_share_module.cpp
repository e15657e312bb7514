// SPDX-License-Identifier: Apache-2.0
#include "models/tile/layer_share_module.h"

namespace squeezebar {

std::vector<PlacedLane> build_lanes(const ChipPlan& chip, int layer, int tile, const SimClock& clock,
                                    WorkSource& source, DataPath& path) {
  const LayerPlan& plan = chip.layers[static_cast<std::size_t>(layer)];
  std::vector<PlacedLane> out;
  for (int lane = 0; lane < plan.lanes(); ++lane) {
    for (int replica = 0; replica < plan.replicas(lane); ++replica) {
      if (plan.tile_of(lane, replica) != tile) continue;
      const Lane::Settings settings{.layer = layer,
                                    .lane = lane,
                                    .replica = replica,
                                    .replicas = plan.replicas(lane),
                                    .waves = std::int64_t{plan.waves} * chip.images,
                                    .fetch = plan.engine.fetch};
      out.push_back({lane, replica,
                     std::make_unique<Lane>(replica_name(plan.lane(lane), replica).c_str(), plan.lane(lane),
                                            settings, clock, source)});
      out.back().module->path(path);
    }
  }
  return out;
}

}  // namespace squeezebar
