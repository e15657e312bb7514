// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <nlohmann/json.hpp>

#include "sim/report/adc_saving_json.h"
#include "sim/report/derived.h"
#include "sim/report/writer.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

template <class T>
Json optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json pair_json(const CrossbarCount& count) { return {{"total", count.total}, {"conv", count.conv}}; }

Json crossbars_json(const RunResult& r) {
  return {{"conventional", pair_json(r.conventional)},
          {"dense_sliced", pair_json(r.dense_sliced)},
          {"allocated", pair_json(r.allocated)},
          {"replicated", pair_json(r.replicated)},
          {"pairs", pair_json(r.pairs)}};
}

Json index_json(const IndexStorage& index) {
  return {{"occupancy", index.occupancy},       {"row_mask", index.row_mask},
          {"permutation", index.permutation},   {"input_index", index.input_index},
          {"output_index", index.output_index}, {"total", index.total()}};
}

Json error_json(const WeightError& error) {
  return {{"relative", error.relative()},
          {"squared_error", error.squared_error},
          {"squared_weight", error.squared_weight}};
}

Json histogram_json(const RunResult& r) {
  Json out = Json::object();
  for (const auto& [bits, conversions] : r.adc_bits_histogram) out[std::to_string(bits)] = conversions;
  return out;
}

/// Joules by component, one of the three sums of each.
template <class Part>
Json energy_json(const RunResult& r, Part part) {
  if (!r.energy_j) return nullptr;
  Json out = Json::object();
  for (const ComponentEnergy& component : r.energy) out[component.component] = part(component);
  return out;
}

Json adc_models_json(const RunResult& r) {
  if (!r.energy_j) return nullptr;
  Json out = Json::object();
  for (const auto& [model, energy] : r.energy_by_adc_model) out[model] = energy;
  return out;
}

Json area_json(const RunResult& r) {
  Json out = Json::object();
  for (const auto& [component, area] : r.area_by_component_mm2) out[component] = area;
  return out;
}

/// What the run is: program, configuration, input.
void add_identity(Json& out, const RunResult& r) {
  out["schema_version"] = kSchemaVersion;
  out["tool_version"] = r.tool_version;
  out["program"] = r.program;
  out["config_hash"] = r.config_hash;
  out["seed"] = r.seed;
  out["workload"] = r.workload;
  out["images"] = r.images;
  out["schedule"] = r.schedule;
  out["devices"] = r.devices;
  out["adc_model"] = r.adc_model;
}

void add_time_and_energy(Json& out, const RunResult& r, const Derived& d) {
  out["latency_s"] = optional(r.latency_s);
  out["latency_first_image_s"] = optional(r.latency_first_image_s);
  out["throughput_images_per_s"] = optional(r.throughput_images_per_s);
  out["cycles"] = optional(r.cycles);
  out["run_length_s"] = optional(d.run_length_s);
  out["run_cycles"] = optional(r.run_cycles);
  out["energy_j"] = optional(r.energy_j);
  out["energy_by_component_j"] = energy_json(r, [](const ComponentEnergy& c) { return c.total_j(); });
  out["area_mm2"] = r.area_mm2;
  out["power_w"] = optional(d.power_w);
  out["ops"] = r.ops;
  out["tops"] = optional(d.tops);
  out["tops_per_w"] = optional(d.tops_per_w);
  out["tops_per_mm2"] = optional(d.tops_per_mm2);
  out["peak"] = {{"power_w", r.peak.power_w},
                 {"tops", r.peak.tops},
                 {"tops_per_w", optional(r.peak.tops_per_w)},
                 {"tops_per_mm2", optional(r.peak.tops_per_mm2)}};
}

void add_counts(Json& out, const RunResult& r, const Derived& d) {
  out["crossbars"] = crossbars_json(r);
  out["index_storage_bits"] = index_json(r.index_storage);
  out["index_memory_bits"] = r.index_memory_bits;
  out["weight_error"] = error_json(r.weight_error);
  out["weight_sparsity"] = r.weight_sparsity;
  out["adc_conversions"] = r.adc_conversions;
  out["adc_clipped"] = r.adc_clipped;
  out["adc_bits_histogram"] = histogram_json(r);
  out["bit_cycles"] = r.bit_cycles;
  out["bit_cycles_skipped"] = r.bit_cycles_skipped;
  if (r.cycles) {
    out["stall_cycles"] = {{"input", d.cycles.stall_input},
                           {"partial_sum", d.cycles.stall_partial_sum},
                           {"output", d.cycles.stall_output}};
  } else {
    out["stall_cycles"] = nullptr;
  }
}

void add_values(Json& out, const RunResult& r) {
  out["accuracy_top1"] = optional(r.accuracy_top1);
  out["accuracy_reference_top1"] = optional(r.accuracy_reference_top1);
  out["accuracy_float_top1"] = optional(r.accuracy_float_top1);
  out["sqnr_db"] = optional(r.sqnr_db);
}

void add_details(Json& out, const RunResult& r) {
  out["notes"] = r.notes;
  out["synthetic"] = r.synthetic;
  out["workload_hash"] = r.workload_hash;
  out["function"] = r.function;
  out["mapping_scheme"] = r.mapping_scheme;
  out["signs"] = r.signs;
  out["adc_extrapolated"] = r.adc_extrapolated;
  out["adc_range"] = r.adc_range;
  out["calibration_hash"] = r.calibration_hash.empty() ? Json(nullptr) : Json(r.calibration_hash);
  out["clock_hz"] = r.clock_hz;
  out["energy_dynamic_by_component_j"] = energy_json(r, [](const ComponentEnergy& c) { return c.dynamic_j; });
  out["energy_static_by_component_j"] = energy_json(r, [](const ComponentEnergy& c) { return c.static_j; });
  out["area_by_component_mm2"] = area_json(r);
  out["energy_by_adc_model_j"] = adc_models_json(r);
  out["adc_saving"] = adc_saving_json(r.adc_saving);
}

class SummaryJson final : public ReportWriter {
 public:
  std::string write(const RunResult& result) const override {
    const Derived derived = derive(result);
    Json out;
    add_identity(out, result);
    add_time_and_energy(out, result, derived);
    add_counts(out, result, derived);
    add_values(out, result);
    add_details(out, result);
    return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
  }
};

const Register<ReportWriter> reg{"summary.json", "Every figure of the run as one JSON object.",
                                 [] { return std::make_unique<SummaryJson>(); }};

}  // namespace
}  // namespace squeezebar
