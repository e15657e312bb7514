// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <systemc>

#include "models/chip/chip_plan.h"

namespace squeezebar {

/// Returned where a time is asked for that is not known yet; the asker is woken when that changes.
inline constexpr Cycles kNotYet = -1;

/// Why a finished partial sum had to wait.
enum class WaitCause { none, other_lanes, output_buffer };

/// A lane's sequencer as its layer sees it.
class LaneIf {
 public:
  virtual ~LaneIf() = default;
  /// Something the lane may be waiting for has changed.
  virtual void wake() = 0;
  /// The reducer took the oldest result of this lane.
  virtual void consumed(WaitCause cause) = 0;
};

/// What a lane's sequencer asks of its layer.
class LayerIf : public virtual sc_core::sc_interface {
 public:
  /// When the schedule lets the wave start, or kNotYet.
  [[nodiscard]] virtual Cycles gate(std::int64_t wave) const = 0;
  /// When the wave's receptive field has arrived, or kNotYet.
  [[nodiscard]] virtual Cycles input_arrival(std::int64_t wave) const = 0;
  /// The lane has taken the wave's input vector.
  virtual void started(std::int64_t wave) = 0;
  /// The wave has left the lane's last stage.
  virtual void delivered(int lane, std::int64_t wave) = 0;
};

}  // namespace squeezebar
