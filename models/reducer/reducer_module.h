// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <systemc>
#include <vector>

#include "models/buffer/buffer_module.h"
#include "models/row_pipeline/layer_if_module.h"

namespace squeezebar {

/// Adds the partial sums of the row groups of one column block. A wave is consumed when every row group has
/// delivered it and the output buffer has a place for its pixel.
class Reducer final : public sc_core::sc_module {
 public:
  Reducer(const sc_core::sc_module_name& name, int groups, std::uint64_t channels,
          const OutputBuffer& output);

  void deliver(std::int64_t wave, LaneIf& lane);
  /// The output buffer has drained: waves that waited for it are consumed.
  void retry();
  [[nodiscard]] std::uint64_t adds() const { return adds_; }

  std::function<void(std::int64_t wave)> on_consume;

 private:
  struct Slot {
    std::vector<LaneIf*> lanes;
    bool consumed = false;
  };
  [[nodiscard]] bool complete(const Slot& slot) const {
    return static_cast<int>(slot.lanes.size()) == groups_;
  }
  bool try_consume(std::int64_t wave, bool waited_for_output);

  int groups_;
  std::uint64_t channels_;
  const OutputBuffer& output_;
  std::int64_t base_ = 0;  ///< wave of slots_.front()
  std::deque<Slot> slots_;
  std::uint64_t adds_ = 0;
};

}  // namespace squeezebar
