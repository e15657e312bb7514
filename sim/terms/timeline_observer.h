// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

#include "sim/terms/wave_activity.h"

namespace squeezebar {

/// Something of the hardware that has a row of its own in a timeline.
struct Track {
  enum class Kind { row_group, adc_bank, vector_unit, link, input_buffer, output_buffer };

  Kind kind = Kind::row_group;
  int layer = 0;    ///< in topological order; of a link: the layer that it feeds
  int tile = 0;     ///< where it is; no meaning for links
  int index = 0;    ///< row group of the layer (ADC banks, too); input of the layer (links and input buffers)
  int replica = 0;  ///< of a row group, also that of an ADC bank
  int replicas = 1;            ///< of the same
  int from_layer = -1;         ///< of a link; -1: the network's input
  std::int64_t per_image = 1;  ///< waves (or pixels) of one image
};

/// Why a lane (a replica of a row group, or a vector unit) that had work did none.
enum class StallCause { input, partial_sum, output };

/// Sees what the hardware does when. It is told in the order of the simulation's decisions, which is not that
/// of the times told; times are chip cycles. It must not throw.
class TimelineObserver {
 public:
  virtual ~TimelineObserver() = default;

  /// Called for each track before the simulation: its number, or -1 to hear nothing of it.
  virtual int add(const Track& track) = 0;

  /// A lane works on a wave, counted over all images.
  virtual void busy(int track, std::int64_t wave, std::int64_t from, std::int64_t to,
                    const WaveActivity& activity) = 0;
  /// The ADCs of a lane convert what a wave has read; `clipped` of the conversions were.
  virtual void convert(int track, std::int64_t wave, std::int64_t from, std::int64_t to,
                       std::uint64_t conversions, std::uint64_t clipped) = 0;
  /// A lane waited.
  virtual void stall(int track, StallCause cause, std::int64_t from, std::int64_t to) = 0;
  /// The vector unit behind row groups is occupied by a pixel, which is in the output buffer at `to`.
  virtual void output(int track, std::int64_t pixel, std::int64_t from, std::int64_t to) = 0;
  /// A link is occupied by a pixel, which arrives at `arrival`.
  virtual void transfer(int track, std::int64_t pixel, std::int64_t from, std::int64_t to,
                        std::int64_t arrival) = 0;
  /// A buffer holds this many pixels from `at` on.
  virtual void fill(int track, std::int64_t pixels, std::int64_t at) = 0;
};

/// A module's own track: nothing is told until an observer is there.
class TimelineTrack {
 public:
  TimelineTrack() = default;
  TimelineTrack(TimelineObserver& observer, const Track& track) : number_(observer.add(track)) {
    if (number_ >= 0) observer_ = &observer;
  }

  explicit operator bool() const { return observer_ != nullptr; }
  [[nodiscard]] TimelineObserver* operator->() const { return observer_; }
  [[nodiscard]] int number() const { return number_; }

 private:
  TimelineObserver* observer_ = nullptr;
  int number_ = -1;
};

}  // namespace squeezebar
