// SPDX-License-Identifier: Apache-2.0
#include "sim/base/config.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/unit/base/test_sections.h"

namespace squeezebar::test {
namespace {

TEST_CASE("a good config gives typed parameters and built variants") {
  const Config config = load_good({{"top.yaml", kGood}});
  CHECK(config.get<Array>().rows == 128);
  CHECK(config.get<Array>("crossbar").read_time == 100_ns);
  CHECK(config.get<Array>().leakage == 0_W);
  CHECK(config.get<ConverterCommon>().bits == 8);
  CHECK(config.model("adc") == "linear");
  CHECK(config.variant<Converter>().cost() == 1.8_pJ);
  CHECK(&config.variant<Converter>() == &config.variant<Converter>("adc"));
  CHECK(config.model("noc") == "ideal");
  CHECK(config.variant<Network>().latency() == 0_s);
  CHECK(config.get<Settings>().size == 64_KB);
  CHECK(config.source("crossbar") == std::vector<std::string>{"Shafiee et al., ISCA 2016"});
  CHECK(config.source("adc").empty());
  CHECK(config.file() == "top.yaml");
}

TEST_CASE("every value knows where it comes from") {
  const Config config = load_good({{"top.yaml", kGood}}, {"adc.bits=6"});
  CHECK(config.place("crossbar.rows") == Place{"top.yaml", 3, 9});
  CHECK(config.place("crossbar.leakage") == Place{"top.yaml", 2, 1});
  CHECK(config.place("run.seed") == Place{"top.yaml", 1, 1});
  CHECK(config.origin("crossbar.rows") == "top.yaml:3:9");
  CHECK(config.origin("run.seed") == "default");
  CHECK(config.origin("adc.bits") == "--set adc.bits=6");
  CHECK(config.text("adc.bits") == "6");
  CHECK(config.text("adc.model") == "linear");
  CHECK(config.text("adc.energy_per_conversion") == "1.8 pJ");
}

TEST_CASE("asking for what is not declared is a programming error") {
  const Config config = load_good({{"top.yaml", kGood}});
  CHECK_THROWS_AS(config.get<int>(), std::logic_error);
  CHECK_THROWS_AS(config.get<Array>("adc"), std::logic_error);
  CHECK_THROWS_AS(config.get<Array>("none"), std::logic_error);
  CHECK_THROWS_AS(config.variant<Array>(), std::logic_error);
  CHECK_THROWS_AS(config.variant<Network>("adc"), std::logic_error);
  CHECK_THROWS_AS(config.text("adc.none"), std::logic_error);
  CHECK_THROWS_AS(Config().file(), std::logic_error);
}

TEST_CASE("overrides follow the rules of the file") {
  const Config config =
      load_good({{"top.yaml", kGood}}, {"adc.bits=6", "run.sizes=[3, 4]", "run.steps=[1 ns]",
                                        "crossbar.read_time=10ns", "run.label=a: b # c", "adc.bits= 7 ",
                                        "run.outputs=true", "adc.source=by hand", "workload.bundle=here/x"});
  CHECK(config.get<ConverterCommon>().bits == 7);
  CHECK(config.get<Settings>().sizes == std::vector<std::int64_t>{3, 4});
  CHECK(config.get<Settings>().steps == std::vector<Time>{1_ns});
  CHECK(config.get<Array>().read_time == 10_ns);
  CHECK(config.get<Settings>().label == "a: b # c");
  CHECK(config.get<Settings>().outputs);
  CHECK(config.source("adc") == std::vector<std::string>{"by hand"});
  CHECK(config.get<Input>().bundle.value == "here/x");
}

TEST_CASE("the resolved config is complete, valid and means the same") {
  const Config config = load_good({{"top.yaml", kGood}}, {"run.label=it's \"5\": \\ #", "run.ratio=1e-7",
                                                          "run.threads=2", "run.size=1000 B"});
  const std::string text = config.resolved_yaml();
  CHECK_THAT(text, ContainsSubstring("  rows: 128  # top.yaml:3:9\n") &&
                       ContainsSubstring("  leakage: 0 W  # default\n") &&
                       ContainsSubstring("  source: \"Shafiee et al., ISCA 2016\"\n") &&
                       ContainsSubstring("  ratio: 1.0e-7  # --set run.ratio=1e-7\n"));
  CHECK_THAT(text, !ContainsSubstring("threads"));
  const Config again = load_good({{"top.yaml", text}});
  CHECK(again.hash() == config.hash());
  for (const Affects affects : {Affects::accounting, Affects::timing, Affects::values}) {
    CHECK(again.hash(affects) == config.hash(affects));
  }
  const std::vector<ConfigValue> values = config.values();
  const std::vector<ConfigValue> values_again = again.values();
  REQUIRE(values.size() == values_again.size());
  for (std::size_t i = 0; i < values.size(); ++i) {
    CHECK(values[i].key == values_again[i].key);
    if (values[i].key == "run.threads" || values[i].key == "workload.bundle") continue;
    CHECK(values[i].text == values_again[i].text);
  }
}

TEST_CASE("no override and no name of a file breaks the resolved config") {
  const Files files = {{"\xFF\n.yaml", kGood}};
  Diagnostics diagnostics;
  const Config config = load(files, {"run.label=a\nb", "run.label=\"c\\nd\""}, diagnostics, "\xFF\n.yaml");
  REQUIRE(config.valid());
  CHECK(load_good({{"top.yaml", config.resolved_yaml()}}).get<Settings>().label == "c\nd");
}

TEST_CASE("paths are relative to their file and are rewritten for the resolved config") {
  const Files files = {{"chips/base.yaml", good_but("version: 1\n", "")},
                       {"top.yaml", "version: 1\ninclude: chips/base.yaml\n"}};
  const Config config = load_good(files);
  CHECK(config.get<Input>().bundle.value == "bundles/digits");
  CHECK_THAT(config.resolved_yaml("runs/one"),
             ContainsSubstring("bundle: \"../../bundles/digits\"  # chips/base.yaml:9:11\n"));
  CHECK_THAT(config.resolved_yaml(), ContainsSubstring("bundle: bundles/digits  #"));
}

TEST_CASE("the hashes tell which stage a key affects") {
  const Config base = load_good({{"top.yaml", kGood}});
  const auto changed = [&](const std::string& override_text) {
    const Config other = load_good({{"top.yaml", kGood}}, {override_text});
    std::string out;
    if (other.hash(Affects::accounting) != base.hash(Affects::accounting)) out += 'a';
    if (other.hash(Affects::timing) != base.hash(Affects::timing)) out += 't';
    if (other.hash(Affects::values) != base.hash(Affects::values)) out += 'v';
    CHECK((other.hash() != base.hash()) == !out.empty());
    return out;
  };
  CHECK(changed("crossbar.energy=1 pJ") == "a");
  CHECK(changed("crossbar.energy=500 fJ").empty());
  CHECK(changed("crossbar.read_time=1 ns") == "t");
  CHECK(changed("adc.bits=7") == "v");
  CHECK(changed("run.threads=7").empty());
  CHECK(changed("adc.source=elsewhere").empty());
  CHECK(changed("workload.bundle=elsewhere").empty());
}

TEST_CASE("a changed model changes the hash of its class") {
  const Config base = load_good({{"top.yaml", kGood}});
  const Config other = load_good({{"top.yaml", kGood}}, {"noc.model=fixed", "noc.latency=0 s"});
  CHECK(other.hash(Affects::timing) != base.hash(Affects::timing));
  CHECK(other.hash(Affects::values) == base.hash(Affects::values));
}

TEST_CASE("sections describe themselves") {
  std::string names;
  for (const SectionInfo* section : config_sections()) names += section->name + " ";
  CHECK(names == "adc crossbar noc run workload ");
  REQUIRE(find_section("adc") != nullptr);
  CHECK(find_section("adc")->is_variant());
  CHECK(find_section("adc")->variants->names() == std::vector<std::string>{"linear", "table"});
  CHECK(find_section("none") == nullptr);
}

TEST_CASE("names of sections are declared once") {
  struct P {};
  CHECK_THROWS_AS((RegisterSection<P>{"adc", Schema<P>("Again.")}), std::logic_error);
  CHECK_THROWS_AS((RegisterSection<P>{"version", Schema<P>("Reserved.")}), std::logic_error);
  CHECK_THROWS_AS((RegisterSection<P>{"a.b", Schema<P>("Bad.")}), std::logic_error);
}

TEST_CASE("the JSON Schema follows the declarations") {
  const nlohmann::json schema = nlohmann::json::parse(json_schema());
  CHECK(schema["additionalProperties"] == false);
  const nlohmann::json& rows = schema["properties"]["crossbar"]["properties"]["rows"];
  CHECK(rows["type"] == "integer");
  CHECK(rows["minimum"] == 1);
  CHECK(rows["maximum"] == 1024);
  CHECK(schema["properties"]["crossbar"]["additionalProperties"] == false);
  CHECK(schema["then"]["required"] == nlohmann::json{"adc", "crossbar", "workload"});
  const nlohmann::json& adc = schema["properties"]["adc"];
  CHECK(adc["allOf"][0]["if"]["properties"]["model"]["const"] == "linear");
  CHECK(adc["allOf"][0]["then"]["properties"].contains("energy_per_conversion"));
  CHECK(adc["allOf"][0]["then"]["properties"].contains("scan"));
  CHECK_FALSE(adc["allOf"][0]["then"].contains("required"));
  const nlohmann::json complete = nlohmann::json::parse(json_schema(true));
  CHECK(complete["required"] == nlohmann::json{"version", "adc", "crossbar", "workload"});
  CHECK(complete["properties"]["adc"]["allOf"][1]["then"]["required"] == nlohmann::json{"bits", "energies"});
}

TEST_CASE("a config can be read from the disk or not at all") {
  CHECK_THROWS_AS(load_config("/nonexistent/top.yaml"), UserError);
}

}  // namespace
}  // namespace squeezebar::test
