// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "sim/terms/actions.h"

namespace squeezebar {

/// Something of the hardware that has a row of its own in a timeline.
struct Track {
  enum class Kind { lane, part, vector_unit, link, input_buffer, output_buffer };

  Kind kind = Kind::lane;
  int layer = 0;                       ///< in topological order; of a link: the layer that it feeds
  int tile = 0;                        ///< where it is; no meaning for links
  int index = 0;                       ///< input of the layer (links and input buffers)
  int replica = 0;                     ///< of a lane, also that of a part of it
  int replicas = 1;                    ///< of the same
  int from_layer = -1;                 ///< of a link; -1: the network's input
  std::int64_t per_image = 1;          ///< waves (or pixels) of one image
  std::string name{};                  ///< of a lane or part: "row group 3"
  std::string category{};              ///< of a part's events
  std::vector<std::string> figures{};  ///< names of what is told of its waves
};

/// Why a lane (a replica of one, or a vector unit) that had work did none.
enum class StallCause { input, partial_sum, output };

/// Sees what the hardware does when. It is told in the order of the simulation's decisions, which is not that
/// of the times told; times are chip cycles. It must not throw.
class TimelineObserver {
 public:
  virtual ~TimelineObserver() = default;

  /// Called for each track before the simulation: its number, or -1 to hear nothing of it.
  virtual int add(const Track& track) = 0;

  /// A lane works on a wave, counted over all images. `figures`: as the track names them.
  virtual void busy(int track, std::int64_t wave, std::int64_t from, std::int64_t to,
                    std::span<const Count> figures) = 0;
  /// A wave passes a part of a lane.
  virtual void passes(int track, std::int64_t wave, std::int64_t from, std::int64_t to,
                      std::span<const Count> figures) = 0;
  /// A lane waited.
  virtual void stall(int track, StallCause cause, std::int64_t from, std::int64_t to) = 0;
  /// The vector unit behind lanes is occupied by a pixel, which is in the output buffer at `to`.
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
