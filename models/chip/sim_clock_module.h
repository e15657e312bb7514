// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <systemc>

#include "models/chip/chip_plan.h"

namespace squeezebar {

/// Converts between whole chip cycles and kernel time. There is no clock signal: processes sleep until the
/// next decision.
class SimClock {
 public:
  /// Nothing happens after `most` cycles, as many as the kernel's 64 bits hold.
  SimClock(std::int64_t period_fs, Cycles most)
      : period_fs_(static_cast<sc_dt::uint64>(period_fs)), most_(most) {}

  [[nodiscard]] Cycles now() const {
    return static_cast<Cycles>(sc_core::sc_time_stamp().value() / period_fs_);
  }
  /// The simulation stops if the span from now on passes the last cycle; time would start over.
  [[nodiscard]] sc_core::sc_time span(Cycles cycles) const {
    const Cycles left = most_ - now();
    if (cycles > left) stop();
    return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(std::min(cycles, left)) * period_fs_);
  }
  /// Whether the simulation was stopped because time ran out.
  [[nodiscard]] bool ran_out() const { return ran_out_; }

 private:
  void stop() const {
    if (!ran_out_) sc_core::sc_stop();
    ran_out_ = true;
  }

  sc_dt::uint64 period_fs_;
  Cycles most_;
  mutable bool ran_out_ = false;  ///< noted on the way, for whoever started the simulation
};

}  // namespace squeezebar
