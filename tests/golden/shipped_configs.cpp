// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <string>
#include <vector>

#include "models/adc/adc.h"
#include "sim/base/config.h"
#include "sim/energy/account.h"
#include "sim/energy/breakdown.h"
#include "sim/run/cost_table.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

namespace fs = std::filesystem;

/// Calls `test` for every config in configs/<folder>.
template <class F>
void for_each_config(const std::string& folder, const std::vector<std::string>& overrides, F test) {
  int found = 0;
  for (const fs::directory_entry& file :
       fs::directory_iterator(fs::path(SQUEEZEBAR_SOURCE_DIR) / "configs" / folder)) {
    INFO(file.path().string());
    Diagnostics diagnostics;
    const Config config = load_config(file.path().string(), overrides, diagnostics);
    CHECK(diagnostics.text().empty());
    REQUIRE(config.valid());
    test(config);
    ++found;
  }
  CHECK(found > 0);
}

void check_costs(const Config& config) {
  const CostTable costs = cost_table(config, config.get<AdcParams>().bits);
  CHECK(area(costs).area.si() > 0.0);
  CHECK(account(costs, {}, 1_ms).dynamic.si() == 0.0);
}

void check_sources(const Config& config) {
  for (const SectionInfo* section : config_sections()) {
    INFO(section->name);
    const bool has_cost = section->schema->find("area") != nullptr || section->name == "adc";
    CHECK((!has_cost || !config.source(section->name).empty()));
  }
}

TEST_CASE("every shipped chip loads, has a price and says where its numbers come from") {
  for_each_config("chip", {"workload.bundle=" SQUEEZEBAR_SOURCE_DIR "/workloads/digits/dense"},
                  [](const Config& config) {
                    check_costs(config);
                    check_sources(config);
                  });
}

TEST_CASE("every example loads, has a price and says where its numbers come from") {
  for_each_config("examples", {}, [](const Config& config) {
    check_costs(config);
    check_sources(config);
  });
}

TEST_CASE("the ADC model of a shipped chip can be exchanged") {
  for_each_config(
      "chip",
      {"workload.bundle=" SQUEEZEBAR_SOURCE_DIR "/workloads/digits/dense", "adc.model=survey",
       "adc.cost_rate=1.28 GHz"},
      [](const Config& config) { CHECK(cost_table(config, 8).conversion_energy.at(8).si() > 1e-12); });
}

}  // namespace
}  // namespace squeezebar::test
