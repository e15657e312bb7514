// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "models/adc/adc.h"
#include "sim/base/config.h"
#include "sim/compile/cost_table.h"
#include "sim/energy/account.h"
#include "sim/energy/breakdown.h"
#include "sim/terms/cost_rule.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

namespace fs = std::filesystem;

/// Whether a line of the file begins with the key.
bool has_key(const fs::path& file, const std::string& key) {
  std::ifstream text(file);
  for (std::string line; std::getline(text, line);)
    if (line.rfind(key + ":", 0) == 0) return true;
  return false;
}

/// Calls `test` for every config in configs/<folder>.
template <class F>
void for_each_config(const std::string& folder, const std::vector<std::string>& overrides, F test) {
  int found = 0;
  for (const fs::directory_entry& file :
       fs::directory_iterator(fs::path(SQUEEZEBAR_SOURCE_DIR) / "configs" / folder)) {
    if (has_key(file.path(), "base")) continue;  // a sweep or a search
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
  const CostTable costs = cost_table(config, {.built = config.get<AdcParams>().bits});
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

/// Whether a file is a config of its own: one that others include has no version, a sweep has a base.
bool is_complete(const fs::path& file) {
  return file.extension() == ".yaml" && has_key(file, "version") && !has_key(file, "base");
}

/// What `squeezebar run FILE` would run: its variants, or the file itself.
std::vector<std::string> names_in(const std::string& file) {
  Diagnostics diagnostics;
  std::vector<std::string> names = config_variants(file, diagnostics);
  CHECK(diagnostics.text().empty());
  for (std::string& name : names) name = file + "#" + name;
  return names.empty() ? std::vector<std::string>{file} : names;
}

TEST_CASE("every shipped chip loads, has a price and says where its numbers come from") {
  for_each_config("chip", {"workload.bundle=" SQUEEZEBAR_SOURCE_DIR "/workloads/digits/dense"},
                  [](const Config& config) {
                    check_costs(config);
                    check_sources(config);
                  });
}

TEST_CASE("every shipped chip says for what its prices hold, and prices nothing else") {
  for_each_config("chip", {"workload.bundle=" SQUEEZEBAR_SOURCE_DIR "/workloads/digits/dense"},
                  [](const Config& config) {
                    for (const CostRule* rule : cost_rules()) {
                      INFO(rule->section);
                      CHECK(rule->factor(config) == 1.0);
                      // The source of the sense amplifier names no process.
                      const bool known = rule->section != "sense_amplifier";
                      CHECK((rule->price(config).node.si() > 0) == known);
                      for (const PricedProperty& fixed : rule->fixed)
                        CHECK(fixed.priced(config) == fixed.configured(config));
                    }
                    CHECK(cost_notes(config, cost_table(config, {.built = 6})).empty());
                  });
}

TEST_CASE("every example loads, has a price and says where its numbers come from") {
  for_each_config("examples", {}, [](const Config& config) {
    check_costs(config);
    check_sources(config);
  });
}

TEST_CASE("every study loads, has a price and says where its numbers come from, in each variant") {
  int found = 0;
  for (const fs::directory_entry& file :
       fs::recursive_directory_iterator(fs::path(SQUEEZEBAR_SOURCE_DIR) / "configs/papers")) {
    if (!is_complete(file.path())) continue;
    for (const std::string& name : names_in(file.path().string())) {
      INFO(name);
      Diagnostics diagnostics;
      const Config config = load_config(name, {}, diagnostics);
      CHECK(diagnostics.text().empty());
      REQUIRE(config.valid());
      check_costs(config);
      check_sources(config);
      ++found;
    }
  }
  CHECK(found > 0);
}

TEST_CASE("the ADC model of a shipped chip can be exchanged") {
  for_each_config("chip",
                  {"workload.bundle=" SQUEEZEBAR_SOURCE_DIR "/workloads/digits/dense", "adc.model=survey",
                   "adc.cost_rate=1.28 GHz"},
                  [](const Config& config) {
                    CHECK(cost_table(config, {.built = 8}).at("adc").energy_by_size.at(8).si() > 1e-12);
                  });
}

}  // namespace
}  // namespace squeezebar::test
