// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.h"
#include "tests/unit/base/test_sections.h"

namespace squeezebar::test {
namespace {

TEST_CASE("all errors come at once, in the order of the file") {
  CHECK(errors_of(R"(version: 1
crossbar: {rows: 128, columns: 64, read_time: 100, energy: 0.5 pJ, rows: 3}
adc:
  model: linear
  bits: 99
  energy_per_converson: 1.8 pJ
  conversion_time: 2
  scan: maped
ad: {}
workload: {bundle: x}
)") == "top.yaml:2:47: error: crossbar.read_time: needs a unit, e.g. '1.2 ns'\n"
       "top.yaml:2:68: error: crossbar: key 'rows' given twice (first at line 2)\n"
       "top.yaml:3:1: error: adc.energy_per_conversion: missing; give a value (energy): One conversion.\n"
       "top.yaml:5:9: error: adc.bits: value 99 is outside [1, 14]\n"
       "top.yaml:6:3: error: adc: unknown key 'energy_per_converson' for adc model 'linear'; did you mean "
       "'energy_per_conversion'?\n"
       "top.yaml:7:20: error: adc.conversion_time: needs a unit, e.g. '1.2 ns'\n"
       "top.yaml:8:9: error: adc.scan: must be one of all, mapped, occupied, not 'maped'; did you mean "
       "'mapped'?\n"
       "top.yaml:9:1: error: unknown section 'ad'; did you mean 'adc'?\n");
}

TEST_CASE("errors of one value") {
  const auto with = [](const char* key, const char* value) {
    std::string all = errors({{"top.yaml", kGood}}, {std::string(key) + "=" + value});
    const std::string start = std::string("--set ") + key + "=" + value + ": error: " + key + ": ";
    REQUIRE_THAT(all, Catch::Matchers::StartsWith(start));
    return all.substr(start.size(), all.size() - start.size() - 1);
  };
  CHECK(with("crossbar.rows", "010") == "leading zeros are not allowed ('010')");
  CHECK(with("crossbar.rows", "12.5") == "must be a whole number, not '12.5'");
  CHECK(with("crossbar.rows", "'12'") == "must be a whole number, not text in quotes");
  CHECK(with("crossbar.rows", "") == "needs a value (a whole number)");
  CHECK(with("crossbar.rows", "8 ns") == "takes no unit, but '8 ns' is given");
  CHECK(with("crossbar.rows", ".inf") == "must be a finite number");
  CHECK(with("crossbar.rows", "[1]") == "must be a whole number, not a list");
  CHECK(with("crossbar.read_time", "3 pJ") == "'pJ' is an energy unit, but this is a time, e.g. '1.2 ns'");
  CHECK(with("crossbar.read_time", "3 fs") == "value 3 fs is outside [1 ps, 1 ms]");
  CHECK(with("crossbar.read_time", "{a: 1}") == "must be a value like '1.2 ns', not a map");
  CHECK(with("crossbar.energy", "-1 pJ") == "value -1 pJ is out of range; it must be >= 0 J");
  CHECK(with("run.ratio", "nan") == "must be a finite number");
  CHECK(with("run.outputs", "On") == "must be true or false, not 'On'");
  CHECK(with("run.sizes", "3") == "must be a list in brackets (list, each item: whole number)");
  CHECK(with("run.sizes", "[1, -3]") == "value -3 is out of range; it must be >= 0");
  CHECK_THAT(with("run.sizes", "[1, 2"), ContainsSubstring("is a bracket open?"));
  CHECK(with("run.label", "\xFF") == "byte 0xFF is not UTF-8 text");
  CHECK(with("workload.bundle", "''") == "must not be empty");
  CHECK(with("adc.model", "lineal") ==
        "unknown model 'lineal'; choose one of linear and table; did you mean 'linear'?");
  CHECK(with("adc.model", "[a]") == "must be text, not a list");
}

TEST_CASE("malformed overrides") {
  const auto with = [](const char* text) { return errors({{"top.yaml", kGood}}, {text}); };
  CHECK(with("adc.bits") == "--set adc.bits: error: must have the form section.key=value\n");
  CHECK(with("bits=3") == "--set bits=3: error: must have the form section.key=value\n");
  CHECK(with("a.b.c=3") == "--set a.b.c=3: error: must have the form section.key=value\n");
  CHECK(with("acd.bits=3") == "--set acd.bits=3: error: unknown section 'acd'; did you mean 'adc'?\n");
  CHECK(with("crossbar.row=3") ==
        "--set crossbar.row=3: error: crossbar: unknown key 'row'; did you mean 'rows'?\n");
}

TEST_CASE("a key of another model is recognised") {
  CHECK(errors_of(good_but("bits: 8,", "bits: 8, energies: [1 pJ],")) ==
        "top.yaml:8:31: error: adc: unknown key 'energies' for adc model 'linear'; it belongs to model "
        "'table'\n");
}

TEST_CASE("keys of any model pass while the model is unknown") {
  CHECK(errors_of(good_but("model: linear,", "")) ==
        "top.yaml:8:1: error: adc.model: missing; choose one of linear and table\n");
  CHECK(errors_of(good_but("model: linear,", "model: none, foo: 1,")) ==
        "top.yaml:8:14: error: adc.model: unknown model 'none'; choose one of linear and table\n"
        "top.yaml:8:20: error: adc: unknown key 'foo'\n");
}

TEST_CASE("missing parts are explained by their sentences") {
  CHECK(errors_of("version: 1\n") ==
        "top.yaml:1:1: error: adc: missing section: Converts column sums to codes.\n"
        "top.yaml:1:1: error: crossbar: missing section: A crossbar of cells.\n"
        "top.yaml:1:1: error: workload: missing section: What is computed.\n");
  CHECK(errors_of(good_but("  rows: 128\n", "")) ==
        "top.yaml:2:1: error: crossbar.rows: missing; give a value (whole number): Word lines.\n");
}

TEST_CASE("the version is checked") {
  CHECK(errors_of(good_but("version: 1\n", "")) ==
        "top.yaml:1:1: error: version: missing; a config starts with 'version: 1'\n");
  CHECK(errors_of(good_but("version: 1", "version: 2")) ==
        "top.yaml:1:10: error: version: this program reads version 1, not 2\n");
  CHECK(errors_of(good_but("version: 1", "version: one")) ==
        "top.yaml:1:10: error: version: must be a whole number, not 'one'\n");
}

TEST_CASE("files that are no config") {
  CHECK(errors_of("") == "top.yaml:1:1: error: the file is empty; it must be a map of sections\n");
  CHECK(errors_of("# nothing\n") == "top.yaml:1:1: error: the file is empty; it must be a map of sections\n");
  CHECK(errors_of("- a\n- b\n") == "top.yaml:1:1: error: must be a map of sections\n");
  CHECK(errors_of("hello") == "top.yaml:1:1: error: must be a map of sections\n");
  CHECK(errors_of(std::string("\x93NUMPY\x01\x00", 8)) ==
        "top.yaml:1:1: error: byte 0x93 is not UTF-8 text\n");
  CHECK(errors_of("adc:\n\tbits: 3\n") == "top.yaml:2:1: error: a tab cannot be used for indentation\n");
  CHECK_THAT(errors_of("a: [\n"), ContainsSubstring("error: not valid YAML: "));
  CHECK(errors_of(good_but("adc: {", "adc: [] #{")) ==
        "top.yaml:8:6: error: adc: must be a map of keys and values\n");
  CHECK(errors_of(good_but("adc: {", "adc: #{")) ==
        "top.yaml:8:1: error: adc: must be a map of keys and values\n");
}

TEST_CASE("a source is text or a list of texts") {
  CHECK(errors_of(good_but("bits: 8,", "bits: 8, source: {a: b},")) ==
        "top.yaml:8:39: error: adc.source: must be text, not a map\n");
  CHECK(load_good({{"top.yaml", good_but("bits: 8,", "bits: 8, source: [a, b],")}}).source("adc") ==
        std::vector<std::string>{"a", "b"});
}

TEST_CASE("rules of sections, of factories and of the whole config") {
  CHECK(errors_of(good_but("rows: 128", "rows: 13")) ==
        "top.yaml:2:1: error: crossbar: thirteen rows bring bad luck\n");
  CHECK(errors_of(good_but("rows: 128", "rows: 2")) ==
        "top.yaml:4:12: error: crossbar.columns: more than ten columns per row\n");
  CHECK(errors_of(good_but("model: linear, bits: 8, energy_per_conversion: 1.8 pJ",
                           "model: table, bits: 8, energies: [1 pJ, 2 pJ, 3 pJ]")) ==
        "top.yaml:8:14: error: adc.model: three entries cannot be interpolated\n");
  CHECK(errors({{"top.yaml", kGood}}, {"crossbar.rows=1024", "adc.bits=14"}) ==
        "--set adc.bits=14: error: adc.bits: 14 bits are too slow for more than 512 rows\n");
}

}  // namespace
}  // namespace squeezebar::test
