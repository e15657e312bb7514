// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <systemc>

#include "models/chip/sim_clock_module.h"

namespace squeezebar {

/// Counts the changes of all probed values while they are recorded; when none is left, no value changes any
/// more.
class ProbeBudget {
 public:
  explicit ProbeBudget(std::int64_t most) : left_(most) {}

  void record() { recording_ = true; }
  /// Whether a value may change now.
  bool take() {
    if (!recording_) return true;
    if (left_ > 0) {
      --left_;
      return true;
    }
    if (stopped_at_fs_ < 0) stopped_at_fs_ = static_cast<std::int64_t>(sc_core::sc_time_stamp().value());
    return false;
  }
  /// When a change was refused first; -1: none was.
  [[nodiscard]] std::int64_t stopped_at_fs() const { return stopped_at_fs_; }

 private:
  std::int64_t left_;
  bool recording_ = false;
  std::int64_t stopped_at_fs_ = -1;
};

/// One value that a waveform shows.
class ProbedValue {
 public:
  ProbedValue(ProbeBudget& budget, std::string name, int bits)
      : budget_(budget), name_(std::move(name)), bits_(bits) {}
  ProbedValue(const ProbedValue&) = delete;  // a trace file keeps the address of the value
  ProbedValue& operator=(const ProbedValue&) = delete;

  void set(std::int64_t value) {
    const auto next = static_cast<sc_dt::uint64>(value);
    if (next != value_ && budget_.take()) value_ = next;
  }
  void show_in(sc_core::sc_trace_file* file) const { sc_core::sc_trace(file, value_, name_, bits_); }

 private:
  ProbeBudget& budget_;
  std::string name_;
  int bits_;
  sc_dt::uint64 value_ = 0;
};

/// What a waveform shows of a lane; the numbers stand in the file.
enum class LaneState { idle = 0, busy = 1, stall_input = 2, stall_result = 3 };

/// Shows at each moment what a lane (a replica of a row group, or a vector unit) does.
class LaneProbe final : public sc_core::sc_module {
 public:
  /// `shown` is the name of the lane in the waveforms.
  LaneProbe(const sc_core::sc_module_name& name, const std::string& shown, const SimClock& clock,
            ProbeBudget& budget);

  void begins(std::int64_t wave);
  /// The lane has nothing to do.
  void rests() { enter(LaneState::idle); }
  /// The lane cannot begin its next wave: the schedule holds it back until `gate`, then its input is missing
  /// until `fetched` (kNotYet where that is not known), then its results have no room.
  void waits(Cycles gate, Cycles fetched);
  /// Finished results that the lane holds.
  void holds(int results) { results_.set(results); }
  void show_in(sc_core::sc_trace_file* file) const;

 private:
  void enter(LaneState state);
  void input_came();

  const SimClock& clock_;
  sc_core::sc_event input_;
  LaneState now_ = LaneState::idle;
  ProbedValue state_;
  ProbedValue wave_;
  ProbedValue results_;
};

}  // namespace squeezebar
