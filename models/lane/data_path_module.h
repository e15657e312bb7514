// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "sim/terms/lane_plan.h"
#include "sim/terms/timeline_observer.h"

namespace squeezebar {

/// A stage of a wave's way through a lane.
struct Passage {
  std::int64_t wave = 0;
  Cycles first_step = 0;  ///< when it begins
  Cycles last_step = 0;   ///< when the last one begins
};

/// What a lane sees of the components of its tile that its waves pass.
class DataPathIf : public virtual sc_core::sc_interface {
 public:
  /// A wave goes through a stage whose parts have these tracks, one for each part.
  virtual void pass(const Stage& stage, const Passage& passage, const WaveWork& work,
                    const std::vector<TimelineTrack>& tracks) = 0;
};

/// All components of one kind on a tile: DACs, crossbars, ADCs, shift-and-add. They have no process and no
/// time of their own: the length of a step was worked out from theirs, and what they did is counted from the
/// waves' work. They show what passes.
class PathComponent final : public sc_core::sc_module {
 public:
  explicit PathComponent(const sc_core::sc_module_name& name) : sc_module(name) {}

  void pass(const PathPart& part, const Passage& passage, const WaveWork& work, const TimelineTrack& track);
  /// Waves that it showed.
  [[nodiscard]] std::int64_t passed() const { return passed_; }

 private:
  std::int64_t passed_ = 0;
};

/// The components of a tile's lanes, one module for each kind.
class DataPath final : public sc_core::sc_module, public DataPathIf {
 public:
  explicit DataPath(const sc_core::sc_module_name& name) : sc_module(name) {}

  /// Makes the components of the stage, as far as they are not there.
  void add(const Stage& stage);
  void pass(const Stage& stage, const Passage& passage, const WaveWork& work,
            const std::vector<TimelineTrack>& tracks) override;

 private:
  std::map<std::string, std::unique_ptr<PathComponent>, std::less<>> components_;
};

}  // namespace squeezebar
