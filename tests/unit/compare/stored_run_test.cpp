// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/stored_run.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"
#include "tests/unit/compare/stored_sample.h"

namespace squeezebar::test {
namespace {

std::string faults(const StoredRunTexts& texts) {
  Diagnostics diagnostics;
  parse_run("runs/a", texts, diagnostics);
  return diagnostics.text();
}

TEST_CASE("what the writers write is read back") {
  const RunResult r = sample_result();
  Diagnostics diagnostics;
  const StoredRun run = parse_run("runs/a", texts_of(r), diagnostics);
  CHECK(diagnostics.text() == "");
  CHECK(run.summary.number("energy_j") == r.energy_j);
  CHECK(run.summary.number("crossbars.allocated.conv") == static_cast<double>(r.allocated.conv));
  CHECK(run.summary.text("config_hash.timing") == std::string(64, 'b'));
  CHECK(run.summary.members("peak") ==
        std::vector<std::string>{"power_w", "tops", "tops_per_w", "tops_per_mm2"});
  CHECK(run.layers.records.size() == r.layers.size());
  CHECK(run.config == std::vector<std::pair<std::string, std::string>>{{"adc.bits", "6"}});
  Diagnostics none;
  parse_run("runs/v", texts_of(sample_values_result()), none);
  CHECK(none.text() == "");
}

TEST_CASE("a run folder that was cut off is refused, with the file and what to do") {
  const StoredRunTexts whole = texts_of(sample_result());
  StoredRunTexts cut = whole;
  cut.summary.resize(cut.summary.size() / 2);
  CHECK_THAT(faults(cut), ContainsSubstring("runs/a/summary.json:") && ContainsSubstring("not whole"));
  cut = whole;
  cut.layers.resize(cut.layers.size() - 10);
  CHECK_THAT(faults(cut), ContainsSubstring("runs/a/layers.csv:8") && ContainsSubstring("not whole"));
  // At the end of a line: the sums tell.
  cut = whole;
  cut.layers.resize(cut.layers.rfind('\n', cut.layers.size() - 2) + 1);
  CHECK_THAT(faults(cut), ContainsSubstring("layers.csv: error: bit_cycles: the parts sum to") &&
                              ContainsSubstring("run it again"));
  cut = whole;
  cut.energy.resize(cut.energy.rfind('\n', cut.energy.size() - 2) + 1);
  cut.energy.resize(cut.energy.rfind('\n', cut.energy.size() - 2) + 1);
  CHECK_THAT(faults(cut), ContainsSubstring("energy.csv: error: energy_j: the parts sum to"));
  cut = whole;
  cut.energy.clear();
  CHECK_THAT(faults(cut), ContainsSubstring("energy.csv: error: is empty"));
}

TEST_CASE("every single byte of a cut summary is refused without a crash") {
  const StoredRunTexts whole = texts_of(sample_values_result());
  for (std::size_t size = 0; size + 3 < whole.summary.size(); size += 7) {
    StoredRunTexts cut = whole;
    cut.summary.resize(size);
    CAPTURE(size);
    CHECK_FALSE(faults(cut).empty());
  }
}

TEST_CASE("summaries that hold something else are refused by key") {
  StoredRunTexts texts = texts_of(sample_result());
  nlohmann::ordered_json summary = nlohmann::ordered_json::parse(texts.summary);
  const auto with = [&](const char* key, const nlohmann::ordered_json& value) {
    nlohmann::ordered_json changed = summary;
    changed[key] = value;
    StoredRunTexts out = texts;
    out.summary = changed.dump();
    return faults(out);
  };
  CHECK_THAT(with("schema_version", 2), ContainsSubstring("schema_version: is 2, this program reads 1"));
  CHECK_THAT(with("schema_version", "1"), ContainsSubstring("no summary of a run"));
  CHECK_THAT(with("images", 0), ContainsSubstring("images: must be at least 1"));
  CHECK_THAT(with("images", "many"), ContainsSubstring("images: must be a number"));
  CHECK_THAT(with("workload", 3), ContainsSubstring("workload: must be a text"));
  CHECK_THAT(with("latency_s", true), ContainsSubstring("latency_s: must be a number or null"));
  CHECK_THAT(with("adc_clipped", 1), ContainsSubstring("adc_clipped: the parts sum to"));
  CHECK_THAT(with("energy_by_component_j", {{"adc", 1.0}}), ContainsSubstring("energy_by_component_j"));
  texts.summary = "[1, 2]";
  CHECK_THAT(faults(texts), ContainsSubstring("must hold a JSON object"));
  texts.summary = R"({"schema_version": 1, "schema_version": 1})";
  CHECK_THAT(faults(texts), ContainsSubstring("schema_version: is there twice"));
  texts.summary = "{\n  \"a\": nan\n}";
  CHECK_THAT(faults(texts), ContainsSubstring("summary.json:2:") && ContainsSubstring("is not JSON"));
  texts.summary = "";
  for (int i = 0; i < 100000; ++i) texts.summary += R"({"a":)";
  CHECK_THAT(faults(texts), ContainsSubstring("nested too deeply"));
}

TEST_CASE("tables that are no tables are refused by line") {
  const auto fault = [](const std::string& csv) {
    Diagnostics diagnostics;
    parse_csv(csv, "t.csv", diagnostics);
    return diagnostics.text();
  };
  CHECK(fault("a,b\n1,2\n") == "");
  CHECK(fault("a,b\r\n1,\"x\"\r\n") == "");
  CHECK_THAT(fault("a,b\n1,2\n3\n"), ContainsSubstring("t.csv:3: error: has 1 fields, there are 2"));
  CHECK_THAT(fault("a,a\n"), ContainsSubstring("'a' is there twice"));
  CHECK_THAT(fault("a\nx\"y\n"), ContainsSubstring("t.csv:2: error: a quote inside"));
  CHECK_THAT(fault("a\n\"x\"y\n"), ContainsSubstring("text after the closing quote"));
  CHECK_THAT(fault("a\n\"x\n\n\n"), ContainsSubstring("t.csv:2: error: a quote that is never closed"));
  CHECK_THAT(fault("a\n1"), ContainsSubstring("ends in the middle of a line"));
  StoredRunTexts texts = texts_of(sample_result());
  texts.layers.replace(texts.layers.find("\nconv2,"), 7, "\nconv1,");
  CHECK_THAT(faults(texts), ContainsSubstring("layers.csv:3: error: layer: 'conv1' is there twice"));
}

TEST_CASE("quoted fields come back as they were") {
  Diagnostics diagnostics;
  const auto table = parse_csv("a,b\n\"x,\"\"y\"\"\nz\",\n", "t.csv", diagnostics);
  REQUIRE(table);
  CHECK(table->records == std::vector<std::vector<std::string>>{{"x,\"y\"\nz", ""}});
  CHECK(table->column("b") == std::optional<std::size_t>(1));
  CHECK_FALSE(table->column("c"));
}

}  // namespace
}  // namespace squeezebar::test
