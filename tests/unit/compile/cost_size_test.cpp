// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <string>
#include <vector>

#include <fmt/format.h>
#include <rapidcheck.h>

#include "sim/compile/cost_table.h"
#include "sim/terms/cost_rule.h"
#include "tests/catch.h"

// Prices follow sizes as each component declares it. Components are taken from the registry.

namespace squeezebar::test {
namespace {

Config chip(const std::string& name, std::vector<std::string> overrides) {
  overrides.emplace_back("workload.bundle=" SQUEEZEBAR_SOURCE_DIR "/workloads/digits/dense");
  overrides.emplace_back("row_pipeline.input_zero_skip=true");
  return load_config(SQUEEZEBAR_SOURCE_DIR "/configs/chip/" + name + ".yaml", overrides);
}

CostTable prices(const Config& config) {
  return cost_table(config, {.built = 6}, {.index_bits = 1000, .row_conversion = true});
}

/// Everything of one component on the chip.
struct Total {
  double energy = 0.0;  ///< of one action
  double power = 0.0;
  double leakage = 0.0;
  double area = 0.0;
};

Total total(const CostTable& table, const std::string& section) {
  const PricedComponent* component = table.find(section);
  REQUIRE(component != nullptr);
  const double n = component->instances;
  const ComponentCost& cost = component->cost;
  return {cost.energy.si(), n * cost.power.si(), n * cost.leakage.si(), n * cost.area.si()};
}

/// "section.key=n times what the config has" for the key that a size is compared with.
std::string times(const PricedProperty& size, double n, const Config& config) {
  const std::string key = size.property.substr(0, size.property.find(' '));
  const double value = n * size.configured(config);
  return key + "=" +
         (size.dimension == Dimension::none ? format_number(value) : format_quantity(value, size.dimension));
}

/// A leakage at the size of the price, because presets give none.
std::vector<std::string> with_leakage() {
  std::vector<std::string> out;
  for (const CostRule* rule : cost_rules()) {
    out.push_back(rule->section + ".leakage=1 uW");
    const Config config = chip("sme", {});
    for (const PricedProperty& size : rule->sizes) out.push_back(size.key + "=" + config.text(size.key));
  }
  return out;
}

TEST_CASE("a preset's own size gives the prices as they were given, to the last bit") {
  for (const char* name : {"isaac", "sme"}) {
    const Config config = chip(name, {});
    for (const CostRule* rule : cost_rules()) {
      INFO(name << " " << rule->section);
      CHECK(rule->factor(config) == 1.0);
      const ComponentCost cost = sized_cost(config, rule->section);
      const ComponentCost& given = rule->price(config);
      CHECK(cost.energy == given.energy);
      CHECK(cost.power == given.power);
      CHECK(cost.leakage == given.leakage);
      CHECK(cost.area == given.area);
    }
  }
}

TEST_CASE("n times the size multiplies what follows it by n, and nothing else") {
  const std::vector<std::string> base = with_leakage();
  const Config before = chip("sme", base);
  int sizes = 0;
  for (const CostRule* rule : cost_rules()) {
    for (const PricedProperty& size : rule->sizes) {
      for (const double n : {2.0, 3.0, 4.0}) {
        std::vector<std::string> overrides = base;
        overrides.push_back(times(size, n, before));
        INFO(rule->section << " with " << overrides.back());
        const Config config = chip("sme", overrides);
        const Total once = total(prices(before), rule->section);
        const Total now = total(prices(config), rule->section);
        CHECK(once.leakage > 0.0);
        CHECK(now.energy == Approx(once.energy * (rule->sized.energy ? n : 1.0)).epsilon(1e-12));
        CHECK(now.power == Approx(once.power * (rule->sized.power ? n : 1.0)).epsilon(1e-12));
        CHECK(now.leakage == Approx(once.leakage * (rule->sized.leakage ? n : 1.0)).epsilon(1e-12));
        CHECK(now.area == Approx(once.area * (rule->sized.area ? n : 1.0)).epsilon(1e-12));
        const std::vector<std::string> notes = cost_notes(config, prices(config));
        REQUIRE_FALSE(notes.empty());
        CHECK_THAT(notes.front(), ContainsSubstring(rule->section + " x " + format_number(n)));
        if (rule->assumption) CHECK_THAT(notes.front(), ContainsSubstring("an assumption"));
        CHECK_THAT(config.resolved_yaml(), ContainsSubstring("; scaled to "));
        ++sizes;
      }
    }
  }
  CHECK(sizes > 0);
}

TEST_CASE("banks of drivers and of sample-and-hold circuits follow rows and columns") {
  const CostTable once = prices(chip("isaac", {}));
  const CostTable wide = prices(chip("isaac", {"crossbar.columns=512"}));
  const CostTable high = prices(chip("isaac", {"crossbar.rows=512"}));
  CHECK(total(high, "dac").area == Approx(4 * total(once, "dac").area));
  CHECK(total(wide, "dac").area == total(once, "dac").area);
  CHECK(total(wide, "sample_hold").area == Approx(4 * total(once, "sample_hold").area));
  CHECK(total(high, "sample_hold").area == total(once, "sample_hold").area);
}

TEST_CASE("a crossbar of any size costs as many cells as it has") {
  CHECK(rc::check([] {
    const int rows = *rc::gen::inRange(1, 1025);
    const int columns = *rc::gen::inRange(1, 1025);
    const Config config =
        chip("sme", {fmt::format("crossbar.rows={}", rows), fmt::format("crossbar.columns={}", columns)});
    const ComponentCost cost = prices(config).find("crossbar")->cost;
    const double share = static_cast<double>(rows) * columns / (128.0 * 128.0);
    RC_ASSERT(std::abs(cost.energy.si() / (17.33333e-12 * share) - 1) < 1e-12);
    RC_ASSERT(std::abs(cost.area.si() / (253.75e-12 * share) - 1) < 1e-12);
  }));
}

TEST_CASE("several multiplexers share the columns of a crossbar") {
  const CostTable one = prices(chip("sme", {}));
  const CostTable four = prices(chip("sme", {"mux.per_crossbar=4"}));
  CHECK(four.find("mux")->instances == 4 * one.find("mux")->instances);
  CHECK(total(four, "mux").area == Approx(total(one, "mux").area));
}

TEST_CASE("a router has a port for each of its tiles unless its ports are given") {
  const Total once = total(prices(chip("sme", {})), "noc");
  CHECK(total(prices(chip("sme", {"noc.tiles_per_router=1"})), "noc").area == Approx(once.area * 4 * 5 / 8));
  CHECK(total(prices(chip("sme", {"noc.tiles_per_router=1", "noc.ports=8"})), "noc").area ==
        Approx(once.area * 4));
}

TEST_CASE("a chip has whole routers") {
  const auto routers = [](int tiles, int per_router) {
    const Config config = chip(
        "sme", {fmt::format("chip.tiles={}", tiles), fmt::format("noc.tiles_per_router={}", per_router)});
    return prices(config).find("noc")->instances;
  };
  CHECK(routers(5, 4) == 2);
  CHECK(routers(4, 4) == 1);
  CHECK(routers(1, 4) == 1);
  CHECK(routers(128, 3) == 43);
  CHECK(routers(128, 1) == 128);
}

TEST_CASE("what a price does not follow changes no number and is noted") {
  const Config before = chip("sme", {});
  int properties = 0;
  for (const CostRule* rule : cost_rules()) {
    for (const PricedProperty& fixed : rule->fixed) {
      const Config config = chip("sme", {times(fixed, 2, before)});
      INFO(fixed.key);
      const Total now = total(prices(config), rule->section);
      const Total once = total(prices(before), rule->section);
      CHECK((now.energy == once.energy && now.power == once.power && now.area == once.area));
      const std::vector<std::string> notes = cost_notes(config, prices(config));
      REQUIRE(notes.size() == 1);
      CHECK_THAT(notes.front(),
                 ContainsSubstring(rule->section + " is priced for " + fixed.property + " 1, not 2"));
      ++properties;
    }
  }
  CHECK(properties == 2);  // cells of a crossbar, bits of a driver
}

TEST_CASE("another process changes the price of no component and is noted once") {
  const Config before = chip("sme", {});
  const Config config = chip("sme", {"technology.node=22 nm"});
  const auto earlier = prices(before);
  const auto now = prices(config);
  for (const PricedComponent& component : now.components) {
    const PricedComponent* once = earlier.find(component.name);
    INFO(component.name);
    CHECK(component.cost.energy == once->cost.energy);
    CHECK(component.cost.area == once->cost.area);
  }
  const std::vector<std::string> notes = cost_notes(config, prices(config));
  REQUIRE(notes.size() == 1);
  for (const CostRule* rule : cost_rules()) {
    const bool used = rule->section != "sense_amplifier";
    CHECK((!used || notes.front().find(rule->section) != std::string::npos));
  }
  CHECK_THAT(notes.front(), ContainsSubstring("for a technology.node of 32 nm, not 22 nm"));
  // An ADC's price follows the process where its model does.
  CHECK_THAT(notes.front(), ContainsSubstring("mux, adc, shift_add"));
  const Config survey = chip("sme", {"technology.node=22 nm", "adc.model=survey"});
  CHECK(cost_notes(survey, prices(survey)).front().find("adc") == std::string::npos);
}

TEST_CASE("a price that does not say for what it holds is not noted") {
  const Config config = chip("sme", {"crossbar.cost_cell_bits=0", "crossbar.cost_node=0 nm", "cell.bits=2"});
  for (const std::string& note : cost_notes(config, prices(config)))
    CHECK(note.find("crossbar") == std::string::npos);
}

}  // namespace
}  // namespace squeezebar::test
