// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

#include "models/chip/chip_plan.h"

namespace squeezebar {

/// Decides which layer may work on which image. Pipelined: all of them at any time. Layer serial: one layer
/// on one image, in topological order; the next one starts when the last output pixel of the one before is
/// written.
class ScheduleGate {
 public:
  ScheduleGate(bool serial, std::int64_t layers) : serial_(serial), layers_(layers) {}

  /// When the layer may start the image, or -1 if its turn has not come.
  [[nodiscard]] Cycles open(std::int64_t layer, std::int64_t image) const {
    const std::int64_t turn = image * layers_ + layer;
    if (!serial_ || turn < turn_) return 0;
    return turn == turn_ ? opened_ : -1;
  }
  /// The layer whose turn it is has finished its image.
  void advance(Cycles now) {
    ++turn_;
    opened_ = now;
  }
  [[nodiscard]] bool serial() const { return serial_; }
  [[nodiscard]] std::int64_t layer() const { return turn_ % layers_; }

 private:
  bool serial_;
  std::int64_t layers_;
  std::int64_t turn_ = 0;
  Cycles opened_ = 0;
};

}  // namespace squeezebar
