// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/comparison.h"

#include <algorithm>

#include <nlohmann/json.hpp>

#include "sim/compare/comparison_html.h"
#include "sim/compare/comparison_text.h"
#include "sim/compare/difference.h"
#include "tests/catch.h"
#include "tests/unit/compare/stored_sample.h"

namespace squeezebar::test {
namespace {

/// The sample with half the crossbars, a lower accuracy and four times the stalls for partial sums.
RunResult changed_result() {
  RunResult r = sample_result();
  r.allocated.total /= 2;
  *r.accuracy_top1 -= 0.005;
  r.sqnr_db.reset();
  for (LayerResult& layer : r.layers) layer.cycles.stall_partial_sum *= 4;
  r.resolved_yaml = "version: 1\nadc:\n  bits: 5\n  source: x\nworkload:\n  bundle: elsewhere\n";
  return r;
}

std::vector<StoredRun> pair_of_runs() {
  std::vector<StoredRun> runs{stored("runs/a", sample_result()), stored("runs/b", changed_result())};
  name_runs(runs);
  return runs;
}

const ComparedMetric& metric(const std::vector<ComparedMetric>& metrics, const std::string& key) {
  const auto at =
      std::find_if(metrics.begin(), metrics.end(), [&](const ComparedMetric& m) { return m.key == key; });
  REQUIRE(at != metrics.end());
  return *at;
}

TEST_CASE("runs are compared with the first") {
  const Comparison c = compare_runs(pair_of_runs(), {});
  CHECK(c.names == std::vector<std::string>{"a", "b"});
  CHECK(c.warnings.empty());
  const ComparedMetric& crossbars = metric(c.metrics, "crossbars.allocated.total");
  CHECK(crossbars.values[0].text == "106");
  CHECK(crossbars.values[1].text == "53");
  CHECK(crossbars.values[0].change.empty());
  CHECK_FALSE(crossbars.values[0].ratio);
  CHECK(crossbars.values[1].change == "0.50x");
  CHECK(*crossbars.values[1].ratio == 0.5);
  CHECK(metric(c.metrics, "accuracy_top1").values[1].change == "-0.50 points");
  CHECK(metric(c.metrics, "sqnr_db").values[1].text == "equal");
  CHECK(metric(c.metrics, "energy_j/images").values[1].change == "=");
  CHECK(*metric(c.metrics, "energy_j/images").values[0].value == *sample_result().energy_j / 599);
  CHECK(metric(c.metrics, "energy_by_component_j.adc/images").unit == "J");
  CHECK(*metric(c.metrics, "stall_cycles.partial_sum").values[1].ratio == 4.0);
  CHECK(std::none_of(c.metrics.begin(), c.metrics.end(),
                     [](const ComparedMetric& m) { return m.key == "index_storage_bits.input_index"; }));
}

TEST_CASE("the parts of energy by component sum to the energy but for what is too small for a row") {
  const Comparison c = compare_runs(pair_of_runs(), {});
  double parts = 0.0;
  for (const ComparedMetric& m : c.metrics) {
    if (m.key.rfind("energy_by_component_j.", 0) == 0) parts += *m.values[0].value;
  }
  CHECK(parts == Approx(*metric(c.metrics, "energy_j/images").values[0].value).epsilon(1e-3));
}

TEST_CASE("what the configs change is listed, without sources and paths") {
  const Comparison c = compare_runs(pair_of_runs(), {});
  REQUIRE(c.config.size() == 1);
  CHECK(c.config[0].key == "adc.bits");
  CHECK(c.config[0].values == std::vector<std::string>{"6", "5"});
}

TEST_CASE("runs of different workloads, images, seeds and signs are warned about") {
  RunResult other = sample_result();
  other.workload = "digits-dense";
  other.images = 8;
  other.seed = 2;
  other.signs = "offset";
  other.synthetic = {"weights drawn"};
  std::vector<StoredRun> runs{stored("runs/a", sample_result()), stored("runs/b", other)};
  name_runs(runs);
  const Comparison c = compare_runs(runs, {});
  REQUIRE(c.warnings.size() == 5);
  CHECK(c.warnings[0] == "the runs are of different networks (a: digits-p70, b: digits-dense)");
  CHECK_THAT(c.warnings[1], ContainsSubstring("numbers of images") && ContainsSubstring("b: 8"));
  CHECK_THAT(c.warnings[4], ContainsSubstring("a: no, b: weights drawn"));
  RunResult retrained = sample_result();
  retrained.workload_hash = std::string(64, 'e');
  runs[1] = stored("runs/b", retrained);
  CHECK(compare_runs(runs, {}).warnings ==
        std::vector<std::string>{"the runs are of different weights or samples"});
}

TEST_CASE("layers are compared by name, sums where they mean something") {
  RunResult other = changed_result();
  other.layers[1].name = "conv2b";
  std::vector<StoredRun> runs{stored("runs/a", sample_result()), stored("runs/b", other)};
  const Comparison c =
      compare_runs(runs, {find_layer_metric("stalls", runs), find_layer_metric("cycles", runs),
                          find_layer_metric("crossbar_reads", runs)});
  REQUIRE(c.layers.size() == 3);
  const auto& stalls = c.layers[0].layers;
  CHECK(stalls.size() == sample_result().layers.size() + 2);
  CHECK(metric(stalls, "conv1").values[0].text == "68,200");
  CHECK(*metric(stalls, "conv1").values[1].value == 36000 + 4 * 31000 + 1200);
  CHECK_FALSE(metric(stalls, "conv2").values[1].value);
  CHECK(metric(stalls, "conv2b").values[0].text == "\u2013");
  CHECK(*metric(stalls, "total").values[0].value == [] {
    std::int64_t sum = 0;
    for (const LayerResult& layer : sample_result().layers) sum += layer.cycles.stalled();
    return static_cast<double>(sum);
  }());
  const auto& cycles = c.layers[1].layers;
  CHECK(*metric(cycles, "conv1").values[0].value == std::round(sample_result().layers[0].latency_s * 1.2e9));
  CHECK(std::none_of(cycles.begin(), cycles.end(), [](const auto& m) { return m.key == "total"; }));
}

TEST_CASE("a figure of a layer that is not there is refused with the nearest") {
  const std::vector<StoredRun> runs = pair_of_runs();
  const auto fault = [&](const std::string& name) {
    try {
      find_layer_metric(name, runs);
    } catch (const UserError& error) {
      return std::string(error.what());
    }
    return std::string();
  };
  CHECK_THAT(fault("stals"), ContainsSubstring("did you mean 'stalls'?"));
  CHECK_THAT(fault("adc_cliped"), ContainsSubstring("did you mean 'adc_clipped'?"));
  CHECK_THAT(fault("op"), ContainsSubstring("'conv2d' is not a number"));
  CHECK(fault("weight_error").empty());
}

TEST_CASE("equal results have no differences, and names and hashes are no results") {
  RunResult other = sample_result();
  other.tool_version = "9";
  other.program = std::string(64, 'b');
  other.notes = {"another"};
  other.config_hash["timing"] = std::string(64, 'e');
  CHECK(differences({stored("a", sample_result()), stored("b", other)}, 0.0).empty());
}

TEST_CASE("every result that differs is named") {
  const std::vector<StoredRun> runs = pair_of_runs();
  const std::vector<ResultDifference> found = differences(runs, 0.0);
  const auto has = [&](const std::string& file, const std::string& key) {
    return std::any_of(found.begin(), found.end(),
                       [&](const ResultDifference& d) { return d.file == file && d.key == key; });
  };
  CHECK(has("summary.json", "crossbars.allocated.total"));
  CHECK(has("summary.json", "accuracy_top1"));
  CHECK(has("summary.json", "sqnr_db"));
  CHECK(has("summary.json", "stall_cycles.partial_sum"));
  CHECK(has("layers.csv", "conv1.stall_partial_sum_cycles"));
  CHECK_FALSE(has("summary.json", "energy_j"));
  CHECK_THAT(differences_text(found, 1),
             ContainsSubstring("b: summary.json: crossbars.allocated.total: 53, in "
                               "the baseline 106\nand "));
}

TEST_CASE("a tolerance forgives rounding and nothing else") {
  RunResult rounded = sample_result();
  rounded.area_mm2 *= 1.0 + 1e-13;
  const std::vector<StoredRun> runs{stored("a", sample_result()), stored("b", rounded)};
  CHECK(differences(runs, 0.0).size() == 2);  // the area, and the density that follows from it
  CHECK(differences(runs, 1e-12).empty());
  const std::vector<StoredRun> others{stored("a", sample_result()), stored("b", changed_result())};
  CHECK_FALSE(differences(others, 1e-3).empty());
}

TEST_CASE("runs get the shortest names that tell them apart") {
  std::vector<StoredRun> runs(3);
  runs[0].folder = "runs/x/base";
  runs[1].folder = "runs/y/base/";
  runs[2].folder = "other";
  name_runs(runs);
  CHECK(runs[0].name == "x/base");
  CHECK(runs[1].name == "y/base");
  runs[1].folder = "runs/x/./base";
  name_runs(runs);
  CHECK(runs[0].name != runs[1].name);
}

TEST_CASE("many runs stand in several tables that fit, each beside the baseline") {
  std::vector<StoredRun> runs;
  for (int i = 0; i < 9; ++i)
    runs.push_back(stored("runs/configuration-" + std::to_string(i), sample_result()));
  name_runs(runs);
  const std::string text = comparison_text(compare_runs(runs, {}), {.width = 100});
  std::size_t tables = 0;
  for (std::size_t at = text.find("accuracy (top 1)"); at != std::string::npos;
       at = text.find("accuracy (top 1)", at + 1))
    ++tables;
  CHECK(tables > 1);
  for (std::size_t at = text.find("\n\n"); at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    CHECK(end - at <= 110);
    at = end + 1;
  }
}

TEST_CASE("JSON and CSV hold the same figures") {
  const std::vector<StoredRun> runs = pair_of_runs();
  const Comparison c = compare_runs(runs, {find_layer_metric("crossbars", runs)});
  const std::vector<ResultDifference> found = differences(runs, 0.0);
  const auto json = nlohmann::json::parse(comparison_json(c, &found));
  CHECK(json["runs"].size() == 2);
  CHECK(json["equal"] == false);
  CHECK(json["differences"].size() == found.size());
  CHECK(json["layers"]["crossbars"].size() == sample_result().layers.size() + 1);
  CHECK(json["metrics"].size() == c.metrics.size());
  Diagnostics diagnostics;
  const auto table = parse_csv(comparison_csv(c), "c.csv", diagnostics);
  REQUIRE(table);
  CHECK(table->columns == std::vector<std::string>{"metric", "layer", "unit", "a", "b", "b/a"});
  CHECK(table->records.size() == c.metrics.size() + sample_result().layers.size() + 1);
}

TEST_CASE("the page of a comparison is complete and cannot be broken by names") {
  std::vector<StoredRun> runs = pair_of_runs();
  runs[1].name = "<script>\"x\"";
  const Comparison c = compare_runs(runs, {find_layer_metric("cycles", runs)});
  const std::string html = comparison_html(c);
  CHECK(html.find("<script") == std::string::npos);
  CHECK(html.find("{{") == std::string::npos);
  for (const char* part : {"prefers-color-scheme: dark", "Energy per image", "0.50x", "By layer: cycles",
                           "adc.bits", "&lt;script&gt;", "</html>"}) {
    CAPTURE(part);
    CHECK(html.find(part) != std::string::npos);
  }
  for (const char* outside : {"http:", "https:", "src=", "href=", "url("})
    CHECK(html.find(outside) == std::string::npos);
}

TEST_CASE("runs without timing can be compared") {
  std::vector<StoredRun> runs{stored("runs/a", sample_result()), stored("runs/b", sample_values_result())};
  name_runs(runs);
  const Comparison c = compare_runs(runs, {find_layer_metric("energy", runs)});
  CHECK(metric(c.metrics, "latency_s").values[1].text == "\u2013");
  CHECK(std::any_of(c.warnings.begin(), c.warnings.end(), [](const std::string& warning) {
    return warning.find("not all runs have cycles") != std::string::npos;
  }));
  CHECK_FALSE(comparison_html(c).empty());
}

}  // namespace
}  // namespace squeezebar::test
