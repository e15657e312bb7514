// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include <nlohmann/json.hpp>

#include "sim/report/host_json.h"
#include "tests/catch.h"
#include "tests/unit/report/sample_result.h"

namespace squeezebar::test {
namespace {

using Json = nlohmann::ordered_json;

std::vector<std::string> keys(const Json& object) {
  std::vector<std::string> out;
  for (const auto& item : object.items()) out.push_back(item.key());
  return out;
}

TEST_CASE("summary.json has its keys in their order") {
  const std::vector<std::string> expected{"schema_version",
                                          "tool_version",
                                          "program",
                                          "config_hash",
                                          "seed",
                                          "workload",
                                          "images",
                                          "schedule",
                                          "devices",
                                          "adc_model",
                                          "latency_s",
                                          "latency_first_image_s",
                                          "throughput_images_per_s",
                                          "cycles",
                                          "run_length_s",
                                          "run_cycles",
                                          "energy_j",
                                          "energy_by_component_j",
                                          "area_mm2",
                                          "power_w",
                                          "ops",
                                          "tops",
                                          "tops_per_w",
                                          "tops_per_mm2",
                                          "peak",
                                          "crossbars",
                                          "index_storage_bits",
                                          "index_memory_bits",
                                          "weight_error",
                                          "weight_sparsity",
                                          "adc_conversions",
                                          "adc_clipped",
                                          "adc_bits_histogram",
                                          "bit_cycles",
                                          "bit_cycles_skipped",
                                          "stall_cycles",
                                          "accuracy_top1",
                                          "accuracy_reference_top1",
                                          "accuracy_float_top1",
                                          "sqnr_db",
                                          "notes",
                                          "synthetic",
                                          "workload_hash",
                                          "function",
                                          "mapping_scheme",
                                          "signs",
                                          "adc_extrapolated",
                                          "adc_range",
                                          "calibration_hash",
                                          "clock_hz",
                                          "energy_dynamic_by_component_j",
                                          "energy_static_by_component_j",
                                          "area_by_component_mm2",
                                          "energy_by_adc_model_j",
                                          "adc_saving"};
  CHECK(keys(Json::parse(written("summary.json", sample_result()))) == expected);
  CHECK(keys(Json::parse(written("summary.json", sample_values_result()))) == expected);
}

TEST_CASE("summary.json holds the result's numbers to the last bit") {
  const RunResult r = sample_result();
  const Json json = Json::parse(written("summary.json", r));
  CHECK(json["schema_version"] == 1);
  CHECK(json["devices"] == "ideal");
  CHECK(json["config_hash"]["timing"] == std::string(64, 'b'));
  CHECK(json["latency_s"].get<double>() == *r.latency_s);
  CHECK(json["cycles"].get<std::int64_t>() == *r.cycles);
  CHECK(json["run_cycles"].get<std::int64_t>() == *r.run_cycles);
  CHECK(json["run_length_s"].get<double>() == static_cast<double>(*r.run_cycles) / r.clock_hz);
  CHECK(json["energy_j"].get<double>() == *r.energy_j);
  CHECK(json["power_w"].get<double>() == *r.energy_j / *r.latency_s);
  CHECK(json["tops"].get<double>() == static_cast<double>(r.ops) / 1e12 / *r.latency_s);
  CHECK(json["tops_per_w"].get<double>() == static_cast<double>(r.ops) / 1e12 / *r.energy_j);
  CHECK(json["tops_per_mm2"].get<double>() == json["tops"].get<double>() / r.area_mm2);
  CHECK(json["accuracy_top1"].get<double>() == *r.accuracy_top1);
  CHECK(json["adc_conversions"].get<std::uint64_t>() == r.adc_conversions);
  CHECK(json["adc_bits_histogram"] == Json({{"6", r.adc_conversions}}));
  CHECK(json["crossbars"]["allocated"] == Json({{"total", r.allocated.total}, {"conv", r.allocated.conv}}));
  CHECK(keys(json["crossbars"]) ==
        std::vector<std::string>{"conventional", "dense_sliced", "allocated", "replicated", "pairs"});
  CHECK(keys(json["peak"]) == std::vector<std::string>{"power_w", "tops", "tops_per_w", "tops_per_mm2"});
}

TEST_CASE("parts in summary.json sum to their totals") {
  const RunResult r = sample_result();
  const Json json = Json::parse(written("summary.json", r));
  double energy = 0.0;
  for (const auto& part : json["energy_by_component_j"].items()) {
    const double dynamic = json["energy_dynamic_by_component_j"][part.key()].get<double>();
    const double leakage = json["energy_static_by_component_j"][part.key()].get<double>();
    CHECK(part.value().get<double>() == dynamic + leakage);
    energy += part.value().get<double>();
  }
  CHECK(energy == Approx(*r.energy_j).epsilon(1e-12));
  std::int64_t input = 0;
  std::int64_t output = 0;
  for (const LayerResult& layer : r.layers) {
    input += layer.cycles.stall_input;
    output += layer.cycles.stall_output;
  }
  CHECK(json["stall_cycles"]["input"] == input);
  CHECK(json["stall_cycles"]["output"] == output);
}

TEST_CASE("summary.json holds what the mapping lost and must remember") {
  const RunResult r = sample_result();
  const Json json = Json::parse(written("summary.json", r));
  CHECK(json["weight_error"]["relative"].get<double>() == r.weight_error.relative());
  CHECK(json["weight_error"]["squared_error"] == r.weight_error.squared_error);
  CHECK(json["index_memory_bits"] == r.index_memory_bits);
  std::int64_t bits = 0;
  for (const auto& part : json["index_storage_bits"].items()) {
    if (part.key() != "total") bits += part.value().get<std::int64_t>();
  }
  CHECK(bits > 0);
  CHECK(json["index_storage_bits"]["total"] == bits);
}

TEST_CASE("what a run without timing does not know is null") {
  const Json json = Json::parse(written("summary.json", sample_values_result()));
  for (const char* key : {"latency_s", "latency_first_image_s", "throughput_images_per_s", "cycles",
                          "run_length_s", "run_cycles", "energy_j", "energy_by_component_j", "power_w",
                          "tops", "tops_per_w", "tops_per_mm2", "stall_cycles"}) {
    CAPTURE(key);
    CHECK(json[key].is_null());
  }
  CHECK(json["accuracy_top1"].is_number());
}

TEST_CASE("figures without a finite value are null, never text that JSON does not know") {
  RunResult r = sample_result();
  r.energy_j = 0.0;
  r.peak.tops_per_w = std::numeric_limits<double>::infinity();
  const Json json = Json::parse(written("summary.json", r));
  CHECK(json["tops_per_w"].is_null());
  CHECK(json["peak"]["tops_per_w"].is_null());
}

TEST_CASE("names that are not UTF-8 leave valid JSON") {
  RunResult r = sample_result();
  r.workload = "net\xFF\"\n";
  CHECK(Json::parse(written("summary.json", r))["workload"] == "net\xEF\xBF\xBD\"\n");
}

TEST_CASE("host.json holds the facts of the machine") {
  const Json json = Json::parse(host_json({1.5, 1.25, 123456789, "CPU", 2, "avx2", 42, "values"}));
  CHECK(json == Json({{"wall_s", 1.5},
                      {"simulation_s", 1.25},
                      {"peak_memory_bytes", 123456789},
                      {"cpu", "CPU"},
                      {"threads", 2},
                      {"kernel_variant", "avx2"},
                      {"delta_cycles", 42},
                      {"reused", "values"}}));
}

}  // namespace
}  // namespace squeezebar::test
