// SPDX-License-Identifier: Apache-2.0
#include "models/tile/layer_module.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace squeezebar {
namespace {

/// Parties that must start a wave before its input may leave the buffer: every lane, or the vector unit.
int starters(const LayerPlan& plan) { return std::max(1, plan.lanes()); }

int blocks(const LayerPlan& plan) {
  std::set<int> out;
  for (const LanePlan& lane : plan.engine.lanes) out.insert(lane.block);
  return std::max(1, static_cast<int>(out.size()));
}

}  // namespace

LayerModule::LayerModule(const sc_core::sc_module_name& name, const ChipPlan& chip, int index,
                         const SimClock& clock, ScheduleGate& gate, WorkSource& source, DataPath& path)
    : sc_module(name),
      plan_(chip.layers[static_cast<std::size_t>(index)]),
      index_(index),
      images_(chip.images),
      clock_(clock),
      gate_(gate),
      timer_("timer", clock),
      started_(starters(plan_)),
      reduced_(blocks(plan_)) {
  for (std::size_t k = 0; k < plan_.inputs.size(); ++k) {
    const EdgePlan& edge = chip.edges[static_cast<std::size_t>(plan_.inputs[k])];
    inputs_.push_back(
        std::make_unique<InputBuffer>(fmt::format("input_buffer_{}", k).c_str(), edge, plan_.waves));
    inputs_.back()->on_push = [this] { wake(); };
  }
  output_ = std::make_unique<OutputBuffer>("output_buffer", plan_.output_depth,
                                           static_cast<int>(plan_.outputs.size()));
  output_->on_write = [this] { pixel_written(); };
  if (!plan_.has_lanes()) {
    vector_ = std::make_unique<VectorSequencer>("vector_unit", plan_, std::int64_t{plan_.waves} * images_,
                                                clock_, *output_);
    vector_->layer(*this);
    output_->on_drain = [this] { vector_->wake(); };
  } else {
    pixels_ = std::make_unique<PixelPipeline>("vector_unit", plan_, clock_, *output_);
    build_reducers();
    at_home_ = build_lanes(chip, index, plan_.tile, clock, source, path);
    output_->on_drain = [this] {
      for (const auto& reducer : reducers_) reducer->retry();
    };
  }
}

void LayerModule::build_reducers() {
  std::vector<int> seen;  // blocks in order of appearance
  for (const LanePlan& lane : plan_.engine.lanes) {
    auto at = std::find(seen.begin(), seen.end(), lane.block);
    if (at == seen.end()) at = seen.insert(at, lane.block);
    reducer_of_lane_.push_back(static_cast<int>(at - seen.begin()));
  }
  for (const int block : seen) {
    reducers_.push_back(std::make_unique<Reducer>(fmt::format("reducer_c{}", block).c_str(), *output_));
    reducers_.back()->on_consume = [this](std::int64_t wave) {
      if (reduced_.arrive(wave)) pixels_->reduced(wave);
    };
  }
}

void LayerModule::connect(const std::vector<const LayerShare*>& shares) {
  std::vector<std::vector<Lane*>> placed;
  for (int lane = 0; lane < plan_.lanes(); ++lane)
    placed.emplace_back(static_cast<std::size_t>(plan_.replicas(lane)));
  const auto take = [&](const std::vector<PlacedLane>& lanes) {
    for (const PlacedLane& at : lanes) {
      placed[static_cast<std::size_t>(at.lane)][static_cast<std::size_t>(at.replica)] = at.module.get();
    }
  };
  take(at_home_);
  for (const LayerShare* share : shares) take(share->lanes());
  for (std::size_t lane = 0; lane < placed.size(); ++lane) {
    std::vector<LaneIf*> replicas;
    for (Lane* replica : placed[lane]) {
      replica->layer(*this);
      replica->wake_by(timer_);
      lanes_.push_back(replica);
      replicas.push_back(replica);
    }
    reducers_[static_cast<std::size_t>(reducer_of_lane_[lane])]->connect(std::move(replicas));
  }
}

void LayerModule::observe(TimelineObserver& observer) {
  const auto track = [&](Track::Kind kind, int index) {
    return Track{.kind = kind, .layer = index_, .tile = plan_.tile, .index = index, .per_image = plan_.waves};
  };
  const auto observe_fill = [&](auto& buffer, Track::Kind kind, int index) {
    const TimelineTrack made(observer, track(kind, index));
    if (!made) return;
    buffer.on_fill = [this, made](std::int64_t pixels) { made->fill(made.number(), pixels, clock_.now()); };
  };
  for (std::size_t k = 0; k < inputs_.size(); ++k)
    observe_fill(*inputs_[k], Track::Kind::input_buffer, static_cast<int>(k));
  observe_fill(*output_, Track::Kind::output_buffer, 0);
  const TimelineTrack unit(observer, track(Track::Kind::vector_unit, 0));
  if (vector_) vector_->observe(unit);
  if (pixels_) pixels_->observe(unit);
  for_each_lane([&](int lane, int replica, Lane& module) { observe_lane(observer, lane, replica, module); });
}

void LayerModule::observe_lane(TimelineObserver& observer, int lane, int replica, Lane& module) {
  const LanePlan& plan = plan_.lane(lane);
  const auto names = [](const std::vector<WaveFigure>& figures) {
    std::vector<std::string> out;
    for (const WaveFigure& figure : figures) out.push_back(figure.name);
    return out;
  };
  Track track{.kind = Track::Kind::lane,
              .layer = index_,
              .tile = plan_.tile_of(lane, replica),
              .replica = replica,
              .replicas = plan_.replicas(lane),
              .per_image = plan_.waves,
              .name = plan.row,
              .figures = names(plan.figures)};
  module.observe(TimelineTrack(observer, track));
  track.kind = Track::Kind::part;
  std::vector<std::vector<TimelineTrack>> parts;
  for (const Stage& stage : plan.stages) {
    auto& tracks = parts.emplace_back();
    if (!stage.path) continue;
    for (const PathPart& part : *stage.path) {
      tracks.emplace_back();
      if (part.row.empty()) continue;
      track.name = fmt::format("{} {}", part.row, lane);
      track.category = part.category;
      track.figures = names(part.figures);
      tracks.back() = TimelineTrack(observer, track);
    }
  }
  module.observe(std::move(parts));
}

void LayerModule::show_in(Waveforms& waveforms) {
  for_each_lane([&](int lane, int replica, Lane& module) {
    if (waveforms.wants(plan_.name, replica_name(plan_.lane(lane), replica)))
      module.show_in(waveforms.lane(module.name(), clock_));
  });
  if (!waveforms.wants(plan_.name)) return;
  if (vector_) vector_->show_in(waveforms.lane(vector_->name(), clock_));
  const auto show_fill = [&](auto& buffer) {
    ProbedValue& value = waveforms.pixels(buffer.name());
    // A timeline may look on as well.
    buffer.on_fill = [&value, other = buffer.on_fill](std::int64_t pixels) {
      if (other) other(pixels);
      value.set(pixels);
    };
  };
  for (const auto& input : inputs_) show_fill(*input);
  show_fill(*output_);
}

Cycles LayerModule::gate(std::int64_t wave) const { return gate_.open(index_, wave / plan_.waves); }

Cycles LayerModule::input_arrival(std::int64_t wave) const {
  Cycles latest = 0;
  for (const auto& input : inputs_) {
    const Cycles arrival = input->arrival(wave);
    if (arrival == kNotYet) return kNotYet;
    latest = std::max(latest, arrival);
  }
  return latest;
}

void LayerModule::started(std::int64_t wave) {
  if (first_start_ == kNotYet) first_start_ = clock_.now();
  started_.arrive(wave);
  for (const auto& input : inputs_) input->release(started_.floor());
}

void LayerModule::delivered(int lane, std::int64_t wave) {
  reducers_[static_cast<std::size_t>(reducer_of_lane_[static_cast<std::size_t>(lane)])]->deliver(wave);
}

void LayerModule::wake() {
  for (Lane* lane : lanes_) lane->wake();
  if (vector_) vector_->wake();
}

void LayerModule::pixel_written() {
  last_write_ = clock_.now();
  if (output_->written() % plan_.waves == 0) {
    on_image_done(last_write_);
  }
  on_pixel_written();
}

LaneTime LayerModule::time(Cycles total) const {
  LaneTime out;
  if (vector_) out = vector_->time(total);
  for (const Lane* lane : lanes_) out += lane->time(total);
  return out;
}

bool LayerModule::finished() const {
  return output_->written() == std::int64_t{plan_.waves} * images_ &&
         output_->drained() == output_->written();
}

std::vector<std::string> LayerModule::blocked() const {
  std::vector<std::string> out;
  for (const Lane* lane : lanes_) {
    if (!lane->finished()) out.push_back(fmt::format("{}: {}", lane->name(), lane->waiting_for()));
  }
  if (vector_ && !vector_->finished())
    out.push_back(fmt::format("{}: {}", vector_->name(), vector_->waiting_for()));
  if (output_->drained() < output_->written()) {
    out.push_back(fmt::format("{}: {} pixels wait for space in a consumer's input buffer", output_->name(),
                              output_->written() - output_->drained()));
  }
  return out;
}

}  // namespace squeezebar
