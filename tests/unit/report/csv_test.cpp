// SPDX-License-Identifier: Apache-2.0
#include "sim/report/csv.h"

#include <cstdlib>
#include <sstream>

#include "sim/report/layer_energy.h"
#include "tests/catch.h"
#include "tests/unit/report/sample_result.h"

namespace squeezebar::test {
namespace {

using Row = std::vector<std::string>;

/// Fields without quotes.
std::vector<Row> rows_of(const std::string& csv) {
  std::vector<Row> out;
  std::istringstream lines(csv);
  for (std::string line; std::getline(lines, line);) {
    Row row;
    std::istringstream fields(line + ",");
    for (std::string field; std::getline(fields, field, ',');) row.push_back(field);
    out.push_back(row);
  }
  return out;
}

double number(const std::string& text) { return std::strtod(text.c_str(), nullptr); }

TEST_CASE("fields are quoted where RFC 4180 wants it") {
  CHECK(csv_record({"a", "", "b c"}) == "a,,b c\n");
  CHECK(csv_record({"", "a,b", "say \"x\"", "two\nlines"}) == ",\"a,b\",\"say \"\"x\"\"\",\"two\nlines\"\n");
}

TEST_CASE("layers.csv has a row per layer and its columns") {
  const RunResult r = sample_result();
  const std::vector<Row> rows = rows_of(written("layers.csv", r));
  REQUIRE(rows.size() == r.layers.size() + 1);
  CHECK(rows[0] == Row{"layer",
                       "op",
                       "rows",
                       "columns",
                       "waves",
                       "row_groups",
                       "crossbars",
                       "bit_cycles",
                       "bit_cycles_skipped",
                       "adc_conversions",
                       "adc_clipped",
                       "crossbar_reads",
                       "dac_drives",
                       "busy_cycles",
                       "idle_cycles",
                       "stall_input_cycles",
                       "stall_partial_sum_cycles",
                       "stall_output_cycles",
                       "energy_j",
                       "latency_s",
                       "crossbars_replicated",
                       "replicas",
                       "replicas_max",
                       "tiles",
                       "tile_load_max_cycles",
                       "tile_load_mean_cycles",
                       "squeeze_degrees",
                       "squared_error",
                       "squared_weight",
                       "weight_error",
                       "index_occupancy_bits",
                       "index_row_mask_bits",
                       "index_permutation_bits",
                       "index_input_bits",
                       "index_output_bits"});
  for (std::size_t i = 0; i < r.layers.size(); ++i) {
    const LayerResult& layer = r.layers[i];
    const Row& row = rows[i + 1];
    REQUIRE(row.size() == rows[0].size());
    CHECK(row[0] == layer.name);
    CHECK(row[4] == std::to_string(layer.waves));
    CHECK(row[9] == std::to_string(layer.actions[action_id("adc", "convert")]));
    CHECK(row[16] == std::to_string(layer.cycles.stall_partial_sum));
    CHECK(number(row[18]) == dynamic_energy_j(layer));
    CHECK(number(row[19]) == layer.latency_s);
    CHECK(row[21] == std::to_string(layer.replicas));
    CHECK(number(row[29]) == layer.weight_error.relative());
    CHECK(row[31] == std::to_string(layer.index_storage.row_mask));
  }
}

TEST_CASE("layers.csv tells by how many planes row groups are squeezed") {
  RunResult r = sample_result();
  r.layers[0].squeeze_degrees = {{0, 12}, {2, 3}};
  const std::vector<Row> rows = rows_of(written("layers.csv", r));
  CHECK(rows[1][26] == "0:12 2:3");
  CHECK(rows[3][26].empty());
}

TEST_CASE("energy.csv sums to the run's energy, and its rows to each component") {
  const RunResult r = sample_result();
  const std::vector<Row> rows = rows_of(written("energy.csv", r));
  CHECK(rows[0] == Row{"component", "layer", "action", "count", "energy_j"});
  double total = 0.0;
  std::map<std::string, double> by_component;
  for (std::size_t i = 1; i < rows.size(); ++i) {
    REQUIRE(rows[i].size() == 5);
    CHECK((rows[i][1].empty() == (rows[i][2] == "leakage")));
    total += number(rows[i][4]);
    by_component[rows[i][0]] += number(rows[i][4]);
  }
  CHECK(total == Approx(*r.energy_j).epsilon(1e-12));
  for (const ComponentEnergy& part : r.energy) {
    CHECK(by_component[part.component] == Approx(part.total_j()).epsilon(1e-12));
  }
}

TEST_CASE("energy.csv tells what was counted") {
  const RunResult r = sample_result();
  const std::string csv = written("energy.csv", r);
  const std::string count = std::to_string(r.layers[0].actions[action_id("adc", "convert")]);
  CHECK_THAT(csv, ContainsSubstring("adc,conv1,convert," + count + ","));
  CHECK_THAT(csv, ContainsSubstring("\nnoc,,leakage,0,"));
}

TEST_CASE("a run without timing has no energy to list") {
  CHECK(written("energy.csv", sample_values_result()) == "component,layer,action,count,energy_j\n");
  CHECK(rows_of(written("layers.csv", sample_values_result()))[1][18] == "0");
}

TEST_CASE("resolved.yaml is the config as it was resolved") {
  CHECK(written("resolved.yaml", sample_result()) == sample_result().resolved_yaml);
}

}  // namespace
}  // namespace squeezebar::test
