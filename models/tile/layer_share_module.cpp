// SPDX-License-Identifier: Apache-2.0
#include "models/tile/layer_share_module.h"

namespace squeezebar {

std::vector<PlacedRowGroup> build_row_groups(const ChipPlan& chip, int layer, int tile, const SimClock& clock,
                                             ActivitySource& source) {
  const LayerPlan& plan = chip.layers[static_cast<std::size_t>(layer)];
  std::vector<PlacedRowGroup> out;
  for (std::size_t g = 0; g < plan.groups.size(); ++g) {
    const RowGroupPlan& group = plan.groups[g];
    for (int replica = 0; replica < group.replicas; ++replica) {
      if (plan.tile_of(group, replica) != tile) continue;
      const RowPipeline::Settings settings{.layer = layer,
                                           .group = static_cast<int>(g),
                                           .replica = replica,
                                           .replicas = group.replicas,
                                           .waves = std::int64_t{plan.waves} * chip.images,
                                           .bit_cycle = group.bit_cycle,
                                           .fetch = plan.fetch,
                                           .partial_sum_depth = chip.partial_sum_depth};
      out.push_back({static_cast<int>(g), replica,
                     std::make_unique<RowGroupModule>(row_group_name(static_cast<int>(g), replica).c_str(),
                                                      group, settings, clock, source)});
    }
  }
  return out;
}

}  // namespace squeezebar
