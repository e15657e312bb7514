// SPDX-License-Identifier: Apache-2.0
#include <string>

#include <fmt/format.h>

#include "sim/base/config.h"
#include "sim/compile/cost_table.h"
#include "sim/energy/breakdown.h"
#include "sim/energy/peak.h"
#include "tests/catch.h"

// Published tables of ISAAC (Shafiee et al., ISCA 2016, corrected version) from the shipped configuration:
// rows V1-V5 of docs/validation.md. Figures are compared as printed.

namespace squeezebar::test {
namespace {

Config isaac() {
  const std::string root = SQUEEZEBAR_SOURCE_DIR;
  return load_config(root + "/configs/chip/isaac.yaml",
                     {"workload.bundle=" + root + "/workloads/digits/dense"});
}

CostTable isaac_costs() { return cost_table(isaac(), {.built = 8}); }

Peak isaac_peak() { return peak(isaac_costs(), peak_machine(isaac(), 8, false, false)); }

std::string milliwatts(Power power, int decimals) {
  return fmt::format("{:.{}f}", power.si() * 1e3, decimals);
}
std::string square_millimetres(Area area, int decimals) {
  return fmt::format("{:.{}f}", area.si() * 1e6, decimals);
}

struct PrintedLine {
  const char* component;
  double power;  ///< mW
  int power_decimals;
  double area;  ///< mm2
  int area_decimals;
};

TEST_CASE("V1: power and area of ISAAC's tile", "[validation]") {
  const Breakdown tile = breakdown(isaac_costs(), Level::tile);
  CHECK(milliwatts(tile.power, 1) == "329.8");
  CHECK(milliwatts(tile.power, 0) == "330");
  CHECK(square_millimetres(tile.area, 3) == "0.372");
  CHECK(square_millimetres(tile.area, 4) == "0.3723");
}

TEST_CASE("V1: the lines of ISAAC's tile", "[validation]") {
  const Breakdown tile = breakdown(isaac_costs(), Level::tile);
  const PrintedLine lines[] = {
      {"adc", 192, 0, 0.1152, 4},
      {"dac", 48, 0, 0.00204, 5},
      {"crossbar", 28.8, 1, 0.0024, 4},
      {"buffer", 20.7, 1, 0.083, 3},
      {"input_register", 14.88, 2, 0.0252, 4},
      {"noc", 10.5, 1, 0.03775, 5},
      {"bus", 7, 0, 0.090, 3},
      {"output_register", 2.76, 2, 0.00924, 5},
      {"shift_add", 2.4, 1, 0.00288, 5},
      {"tile_register", 1.68, 2, 0.0032, 4},
      {"activation", 0.52, 2, 0.0006, 4},
      {"pool", 0.4, 1, 0.00024, 5},
      {"sample_hold", 0.12, 2, 0.00048, 5},
      {"reducer", 0.05, 2, 0.00006, 5},
      {"mux", 0, 0, 0, 0},     // not in the table: part of others
      {"splice", 0, 0, 0, 0},  // not in the table: part of shift_add
      // Not part of ISAAC: on the chip only where a network is squeezed or zeros are skipped.
      {"row_conversion", 0, 0, 0, 0},
      {"zero_detect", 0, 0, 0, 0},
  };
  REQUIRE(tile.lines.size() == std::size(lines));
  for (const PrintedLine& printed : lines) {
    INFO(printed.component);
    const BreakdownLine& line = tile.line(printed.component);
    CHECK(milliwatts(line.power, printed.power_decimals) ==
          fmt::format("{:.{}f}", printed.power, printed.power_decimals));
    CHECK(square_millimetres(line.area, printed.area_decimals) ==
          fmt::format("{:.{}f}", printed.area, printed.area_decimals));
  }
}

TEST_CASE("V1: power and area of ISAAC's IMA", "[validation]") {
  const Breakdown ima = breakdown(isaac_costs(), Level::element);
  CHECK(milliwatts(ima.power, 2) == "24.08");
  CHECK(milliwatts(12 * ima.power, 0) == "289");
  CHECK(square_millimetres(ima.area, 5) == "0.01312");
  CHECK(square_millimetres(12 * ima.area, 3) == "0.157");
}

TEST_CASE("V2: power and area of ISAAC's chip", "[validation]") {
  const CostTable costs = isaac_costs();
  const Breakdown chip = breakdown(costs, Level::chip);
  CHECK(fmt::format("{:.1f}", chip.power.si()) == "65.8");
  CHECK(square_millimetres(chip.area, 1) == "85.4");
  const Breakdown tile = breakdown(costs, Level::tile);
  CHECK(fmt::format("{:.1f}", 168 * tile.power.si()) == "55.4");
  CHECK(square_millimetres(168 * tile.area, 1) == "62.5");
  CHECK(fmt::format("{:.1f}", chip.line("chip_link").power.si()) == "10.4");
  CHECK(square_millimetres(chip.line("chip_link").area, 2) == "22.88");
}

TEST_CASE("V3: ISAAC's peak throughput and efficiency", "[validation]") {
  const Peak chip = isaac_peak();
  CHECK(fmt::format("{:.2f}", chip.tops) == "41.29");
  REQUIRE(chip.tops_per_w);
  CHECK(*chip.tops_per_w * 1e3 == Approx(627.5).epsilon(0.001));
  REQUIRE(chip.tops_per_mm2);
  CHECK(fmt::format("{:.1f}", *chip.tops_per_mm2 * 1e3) == "483.3");
  CHECK(fmt::format("{:.1f}", chip.tops * 1e3 / 85.4) == "483.5");  // with the area as printed
  CHECK(*chip.tops_per_mm2 * 1e3 == Approx(478.95).epsilon(0.01));  // as published
}

TEST_CASE("V4: conversions per multiply-accumulate and the power they take", "[validation]") {
  const Config config = isaac();
  PeakMachine machine = peak_machine(config, 8, false, false);
  const auto conversions_per_mac = [](const PeakMachine& m, int columns) {
    const double conversions = m.crossbars * columns * m.activation_bits / m.dac_bits;
    return conversions / (operations_per_pass(m) / 2);
  };
  CHECK(conversions_per_mac(machine, 128) == 1.0);
  CHECK(conversions_per_mac(machine, 129) == Approx(129.0 / 128));
  const CostTable costs = cost_table(config, {.built = 8});
  const Power nameplate = breakdown(costs, Level::chip).line("adc").power;
  CHECK(fmt::format("{:.2f}", nameplate.si()) == "32.26");
  // Conversions are timed at 1.28 GS/s and priced at the nameplate's 1.2 GS/s.
  const Frequency conversions_per_second = machine.crossbars * 128 / machine.bit_cycle;
  CHECK((costs.at("adc").energy_by_size.at(8) * conversions_per_second).si() ==
        Approx(nameplate.si() * 1.28 / 1.2));
  machine.weight_bits = machine.activation_bits = 8;
  CHECK(conversions_per_mac(machine, 128) == 0.25);
}

TEST_CASE("V5: shares of ISAAC's tile", "[validation]") {
  const Breakdown tile = breakdown(isaac_costs(), Level::tile);
  CHECK(tile.line("adc").power / tile.power == Approx(0.58).margin(0.01));
  CHECK(tile.line("adc").area / tile.area == Approx(0.31).margin(0.01));
  CHECK((tile.line("buffer").area + tile.line("bus").area) / tile.area == Approx(0.47).margin(0.01));
}

TEST_CASE("ISAAC's energies follow from power and the 100 ns cycle", "[validation]") {
  const CostTable costs = isaac_costs();
  const auto picojoules = [&costs](const char* name) { return costs.find(name)->cost.energy.si() * 1e12; };
  CHECK(picojoules("crossbar") == Approx(30));
  CHECK(fmt::format("{:.3f}", picojoules("adc")) == "1.667");
  CHECK(fmt::format("{:.3f}", picojoules("dac")) == "0.391");
  CHECK(fmt::format("{:.2f}", picojoules("sample_hold") * 1e3) == "0.98");
  CHECK(fmt::format("{:.2f}", picojoules("buffer")) == "2.02");
  CHECK(fmt::format("{:.3f}", picojoules("bus")) == "0.684");
  CHECK(picojoules("noc") * 4 == Approx(5.25));
  CHECK(fmt::format("{:.2f}", picojoules("crossbar") * 1e3 / (128 * 128)) == "1.83");  // fJ per cell
  CHECK(pass_time(peak_machine(isaac(), 8, false, false)).si() == Approx(1.6e-6).epsilon(1e-12));
}

}  // namespace
}  // namespace squeezebar::test
