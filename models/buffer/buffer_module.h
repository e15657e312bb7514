// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <deque>
#include <functional>
#include <systemc>
#include <vector>

#include "models/chip/chip_plan.h"

namespace squeezebar {

/// What a link sees of the buffer it fills.
class InputBufferIf : public virtual sc_core::sc_interface {
 public:
  [[nodiscard]] virtual bool has_space() const = 0;
  /// A pixel was sent that arrives at `arrival` (not before now); arrivals come in order.
  virtual void push(Cycles arrival) = 0;
};

/// What a link sees of the buffer it empties.
class OutputBufferIf : public virtual sc_core::sc_interface {
 public:
  /// Pixels that have been written so far.
  [[nodiscard]] virtual std::int64_t written() const = 0;
  /// One of the buffer's links is done with its oldest pixel.
  virtual void sent(int link) = 0;
};

/// Pixels of one input of a layer, in raster order over all images, until no later wave needs them.
class InputBuffer final : public sc_core::sc_module, public InputBufferIf {
 public:
  InputBuffer(const sc_core::sc_module_name& name, const EdgePlan& edge, int waves_per_image);

  [[nodiscard]] bool has_space() const override { return sent_ - released_ < edge_.depth; }
  void push(Cycles arrival) override;

  /// When the last pixel that a wave needs arrived (or will arrive), or kNotYet.
  [[nodiscard]] Cycles arrival(std::int64_t wave);
  /// All waves below `waves` have taken their input: pixels that no later wave needs leave.
  void release(std::int64_t waves);

  std::function<void()> on_push;     ///< called when a pixel is sent that arrival() was asked for in vain
  std::function<void()> on_release;  ///< wakes the link
  std::function<void(std::int64_t pixels)> on_fill;  ///< tells whoever looks on; may be empty

 private:
  void tell_fill() const {
    // Pixels that no wave needs may be released before they are sent.
    if (on_fill) on_fill(std::max<std::int64_t>(0, sent_ - released_));
  }

  const EdgePlan& edge_;
  std::int64_t waves_per_image_;
  std::int64_t sent_ = 0;
  std::int64_t released_ = 0;
  std::int64_t first_ = 0;  ///< pixel of arrivals_.front()
  std::deque<Cycles> arrivals_;
  std::int64_t awaited_ = 0;  ///< fewest pixels that somebody waits for
};

/// Finished pixels of a layer until every consumer has them.
class OutputBuffer final : public sc_core::sc_module, public OutputBufferIf {
 public:
  OutputBuffer(const sc_core::sc_module_name& name, int depth, int links);

  [[nodiscard]] std::int64_t written() const override { return written_; }
  void sent(int link) override;
  /// Whether there is a place for pixel number `pixel`.
  [[nodiscard]] bool has_slot(std::int64_t pixel) const { return pixel - drained_ < depth_; }
  void write();
  [[nodiscard]] std::int64_t drained() const { return drained_; }

  std::function<void()> on_write;                    ///< wakes the links
  std::function<void()> on_drain;                    ///< wakes whoever waits for a slot
  std::function<void(std::int64_t pixels)> on_fill;  ///< tells whoever looks on; may be empty

 private:
  void drain();

  std::int64_t depth_;
  std::int64_t written_ = 0;
  std::int64_t drained_ = 0;
  std::vector<std::int64_t> sent_;
};

}  // namespace squeezebar
