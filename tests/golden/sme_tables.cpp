// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>

#include "sim/base/config.h"
#include "sim/compile/cost_table.h"
#include "sim/energy/breakdown.h"
#include "sim/energy/peak.h"
#include "tests/catch.h"

// Table I of SME (arXiv 2103.01705, ICCD 2021) from the shipped configuration.

namespace squeezebar::test {
namespace {

Config sme() {
  const std::string root = SQUEEZEBAR_SOURCE_DIR;
  return load_config(root + "/configs/chip/sme.yaml", {"workload.bundle=" + root + "/workloads/digits/p70"});
}

TEST_CASE("the lines of SME's computation unit", "[validation]") {
  struct PrintedLine {
    const char* component;
    double power;  ///< mW
    double area;   ///< 1e-3 mm2
  };
  const PrintedLine lines[] = {{"mux", 0.56, 4.23},
                               {"sample_hold", 0.0011, 0.03125},
                               {"adc", 5.14, 4.7},
                               {"dac", 4.25, 0.34},
                               {"crossbar", 1.3, 2.03}};
  const Breakdown unit = breakdown(cost_table(sme(), {.built = 6}), Level::element);
  double power = 0.0;
  double area_sum = 0.0;
  for (const PrintedLine& printed : lines) {
    INFO(printed.component);
    const BreakdownLine& line = unit.line(printed.component);
    CHECK(line.power.si() * 1e3 == Approx(printed.power).epsilon(1e-9));
    CHECK(line.area.si() * 1e9 == Approx(printed.area).epsilon(1e-9));
    power += line.power.si() * 1e3;
    area_sum += line.area.si() * 1e9;
  }
  CHECK(fmt::format("{:.2f}", power) == "11.25");
  CHECK(fmt::format("{:.2f}", area_sum) == "11.33");
  CHECK(fmt::format("{:.1f}", power * 1e-3 * 128 * 12) == "17.3");  // W per chip
}

TEST_CASE("SME's energies follow from power and a bit-cycle of 128 conversions", "[validation]") {
  const CostTable costs = cost_table(sme(), {.built = 6});
  const auto picojoules = [&costs](const char* name) { return costs.find(name)->cost.energy.si() * 1e12; };
  CHECK(fmt::format("{:.3f}", picojoules("adc")) == "0.535");
  CHECK(fmt::format("{:.3f}", picojoules("dac")) == "0.443");
  CHECK(fmt::format("{:.1f}", picojoules("crossbar")) == "17.3");
  CHECK(fmt::format("{:.3f}", picojoules("sample_hold") * 1e3) == "0.115");
  CHECK(fmt::format("{:.0f}", picojoules("mux") * 1e3) == "58");
}

TEST_CASE("SME's chip at its peak", "[validation]") {
  const PeakMachine machine = peak_machine(sme(), 6, true, true);
  CHECK(machine.crossbars == 12288);
  CHECK(machine.bit_cycle.si() == Approx(107e-9).epsilon(1e-12));  // 106.7 ns in whole cycles of 1 GHz
  CHECK(operations_per_pass(machine) == 12288.0 / 16 * 2 * 128 * 128);
}

}  // namespace
}  // namespace squeezebar::test
