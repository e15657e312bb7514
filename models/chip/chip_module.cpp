// SPDX-License-Identifier: Apache-2.0
#include "models/chip/chip_module.h"

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

namespace squeezebar {

ChipModule::ChipModule(const sc_core::sc_module_name& name, const ChipPlan& plan, Cycles most,
                       WorkSource& source)
    : sc_module(name),
      plan_(plan),
      clock_(plan.clock_period_fs, most),
      gate_(plan.layer_serial, static_cast<std::int64_t>(plan.layers.size())),
      layers_(plan.layers.size(), nullptr) {
  build_tiles(source);
  build_links();
}

void ChipModule::build_tiles(WorkSource& source) {
  struct Residents {
    std::vector<int> layers;
    std::set<int> guests;
  };
  std::map<int, Residents> by_tile;
  for (std::size_t i = 0; i < plan_.layers.size(); ++i) {
    const LayerPlan& layer = plan_.layers[i];
    by_tile[layer.tile].layers.push_back(static_cast<int>(i));
    for (const LanePlace& place : layer.places) {
      for (const int tile : place.tiles) {
        if (tile != layer.tile) by_tile[tile].guests.insert(static_cast<int>(i));
      }
    }
  }
  std::vector<std::vector<const LayerShare*>> shares(plan_.layers.size());
  for (const auto& [tile, residents] : by_tile) {
    tiles_.push_back(std::make_unique<TileModule>(
        fmt::format("tile_{}", tile).c_str(), plan_, tile, residents.layers,
        std::vector<int>(residents.guests.begin(), residents.guests.end()), clock_, gate_, source));
    for (std::size_t k = 0; k < residents.layers.size(); ++k) {
      layers_[static_cast<std::size_t>(residents.layers[k])] = &tiles_.back()->layer(k);
    }
    for (const auto& share : tiles_.back()->shares())
      shares[static_cast<std::size_t>(share->layer())].push_back(share.get());
  }
  for (std::size_t i = 0; i < layers_.size(); ++i) layers_[i]->connect(shares[i]);
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    const bool is_output = static_cast<int>(i) == plan_.output_layer;
    layers_[i]->on_image_done = [this, is_output](Cycles now) {
      if (is_output) {
        image_ends_.push_back(now);
        if (on_image) on_image(static_cast<int>(image_ends_.size()));
      }
      if (!gate_.serial()) return;
      gate_.advance(now);
      layers_[static_cast<std::size_t>(gate_.layer())]->wake();
    };
  }
}

void ChipModule::build_links() {
  int pixels_per_image = 0;
  for (const EdgePlan& edge : plan_.edges) {
    if (edge.from_layer < 0) pixels_per_image = edge.pixels;
  }
  source_ = std::make_unique<ImageSource>("source", std::int64_t{pixels_per_image} * plan_.images);
  std::map<int, std::vector<Link*>> by_producer;
  for (std::size_t e = 0; e < plan_.edges.size(); ++e) {
    const EdgePlan& edge = plan_.edges[e];
    auto& siblings = by_producer[edge.from_layer];
    links_.push_back(std::make_unique<Link>(fmt::format("link_{}", e).c_str(), edge,
                                            static_cast<int>(siblings.size()),
                                            std::int64_t{edge.pixels} * plan_.images, clock_));
    Link& link = *links_.back();
    siblings.push_back(&link);
    if (edge.from_layer < 0) {
      link.from(*source_);
    } else {
      link.from(layers_[static_cast<std::size_t>(edge.from_layer)]->output());
    }
    LayerModule& consumer = *layers_[static_cast<std::size_t>(edge.to_layer)];
    const auto& inputs = consumer.plan().inputs;
    const auto port = std::find(inputs.begin(), inputs.end(), static_cast<int>(e)) - inputs.begin();
    InputBuffer& buffer = consumer.input(static_cast<int>(port));
    link.to(buffer);
    buffer.on_release = [&link] { link.wake(); };
  }
  for (std::size_t i = 0; i < layers_.size(); ++i) {
    layers_[i]->on_pixel_written = [links = by_producer[static_cast<int>(i)]] {
      for (Link* link : links) link->wake();
    };
  }
}

void ChipModule::observe(TimelineObserver& observer) {
  for (LayerModule* layer : layers_) layer->observe(observer);
  for (std::size_t e = 0; e < plan_.edges.size(); ++e) {
    const EdgePlan& edge = plan_.edges[e];
    const std::vector<int>& inputs = plan_.layers[static_cast<std::size_t>(edge.to_layer)].inputs;
    const auto input = std::find(inputs.begin(), inputs.end(), static_cast<int>(e)) - inputs.begin();
    links_[e]->observe(TimelineTrack(observer, {.kind = Track::Kind::link,
                                                .layer = edge.to_layer,
                                                .index = static_cast<int>(input),
                                                .from_layer = edge.from_layer,
                                                .per_image = edge.pixels}));
  }
}

void ChipModule::show_in(Waveforms& waveforms) {
  for (LayerModule* layer : layers_) layer->show_in(waveforms);
}

bool ChipModule::finished() const {
  return std::all_of(layers_.begin(), layers_.end(),
                     [](const LayerModule* layer) { return layer->finished(); });
}

std::vector<std::string> ChipModule::blocked() const {
  std::vector<std::string> out;
  for (const LayerModule* layer : layers_) {
    const auto lines = layer->blocked();
    out.insert(out.end(), lines.begin(), lines.end());
  }
  return out;
}

}  // namespace squeezebar
