// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <systemc>
#include <vector>

#include "models/buffer/buffer_module.h"
#include "models/chip/schedule_gate.h"
#include "models/probe/waveforms_module.h"
#include "models/reducer/reducer_module.h"
#include "models/reducer/wave_counter.h"
#include "models/tile/layer_share_module.h"
#include "models/vector_unit/vector_unit_module.h"
#include "sim/terms/timeline_observer.h"

namespace squeezebar {

/// The tile controller's view of one layer: its input buffers, lanes, reducers, vector stage and output
/// buffer. It decides nothing over time itself; it answers the sequencers and passes events on.
class LayerModule final : public sc_core::sc_module, public LayerIf {
 public:
  LayerModule(const sc_core::sc_module_name& name, const ChipPlan& chip, int index, const SimClock& clock,
              ScheduleGate& gate, WorkSource& source, DataPath& path);

  /// Takes the lanes at home and on other tiles into service; called once, when all tiles are built.
  void connect(const std::vector<const LayerShare*>& shares);

  /// Adds a track for each lane, buffer and vector unit; called after connect().
  void observe(TimelineObserver& observer);
  /// Puts what the waveforms want of this layer into them; called after connect().
  void show_in(Waveforms& waveforms);

  [[nodiscard]] Cycles gate(std::int64_t wave) const override;
  [[nodiscard]] Cycles input_arrival(std::int64_t wave) const override;
  void started(std::int64_t wave) override;
  void delivered(int lane, std::int64_t wave) override;

  /// The schedule, an input or a place in the output buffer may have changed.
  void wake();
  [[nodiscard]] InputBuffer& input(int k) { return *inputs_[static_cast<std::size_t>(k)]; }
  [[nodiscard]] OutputBuffer& output() { return *output_; }
  [[nodiscard]] const LayerPlan& plan() const { return plan_; }

  /// Time summed over lanes and replicas; of the vector unit for a layer without lanes.
  [[nodiscard]] LaneTime time(Cycles total) const;
  [[nodiscard]] Cycles first_start() const { return first_start_; }
  [[nodiscard]] Cycles last_write() const { return last_write_; }
  [[nodiscard]] bool finished() const;
  [[nodiscard]] std::vector<std::string> blocked() const;

  std::function<void(Cycles)> on_image_done;  ///< last output pixel of an image was written
  std::function<void()> on_pixel_written;     ///< wakes the outgoing links

 private:
  /// Calls visit(lane, replica, module) for all, on whatever tile.
  template <class F>
  void for_each_lane(F visit) {
    auto module = lanes_.begin();
    for (int lane = 0; lane < plan_.lanes(); ++lane) {
      for (int r = 0; r < plan_.replicas(lane); ++r) visit(lane, r, **module++);
    }
  }
  void observe_lane(TimelineObserver& observer, int lane, int replica, Lane& module);
  void build_reducers();
  void pixel_written();

  const LayerPlan& plan_;
  int index_;
  int images_;
  const SimClock& clock_;
  ScheduleGate& gate_;
  std::vector<std::unique_ptr<InputBuffer>> inputs_;
  std::unique_ptr<OutputBuffer> output_;
  LaneTimer timer_;
  std::vector<PlacedLane> at_home_;
  std::vector<Lane*> lanes_;  ///< on all tiles, by lane and replica
  std::vector<std::unique_ptr<Reducer>> reducers_;
  std::unique_ptr<PixelPipeline> pixels_;
  std::unique_ptr<VectorSequencer> vector_;
  std::vector<int> reducer_of_lane_;
  WaveCounter started_;
  WaveCounter reduced_;
  Cycles first_start_ = kNotYet;
  Cycles last_write_ = 0;
};

}  // namespace squeezebar
