// SPDX-License-Identifier: Apache-2.0
#include "sim/run/elaborate.h"

#include <cstdlib>
#include <exception>
#include <limits>
#include <optional>
#include <systemc>

#include <fmt/format.h>

#include "models/chip/chip_module.h"
#include "models/probe/waveforms_module.h"
#include "sim/base/diag.h"
#include "sim/base/interrupt.h"
#include "sim/compile/time_limit.h"

// libsystemc refers to it; the program has a main of its own.
int sc_main(int, char**) { return 0; }

namespace squeezebar {
namespace {

/// Stands between the kernel and the values: an exception or an interrupt stops the simulation and is thrown
/// afterwards, because the kernel would turn it into a report of its own.
class GuardedSource final : public WorkSource {
 public:
  explicit GuardedSource(WorkSource& source) : source_(source) {}

  WaveWork take(int layer, int lane, std::int64_t wave) override {
    if (error_ || interrupt_requested()) {
      stop();
      return {};
    }
    try {
      return source_.take(layer, lane, wave);
    } catch (...) {
      error_ = std::current_exception();
      stop();
      return {};
    }
  }
  void rethrow() const {
    if (error_) std::rethrow_exception(error_);
  }

 private:
  void stop() {
    if (!stopped_) sc_core::sc_stop();
    stopped_ = true;
  }

  WorkSource& source_;
  std::exception_ptr error_;
  bool stopped_ = false;
};

void silence_kernel() {
  unsetenv("SC_VCD_SCOPES");  // waveforms have scopes, whatever the environment says
  setenv("SC_COPYRIGHT_MESSAGE", "DISABLE", 0);
  sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
  // Warnings would go to stdout, which belongs to the results. None of them matters: layers may have names
  // that the kernel has to change, and nothing may happen in a trace's window.
  sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
  sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
  sc_core::sc_report_handler::set_actions(sc_core::SC_FATAL, sc_core::SC_THROW);
}

LayerTiming layer_timing(const LayerModule& module, Cycles end) {
  LayerTiming out;
  static_cast<LaneTime&>(out) = module.time(end);
  for (const LanePlace& place : module.plan().places) out.lanes += place.replicas;
  if (!module.plan().has_lanes()) out.lanes = 1;
  out.first_start = module.first_start();
  out.last_result = module.last_write();
  return out;
}

/// Simulates up to the time, or until nothing is left to do; false in the second case. Time stands still
/// where the last event was, so that the end of a simulation does not depend on where it was cut.
bool simulate_until(std::int64_t fs) {
  const auto end = sc_core::sc_time::from_value(static_cast<sc_dt::uint64>(fs));
  sc_core::sc_start(end - sc_core::sc_time_stamp(), sc_core::SC_EXIT_ON_STARVATION);
  return sc_core::sc_get_status() == sc_core::SC_PAUSED && sc_core::sc_pending_activity();
}

/// The whole simulation, with the waveforms open in their window.
void simulate_all(Waveforms* waveforms) {
  if (waveforms != nullptr) {
    const WaveformOptions& window = waveforms->options();
    if (window.from_fs > 0 && !simulate_until(window.from_fs)) return;
    waveforms->open();
    if (window.to_fs < std::numeric_limits<std::int64_t>::max()) {
      const bool more = simulate_until(window.to_fs);
      if (!more) return;
      waveforms->close(window.to_fs);
    }
  }
  sc_core::sc_start();
}

/// The process's one chip. SystemC takes modules and events out of its lists one by one, which takes longer
/// than many a simulation where there are thousands; so the chip stays until the process ends. It is
/// reachable from here, and refers to what is gone after the simulation.
ChipModule*& kept_chip() {
  static ChipModule* chip = nullptr;
  return chip;
}

[[noreturn]] void report_deadlock(const ChipModule& chip) {
  std::string text = "the simulation stopped although waves are left; blocked are:";
  for (const std::string& line : chip.blocked()) text += "\n  " + line;
  throw RunError(text);
}

}  // namespace

ChipTiming simulate(const ChipPlan& plan, WorkSource& source, const std::function<void(int)>& progress,
                    const Watch& watch) {
  silence_kernel();
  try {
    sc_core::sc_set_time_resolution(1, sc_core::SC_FS);
    GuardedSource guarded(source);
    const Cycles most = most_cycles(plan, watch.timeline != nullptr || watch.waveforms != nullptr);
    ChipModule& chip = *(kept_chip() = new ChipModule("chip", plan, most, guarded));
    chip.on_image = progress;
    if (watch.timeline != nullptr) chip.observe(*watch.timeline);
    std::optional<Waveforms> waveforms;
    if (watch.waveforms != nullptr) chip.show_in(waveforms.emplace(*watch.waveforms));
    simulate_all(waveforms ? &*waveforms : nullptr);
    guarded.rethrow();
    throw_if_interrupted();
    if (chip.clock().ran_out()) throw RunError(too_long_text(plan, most, chip.image_ends().size()));
    if (!chip.finished()) report_deadlock(chip);

    ChipTiming out;
    out.end = chip.clock().now();
    for (std::size_t i = 0; i < plan.layers.size(); ++i)
      out.layers.push_back(layer_timing(chip.layer(i), out.end));
    out.image_ends = chip.image_ends();
    out.delta_cycles = sc_core::sc_delta_count();
    if (waveforms) {
      waveforms->close(static_cast<std::int64_t>(sc_core::sc_time_stamp().value()));
      out.waveforms = waveforms->outcome();
    }
    return out;
  } catch (const sc_core::sc_report& report) {
    throw RunError(fmt::format("SystemC: {}", report.what()));
  }
}

}  // namespace squeezebar
