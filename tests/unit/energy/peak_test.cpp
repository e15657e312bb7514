// SPDX-License-Identifier: Apache-2.0
#include "sim/energy/peak.h"

#include "sim/base/diag.h"
#include "sim/energy/breakdown.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

PeakMachine isaac() {
  PeakMachine machine;
  machine.crossbars = 16128;
  machine.rows = 128;
  machine.columns = 128;
  machine.cell_bits = 2;
  machine.weight_bits = 16;
  machine.activation_bits = 16;
  machine.bit_cycle = 100_ns;
  return machine;
}

CostTable table() {
  CostTable result;
  result.tiles = 8;
  result.elements = 16;
  result.crossbars = 32;
  PricedComponent adc;
  adc.name = "adc";
  adc.level = Level::crossbar;
  adc.instances = 32;
  adc.cost.power = 2_mW;
  adc.cost.area = 1200_um2;
  PricedComponent router;
  router.name = "noc";
  router.level = Level::tile;
  router.instances = 2;
  router.cost.power = 40_mW;
  router.cost.area = 2_mm2;
  PricedComponent link;
  link.name = "chip_link";
  link.instances = 1;
  link.static_power = 1_W;
  link.cost.area = 3_mm2;
  result.components = {adc, router, link};
  return result;
}

TEST_CASE("a unit of the chip contains its own level and those below") {
  const Breakdown tile = breakdown(table(), Level::tile);
  REQUIRE(tile.lines.size() == 2);
  CHECK(tile.line("adc").power.si() == Approx(8e-3));
  CHECK(tile.line("noc").power.si() == Approx(10e-3));
  CHECK(tile.power.si() == Approx(18e-3));
  CHECK(tile.area.si() == Approx((4 * 1200e-6 + 0.5) * 1e-6));
  CHECK_THROWS_AS(tile.line("chip_link"), std::out_of_range);
  CHECK(breakdown(table(), Level::crossbar).power == 2_mW);
}

TEST_CASE("the chip contains everything") {
  const Breakdown chip = area(table());
  CHECK(chip.power.si() == Approx(32 * 2e-3 + 2 * 40e-3 + 1.0));
  CHECK(chip.area.si() == Approx((32 * 1200e-6 + 4 + 3) * 1e-6));
}

TEST_CASE("a chip without tiles cannot be broken down") {
  CostTable empty = table();
  empty.tiles = 0;
  CHECK_THROWS_AS(breakdown(empty, Level::tile), RunError);
}

TEST_CASE("weights in adjacent columns") {
  CHECK(operations_per_pass(isaac()) == 16128 * 4096.0);
  CHECK(pass_time(isaac()).si() == Approx(1.6e-6));
  PeakMachine odd = isaac();
  odd.weight_bits = 7;  // 4 cells; 127 columns hold 31 weights
  odd.columns = 127;
  CHECK(operations_per_pass(odd) == 16128 * 2.0 * 128 * 31);
  odd.pairs = true;
  CHECK(operations_per_pass(odd) == 8064 * 2.0 * 128 * 31);
  odd.columns = 3;
  CHECK(operations_per_pass(odd) == 0.0);
}

TEST_CASE("weights in bit planes") {
  PeakMachine sme = isaac();
  sme.crossbars = 12288;
  sme.cell_bits = 1;
  sme.weight_bits = 8;
  sme.activation_bits = 8;
  sme.bit_sliced = true;
  CHECK(operations_per_pass(sme) == 1536 * 2.0 * 128 * 128);
  sme.pairs = true;
  CHECK(operations_per_pass(sme) == 768 * 2.0 * 128 * 128);
  sme.dac_bits = 3;
  CHECK(pass_time(sme).si() == Approx(3 * 100e-9));
}

TEST_CASE("peak figures follow from power, area and operations") {
  const Peak result = peak(table(), isaac());
  CHECK(result.tops == Approx(16128 * 4096.0 / 1.6e-6 * 1e-12));
  CHECK(result.power.si() == Approx(1.144));
  REQUIRE(result.tops_per_w);
  CHECK(*result.tops_per_w == Approx(result.tops / 1.144));
  REQUIRE(result.tops_per_mm2);
  CHECK(*result.tops_per_mm2 == Approx(result.tops / (7.0384)));
}

TEST_CASE("a chip that costs nothing has no efficiency") {
  CostTable free = table();
  free.components.clear();
  const Peak result = peak(free, isaac());
  CHECK_FALSE(result.tops_per_w);
  CHECK_FALSE(result.tops_per_mm2);
  PeakMachine stopped = isaac();
  stopped.bit_cycle = 0_s;
  CHECK_THROWS_AS(peak(free, stopped), RunError);
}

}  // namespace
}  // namespace squeezebar::test
