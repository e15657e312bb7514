// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <systemc>
#include <vector>

#include "models/buffer/buffer_module.h"
#include "models/lane/layer_if_module.h"

namespace squeezebar {

/// Adds the partial sums of the lanes of one block. A wave is consumed when every lane has delivered it and
/// the output buffer has a place for its pixel.
class Reducer final : public sc_core::sc_module {
 public:
  Reducer(const sc_core::sc_module_name& name, const OutputBuffer& output);

  /// The replicas of one lane.
  void connect(std::vector<LaneIf*> lanes) { lanes_.push_back(std::move(lanes)); }
  /// A lane has the wave's partial sums ready.
  void deliver(std::int64_t wave);
  /// The output buffer has drained: waves that waited for it are consumed.
  void retry();

  std::function<void(std::int64_t wave)> on_consume;

 private:
  struct Slot {
    std::size_t delivered = 0;
    bool consumed = false;
  };
  [[nodiscard]] bool complete(const Slot& slot) const { return slot.delivered == lanes_.size(); }
  void try_consume(std::int64_t wave, bool waited_for_output);

  std::vector<std::vector<LaneIf*>> lanes_;  ///< [lane][replica]
  const OutputBuffer& output_;
  std::int64_t base_ = 0;  ///< wave of slots_.front()
  std::deque<Slot> slots_;
};

}  // namespace squeezebar
