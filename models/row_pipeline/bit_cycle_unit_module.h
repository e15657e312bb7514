// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <systemc>

#include "sim/terms/actions.h"
#include "sim/terms/wave_activity.h"

namespace squeezebar {

/// A passive part of a row group's data path. It is called once per wave with what the wave did and counts
/// its actions; it has no process and no time of its own.
class BitCycleUnitIf : public virtual sc_core::sc_interface {
 public:
  virtual void execute(const WaveActivity& activity) = 0;
  /// Adds the counts so far.
  virtual void collect(ActionCounts& counts) const = 0;
};

/// The common part of the passive modules: one counter of one action.
class BitCycleUnit : public sc_core::sc_module, public BitCycleUnitIf {
 public:
  BitCycleUnit(const sc_core::sc_module_name& name, Action action) : sc_module(name), action_(action) {}
  void collect(ActionCounts& counts) const override { counts[action_] += count_; }

 protected:
  void count(std::uint64_t n) { count_ += n; }

 private:
  Action action_;
  std::uint64_t count_ = 0;
};

}  // namespace squeezebar
