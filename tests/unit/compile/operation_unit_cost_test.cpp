// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/cost_table.h"
#include "sim/energy/peak.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

Config sme(std::vector<std::string> overrides) {
  overrides.emplace_back("workload.bundle=" SQUEEZEBAR_SOURCE_DIR "/workloads/digits/dense");
  return load_config(SQUEEZEBAR_SOURCE_DIR "/configs/chip/sme.yaml", overrides);
}

Config by_units(const char* rows, const char* columns) {
  return sme({"mapping.model=operation_units", std::string("mapping.ou_rows=") + rows,
              std::string("mapping.ou_columns=") + columns});
}

TEST_CASE("reading an operation unit costs its share of the cells") {
  const Energy whole =
      cost_table(sme({"mapping.model=conventional"}), {.built = 6}).find("crossbar")->cost.energy;
  const Energy unit = cost_table(by_units("16", "8"), {.built = 6}).find("crossbar")->cost.energy;
  CHECK(unit.si() == Approx(whole.si() * 16 * 8 / (128 * 128)).epsilon(1e-12));
  CHECK(cost_table(by_units("128", "128"), {.built = 6}).find("crossbar")->cost.energy.si() == whole.si());
}

TEST_CASE("at best a full crossbar is read unit by unit") {
  const PeakMachine whole = peak_machine(sme({"mapping.model=conventional"}), 6, false, true);
  const PeakMachine units = peak_machine(by_units("16", "16"), 6, false, true);
  // 128 conversions take 107 cycles; a unit's 16 take 14, but it is read for 100, 64 times.
  CHECK(whole.bit_cycle.si() == Approx(107e-9).epsilon(1e-12));
  CHECK(units.bit_cycle.si() == Approx(64 * 100e-9).epsilon(1e-12));
  CHECK(operations_per_pass(units) == operations_per_pass(whole));
  CHECK(peak_machine(by_units("128", "128"), 6, false, true).bit_cycle.si() == whole.bit_cycle.si());
}

}  // namespace
}  // namespace squeezebar::test
