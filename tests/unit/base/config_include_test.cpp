// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.h"
#include "tests/unit/base/test_sections.h"

namespace squeezebar::test {
namespace {

const Files kLayers = {
    {"configs/top.yaml", "version: 1\ninclude: [chip.yaml, ../more/adc.yaml]\ncrossbar: {rows: 64}\n"},
    {"configs/chip.yaml", kGood},
    {"more/adc.yaml", "crossbar: {rows: 32, columns: 16, source: Later}\nadc: {bits: 5}\n"},
};

TEST_CASE("the including file wins, then later includes") {
  Diagnostics diagnostics;
  const Config config = load(kLayers, {}, diagnostics, "configs/top.yaml");
  REQUIRE(config.valid());
  CHECK(config.get<Array>().rows == 64);
  CHECK(config.get<Array>().columns == 16);
  CHECK(config.get<Array>().read_time == 100_ns);
  CHECK(config.get<ConverterCommon>().bits == 5);
  CHECK(config.variant<Converter>().cost() == 1.8_pJ);
  CHECK(config.source("crossbar") == std::vector<std::string>{"Later"});
  CHECK(config.get<Input>().bundle.value == "bundles/digits");
  CHECK(config.origin("crossbar.columns") == "../more/adc.yaml:1:31");
  CHECK(config.origin("crossbar.read_time") == "chip.yaml:5:14");
  CHECK(config.place("crossbar.leakage") == Place{"configs/top.yaml", 3, 1});
}

TEST_CASE("origins do not depend on where the program is started") {
  const Files moved = {{"a/configs/top.yaml", kLayers.at("configs/top.yaml")},
                       {"a/configs/chip.yaml", kLayers.at("configs/chip.yaml")},
                       {"a/more/adc.yaml", kLayers.at("more/adc.yaml")}};
  Diagnostics diagnostics;
  const Config here = load(kLayers, {}, diagnostics, "configs/top.yaml");
  const Config there = load(moved, {}, diagnostics, "a/configs/top.yaml");
  REQUIRE(here.valid());
  REQUIRE(there.valid());
  CHECK(here.resolved_yaml("runs") == there.resolved_yaml("a/runs"));
}

TEST_CASE("lists are replaced, not joined") {
  const Config config = load_good({{"top.yaml", "version: 1\ninclude: base.yaml\nrun: {sizes: [9]}\n"},
                                   {"base.yaml", std::string(kGood) + "run: {sizes: [1, 2, 3]}\n"}});
  CHECK(config.get<Settings>().sizes == std::vector<std::int64_t>{9});
}

TEST_CASE("fields of a replaced model are dropped if they come from an earlier layer") {
  const std::string base = kGood;
  const Config config =
      load_good({{"top.yaml", "version: 1\ninclude: base.yaml\nadc: {model: table, energies: [2 pJ]}\n"},
                 {"base.yaml", base}});
  CHECK(config.model("adc") == "table");
  CHECK(config.get<ConverterCommon>().bits == 8);
  CHECK(config.variant<Converter>().cost() == 2_pJ);
  CHECK(load_good({{"top.yaml", base}}, {"adc.model=table", "adc.energies=[3 pJ]"})
            .variant<Converter>()
            .cost() == 3_pJ);
}

TEST_CASE("fields of a replaced model in the new layer are unknown") {
  CHECK(errors({{"top.yaml",
                 "version: 1\ninclude: base.yaml\n"
                 "adc: {model: table, energies: [2 pJ], energy_per_conversion: 1 pJ}\n"},
                {"base.yaml", kGood}}) ==
        "top.yaml:3:39: error: adc: unknown key 'energy_per_conversion' for adc model 'table'; it belongs to "
        "model "
        "'linear'\n");
  CHECK_THAT(
      errors({{"top.yaml", kGood}}, {"adc.model=table", "adc.energies=[3 pJ]", "adc.conversion_time=1 ns"}),
      ContainsSubstring("unknown key 'conversion_time'"));
}

TEST_CASE("a typing error is not dropped with the model") {
  CHECK_THAT(errors({{"top.yaml", "version: 1\ninclude: base.yaml\nadc: {model: table, energies: [2 pJ]}\n"},
                     {"base.yaml", good_but("bits: 8,", "bits: 8, enrgies: [1 pJ],")}}),
             ContainsSubstring(
                 "base.yaml:8:31: error: adc: unknown key 'enrgies' for adc model 'table'; did you mean"));
}

TEST_CASE("includes that fail") {
  CHECK(errors({{"top.yaml", "version: 1\ninclude: [none.yaml]\n"}}) ==
        "top.yaml:2:11: error: cannot read 'none.yaml'\n");
  CHECK(errors({{"top.yaml", "version: 1\ninclude: {a: b}\n"}}) ==
        "top.yaml:2:10: error: include: must be a list of files, e.g. [chip.yaml]\n");
  CHECK(errors({{"top.yaml", "version: 1\ninclude: [[a]]\n"}}) ==
        "top.yaml:2:11: error: include: must be a list of files, e.g. [chip.yaml]\n");
  CHECK(errors({{"top.yaml", "version: 1\ninclude: a.yaml\n"},
                {"a.yaml", "include: ./b.yaml\n"},
                {"b.yaml", "include: [x/../a.yaml]\n"}}) ==
        "b.yaml:1:11: error: include: include cycle: a.yaml -> b.yaml -> a.yaml\n");
  CHECK(errors({{"top.yaml", "version: 1\ninclude: top.yaml\n"}}) ==
        "top.yaml:2:10: error: include: include cycle: top.yaml -> top.yaml\n");
  CHECK(errors({{"top.yaml", std::string(kGood) + "include: a.yaml\n"}, {"a.yaml", "version: 3\n"}}) ==
        "a.yaml:1:10: error: version: this program reads version 1, not 3\n");
}

TEST_CASE("errors are sorted by file in load order") {
  CHECK(errors({{"top.yaml", "version: 1\ninclude: [z.yaml, a.yaml]\ncrossbar: {rows: 0}\n"},
                {"z.yaml", good_but("bits: 8", "bits: 0")},
                {"a.yaml", "crossbar: {columns: 0}\n"}}) ==
        "top.yaml:3:18: error: crossbar.rows: value 0 is outside [1, 1024]\n"
        "z.yaml:8:28: error: adc.bits: value 0 is outside [1, 14]\n"
        "a.yaml:1:21: error: crossbar.columns: value 0 is outside [1, 1024]\n");
}

TEST_CASE("a file may be included twice, but not without end") {
  CHECK(load_good({{"top.yaml", "version: 1\ninclude: [a.yaml, a.yaml]\n"}, {"a.yaml", kGood}}).valid());
  Files bomb = {{"top.yaml", "version: 1\ninclude: [0.yaml]\n"}};
  Files chain = bomb;
  for (int i = 0; i < 40; ++i) {
    const std::string next = std::to_string(i + 1) + ".yaml";
    const std::string name = std::to_string(i) + ".yaml";
    chain[name] = "include: [" + next + "]\n";
    bomb[name] = i < 20 ? "include: [" + next + ", " + next + "]\n" : kGood;
  }
  CHECK_THAT(errors(chain), ContainsSubstring("includes are nested deeper than 32 files"));
  CHECK_THAT(errors(bomb), ContainsSubstring("more than 1000 files are included"));
}

}  // namespace
}  // namespace squeezebar::test
