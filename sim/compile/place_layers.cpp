// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/place_layers.h"

#include <algorithm>
#include <limits>
#include <map>
#include <span>

#include <fmt/format.h>

#include "models/chip/chip.h"
#include "models/element/element.h"
#include "models/tile/tile.h"
#include "sim/compile/balance.h"
#include "sim/engine/crossbar/row_group_time.h"

namespace squeezebar {
namespace {

/// Cycles of `waves` waves; the most that 64 bits hold stands for all that is more.
std::int64_t cycles_of(std::int64_t waves, std::int64_t each) {
  std::int64_t product = 0;
  return __builtin_mul_overflow(waves, each, &product) ? std::numeric_limits<std::int64_t>::max() : product;
}

std::int64_t crossbars_per_tile(const Config& config) {
  return std::int64_t{config.get<TileParams>().elements} * config.get<ElementParams>().crossbars;
}

class Placer {
 public:
  Placer(const Config& config, const Network& network, Hardware& hardware, Diagnostics& diagnostics,
         bool timed)
      : config_(config),
        network_(network),
        hardware_(hardware),
        diagnostics_(diagnostics),
        mapping_(config.get<MappingParams>()),
        placement_(mapping_.placement),
        timed_(timed),
        per_tile_(crossbars_per_tile(config)) {}

  void run() {
    for (std::size_t i = 0; i < network_.layers.size(); ++i) add_wave_cycles(i);
    if (!whole_groups_fit_a_tile()) return;
    if (mapping_.replication == Replication::fixed) {
      for (MappedLayer& layer : hardware_.layers) {
        for (MappedGroup& group : layer.mapping.groups) group.replicas = static_cast<int>(mapping_.replicas);
      }
      place_crossbar_layers();
    } else {
      balance();
    }
    place_vector_layers();
    share_buffers();
    if (timed_) check_chip();
  }

 private:
  [[nodiscard]] std::int64_t chip_tiles() const { return config_.get<ChipParams>().tiles; }

  /// How long each row group takes for one wave.
  void add_wave_cycles(std::size_t i) {
    if (!network_.layers[i].on_crossbars()) return;
    const Quantisation& input = network_.quantisation(network_.layers[i].inputs[0]);
    for (MappedGroup& group : hardware_.layers[i].mapping.groups) {
      wave_cycles_.push_back(
          cycles_of(std::int64_t{stream_length(input, hardware_.geometry, group)} * most_steps(group),
                    bit_cycle_of(config_, group).length));
    }
  }

  bool whole_groups_fit_a_tile() {
    if (placement_ != TilePlacement::longest_first) return true;
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      for (const MappedGroup& group : hardware_.layers[i].mapping.groups) {
        if (group.allocated() <= per_tile_) continue;
        if (!timed_) {
          placement_ = TilePlacement::in_order;  // nothing depends on where row groups are
          return true;
        }
        diagnostics_.error(config_.place("mapping.placement"), "mapping.placement",
                           fmt::format("longest_first keeps row groups whole, but one of layer '{}' takes {} "
                                       "crossbars and a tile has {}; use in_order or larger tiles",
                                       network_.layers[i].name, group.allocated(), per_tile_));
        return false;
      }
    }
    return true;
  }

  [[nodiscard]] ReplicaBudget budget() {
    switch (mapping_.crossbar_budget) {
      case CrossbarBudget::dense_sliced: {
        ReplicaBudget out;
        for (const MappedLayer& layer : hardware_.layers) out.crossbars += layer.dense_sliced;
        return out;
      }
      case CrossbarBudget::conventional: {
        ReplicaBudget out;
        for (std::size_t i = 0; i < network_.layers.size(); ++i) {
          if (network_.layers[i].on_crossbars() && hardware_.layers[i].conventional == 0) {
            diagnostics_.error(config_.place("mapping.crossbar_budget"), "mapping.crossbar_budget",
                               fmt::format("a weight of layer '{}' is wider than a crossbar, so there is no "
                                           "conventional mapping to take the budget from; use dense_sliced "
                                           "or chip",
                                           network_.layers[i].name));
          }
          out.crossbars += hardware_.layers[i].conventional;
        }
        return out;
      }
      case CrossbarBudget::chip:
        break;
    }
    return {chip_tiles() * per_tile_, per_tile_};
  }

  void balance() {
    std::vector<ReplicaDemand> demands;
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      for (const MappedGroup& group : hardware_.layers[i].mapping.groups) {
        demands.push_back({static_cast<int>(i), group.allocated(),
                           cycles_of(network_.layers[i].waves(), wave_cycles_[demands.size()])});
      }
    }
    ReplicaBudget left = budget();
    for (;;) {
      const std::vector<int> replicas = balance_replicas(demands, left);
      auto next = replicas.begin();
      for (MappedLayer& layer : hardware_.layers) {
        for (MappedGroup& group : layer.mapping.groups) group.replicas = *next++;
      }
      place_crossbar_layers();
      // Whole row groups may leave crossbars of a tile unused; then the last tile of the chip is one too few.
      const bool replicated =
          std::any_of(replicas.begin(), replicas.end(), [](int count) { return count > 1; });
      if (mapping_.crossbar_budget != CrossbarBudget::chip || tiles_ <= chip_tiles() || !replicated) return;
      left.crossbars -= per_tile_;
    }
  }

  /// Each layer on crossbars starts on a tile of its own.
  void place_crossbar_layers() {
    tiles_ = 0;
    std::size_t first_group = 0;
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      if (!network_.layers[i].on_crossbars()) continue;
      place_layer(i, first_group);
      first_group += hardware_.layers[i].mapping.groups.size();
      PlacedLayer& place = hardware_.places[i];
      place.first_tile = static_cast<int>(tiles_);
      place.tiles = place.placement.tiles;
      tiles_ += place.tiles;
    }
  }

  void place_layer(std::size_t i, std::size_t first_group) {
    const MappedLayer& layer = hardware_.layers[i];
    PlacedLayer& place = hardware_.places[i];
    const std::int64_t waves = network_.layers[i].waves();
    std::vector<PlacementJob> jobs;
    place.crossbars = 0;
    for (std::size_t g = 0; g < layer.mapping.groups.size(); ++g) {
      const MappedGroup& group = layer.mapping.groups[g];
      place.crossbars += std::int64_t{group.allocated()} * group.replicas;
      for (int r = 0; r < group.replicas; ++r) {
        // Waves r, r + replicas, ... of an image.
        const std::int64_t own = (waves - r + group.replicas - 1) / group.replicas;
        jobs.push_back(
            {cycles_of(std::max<std::int64_t>(0, own), wave_cycles_[first_group + g]), group.allocated()});
      }
    }
    place.placement = placement_ == TilePlacement::in_order ? place_in_order(jobs, per_tile_)
                                                            : place_longest_first(jobs, per_tile_);
  }

  /// A layer in the vector unit is on the tiles of its first producer, on the first tile if that is the
  /// network's input.
  void place_vector_layers() {
    for (std::size_t i = 0; i < network_.layers.size(); ++i) {
      if (network_.layers[i].on_crossbars()) continue;
      const int producer = network_.layers[i].inputs[0];
      const PlacedLayer first_tile{};
      const PlacedLayer& lives_with =
          producer > 0 ? hardware_.places[static_cast<std::size_t>(producer - 1)] : first_tile;
      hardware_.places[i].first_tile = lives_with.first_tile;
      hardware_.places[i].tiles = lives_with.tiles;
      tiles_ = std::max<std::int64_t>(tiles_, 1);
    }
  }

  void share_buffers() {
    std::vector<int> layers(static_cast<std::size_t>(tiles_));
    const auto tiles_of = [&](const PlacedLayer& place) {
      return std::span(layers).subspan(static_cast<std::size_t>(place.first_tile),
                                       static_cast<std::size_t>(place.tiles));
    };
    for (const PlacedLayer& place : hardware_.places) {
      for (int& count : tiles_of(place)) ++count;
    }
    for (PlacedLayer& place : hardware_.places) {
      std::map<int, std::int64_t> tiles_by_layers;
      for (const int count : tiles_of(place)) ++tiles_by_layers[count];
      place.buffers = {0, 1};
      for (const auto& [count, tiles] : tiles_by_layers) place.buffers.add(tiles, count);
    }
  }

  void check_chip() {
    if (tiles_ <= chip_tiles()) return;
    diagnostics_.error(config_.place("chip.tiles"), "chip.tiles",
                       fmt::format("'{}' needs {} tiles of {} crossbars with this mapping, the chip has {}",
                                   network_.name, tiles_, per_tile_, chip_tiles()));
  }

  const Config& config_;
  const Network& network_;
  Hardware& hardware_;
  Diagnostics& diagnostics_;
  const MappingParams& mapping_;
  TilePlacement placement_;
  bool timed_;
  std::int64_t per_tile_;
  std::int64_t tiles_ = 0;
  std::vector<std::int64_t> wave_cycles_;  ///< [row group] over all layers
};

}  // namespace

void replicate_and_place(const Config& config, const Network& network, Hardware& hardware,
                         Diagnostics& diagnostics, bool timed) {
  Placer(config, network, hardware, diagnostics, timed).run();
}

}  // namespace squeezebar
