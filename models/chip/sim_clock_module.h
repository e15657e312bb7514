// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <systemc>

#include "models/chip/chip_plan.h"

namespace squeezebar {

/// Converts between whole chip cycles and kernel time. There is no clock signal: processes sleep until the
/// next decision.
class SimClock {
 public:
  explicit SimClock(std::int64_t period_fs) : period_fs_(static_cast<sc_dt::uint64>(period_fs)) {}

  [[nodiscard]] Cycles now() const {
    return static_cast<Cycles>(sc_core::sc_time_stamp().value() / period_fs_);
  }
  [[nodiscard]] sc_core::sc_time span(Cycles cycles) const {
    return sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(cycles) * period_fs_);
  }

 private:
  sc_dt::uint64 period_fs_;
};

}  // namespace squeezebar
