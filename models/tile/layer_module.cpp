// SPDX-License-Identifier: Apache-2.0
#include "models/tile/layer_module.h"

#include <algorithm>

#include <fmt/format.h>

namespace squeezebar {
namespace {

/// Parties that must start a wave before its input may leave the buffer: every row group, or the vector unit.
int starters(const LayerPlan& plan) { return std::max<int>(1, static_cast<int>(plan.groups.size())); }

}  // namespace

LayerModule::LayerModule(const sc_core::sc_module_name& name, const ChipPlan& chip, int index,
                         const SimClock& clock, ScheduleGate& gate, ActivitySource& source)
    : sc_module(name),
      plan_(chip.layers[static_cast<std::size_t>(index)]),
      index_(index),
      images_(chip.images),
      clock_(clock),
      gate_(gate),
      started_(starters(plan_)),
      reduced_(std::max(1, plan_.column_blocks)) {
  for (std::size_t k = 0; k < plan_.inputs.size(); ++k) {
    const EdgePlan& edge = chip.edges[static_cast<std::size_t>(plan_.inputs[k])];
    inputs_.push_back(
        std::make_unique<InputBuffer>(fmt::format("input_buffer_{}", k).c_str(), edge, plan_.waves));
    inputs_.back()->on_push = [this] { wake(); };
  }
  output_ = std::make_unique<OutputBuffer>("output_buffer", plan_.output_depth,
                                           static_cast<int>(plan_.outputs.size()));
  output_->on_write = [this] { pixel_written(); };
  if (plan_.groups.empty()) {
    vector_ = std::make_unique<VectorSequencer>("vector_unit", plan_, std::int64_t{plan_.waves} * images_,
                                                clock_, *output_);
    vector_->layer(*this);
    output_->on_drain = [this] { vector_->wake(); };
  } else {
    pixels_ = std::make_unique<PixelPipeline>("vector_unit", plan_, clock_, *output_);
    build_reducers();
    at_home_ = build_row_groups(chip, index, plan_.tile, clock, source);
    output_->on_drain = [this] {
      for (const auto& reducer : reducers_) reducer->retry();
    };
  }
}

void LayerModule::build_reducers() {
  std::vector<int> blocks;  // column blocks in order of appearance
  std::vector<std::uint64_t> channels;
  for (const RowGroupPlan& group : plan_.groups) {
    auto at = std::find(blocks.begin(), blocks.end(), group.column_block);
    if (at == blocks.end()) {
      blocks.push_back(group.column_block);
      channels.push_back(group.channels);
      at = blocks.end() - 1;
    }
    const auto block = static_cast<std::size_t>(at - blocks.begin());
    reducer_of_group_.push_back(static_cast<int>(block));
  }
  for (std::size_t b = 0; b < blocks.size(); ++b) {
    reducers_.push_back(
        std::make_unique<Reducer>(fmt::format("reducer_c{}", blocks[b]).c_str(), channels[b], *output_));
    reducers_.back()->on_consume = [this](std::int64_t wave) {
      if (reduced_.arrive(wave)) pixels_->reduced(wave);
    };
  }
}

void LayerModule::connect(const std::vector<const LayerShare*>& shares) {
  std::vector<std::vector<RowGroupModule*>> placed;
  for (const RowGroupPlan& group : plan_.groups)
    placed.emplace_back(static_cast<std::size_t>(group.replicas));
  const auto take = [&](const std::vector<PlacedRowGroup>& row_groups) {
    for (const PlacedRowGroup& at : row_groups) {
      placed[static_cast<std::size_t>(at.group)][static_cast<std::size_t>(at.replica)] = at.module.get();
    }
  };
  take(at_home_);
  for (const LayerShare* share : shares) take(share->row_groups());
  for (std::size_t g = 0; g < placed.size(); ++g) {
    std::vector<LaneIf*> lanes;
    for (RowGroupModule* replica : placed[g]) {
      replica->pipeline.layer(*this);
      row_groups_.push_back(replica);
      lanes.push_back(&replica->pipeline);
    }
    reducers_[static_cast<std::size_t>(reducer_of_group_[g])]->connect(std::move(lanes));
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
  for_each_lane([&](int group, int replica, RowGroupModule& module) {
    const RowGroupPlan& plan = plan_.groups[static_cast<std::size_t>(group)];
    Track lane = track(Track::Kind::row_group, group);
    lane.tile = plan_.tile_of(plan, replica);
    lane.replica = replica;
    lane.replicas = plan.replicas;
    module.pipeline.observe(TimelineTrack(observer, lane));
    lane.kind = Track::Kind::adc_bank;
    module.pipeline.observe(AdcTrack{.track = TimelineTrack(observer, lane),
                                     .start = plan.conversion_start,
                                     .time = plan.conversion_time,
                                     .per_bit_cycle = plan.conversions_per_bit_cycle(),
                                     .scan = plan.scan});
  });
}

void LayerModule::show_in(Waveforms& waveforms) {
  for_each_lane([&](int group, int replica, RowGroupModule& module) {
    if (waveforms.wants(plan_.name, row_group_name(group, replica)))
      module.pipeline.show_in(waveforms.lane(module.name(), clock_));
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

void LayerModule::delivered(int group, std::int64_t wave) {
  reducers_[static_cast<std::size_t>(reducer_of_group_[static_cast<std::size_t>(group)])]->deliver(wave);
}

void LayerModule::wake() {
  for (const auto& group : row_groups_) group->pipeline.wake();
  if (vector_) vector_->wake();
}

void LayerModule::pixel_written() {
  last_write_ = clock_.now();
  if (output_->written() % plan_.waves == 0) {
    on_image_done(last_write_);
  }
  on_pixel_written();
}

void LayerModule::collect(ActionCounts& counts) const {
  for (const auto& group : row_groups_) group->collect(counts);
  for (const auto& reducer : reducers_) counts[Action::reducer_add] += reducer->adds();
  const auto pixels = static_cast<std::uint64_t>(output_->written());
  counts[Action::activation_op] += pixels * plan_.activation_ops;
  counts[Action::pool_op] += pixels * plan_.pool_ops;
  counts[Action::tile_register_byte] += 2 * pixels * plan_.pixel_bytes;
  std::uint64_t buffer_bytes = pixels * plan_.pixel_bytes;
  for (const auto& input : inputs_) {
    buffer_bytes += input->bytes_written();
    counts[Action::noc_byte] += input->bytes_written();
  }
  // A pixel is read from the output buffer once for every link; one that leaves the chip once.
  buffer_bytes += pixels * plan_.pixel_bytes * std::max<std::uint64_t>(1, plan_.outputs.size());
  const auto waves = static_cast<std::uint64_t>(plan_.waves) * static_cast<std::uint64_t>(images_);
  if (plan_.groups.empty()) buffer_bytes += waves * plan_.window_bytes;
  for (const RowGroupPlan& group : plan_.groups) {
    buffer_bytes += waves * group.input_bytes;
    counts[Action::bus_byte] += waves * group.input_bytes;
  }
  counts[Action::buffer_byte] += buffer_bytes;
}

RowGroupCounts LayerModule::row_group_counts() const {
  RowGroupCounts out;
  for (const auto& group : row_groups_) out += group->pipeline.counts();
  return out;
}

LaneTime LayerModule::time(Cycles total) const {
  LaneTime out;
  if (vector_) out = vector_->time(total);
  for (const auto& group : row_groups_) out += group->pipeline.time(total);
  return out;
}

bool LayerModule::finished() const {
  return output_->written() == std::int64_t{plan_.waves} * images_ &&
         output_->drained() == output_->written();
}

std::vector<std::string> LayerModule::blocked() const {
  std::vector<std::string> out;
  for (const auto& group : row_groups_) {
    if (!group->pipeline.finished()) {
      out.push_back(fmt::format("{}: {}", group->name(), group->pipeline.waiting_for()));
    }
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
