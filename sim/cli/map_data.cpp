// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <nlohmann/json.hpp>

#include "sim/base/units.h"
#include "sim/cli/map_output.h"
#include "sim/report/adc_saving_json.h"
#include "sim/report/csv.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

Json index_json(const IndexStorage& index) {
  return {{"occupancy", index.occupancy},       {"row_mask", index.row_mask},
          {"permutation", index.permutation},   {"input_index", index.input_index},
          {"output_index", index.output_index}, {"total", index.total()}};
}

Json counts_json(const std::optional<PlaneCounts>& counts) {
  if (!counts) return nullptr;
  return {{"crossbars", counts->total()},
          {"planes", counts->allocated},
          {"row_groups", counts->row_groups},
          {"row_groups_run", counts->running_groups},
          {"row_groups_squeezed", counts->squeezed_groups},
          {"bit_cycles_per_wave", counts->bit_cycles},
          {"crossbar_bit_cycles_per_wave", counts->array_cycles},
          {"weight_error", counts->error.relative()},
          {"squared_error", counts->error.squared_error},
          {"squared_weight", counts->error.squared_weight},
          {"index_storage_bits", index_json(counts->index)}};
}

Json step_json(const MappingStep& step, const MappingSteps& m) {
  Json out{{"step", step.name}};
  if (step.name == "squeezed" || step.name == "grouped") {
    out["squeeze"] = name_of(step.squeeze.policy);
    out["degree"] = step.squeeze.degree;
  }
  out["layers"] = Json::array();
  for (std::size_t i = 0; i < m.layers.size(); ++i) {
    Json layer{{"layer", m.layers[i].name}};
    if (const Json counts = counts_json(step.layers[i]); !counts.is_null()) layer.update(counts);
    out["layers"].push_back(std::move(layer));
  }
  out["conv"] = counts_json(step.total(m.layers, true));
  out["total"] = counts_json(step.total(m.layers, false));
  return out;
}

/// The counts of a layer, or sums of layers, under the names that need no search through the steps.
struct Overview {
  std::int64_t row_groups = 0;
  std::int64_t conventional = 0;
  std::int64_t dense_sliced = 0;
  std::int64_t allocated = 0;
  int adc_bits_lossless = 0;

  void add(const Overview& other) {
    row_groups += other.row_groups;
    conventional += other.conventional;
    dense_sliced += other.dense_sliced;
    allocated += other.allocated;
    adc_bits_lossless = std::max(adc_bits_lossless, other.adc_bits_lossless);
  }
  [[nodiscard]] Json json() const {
    return {{"row_groups", row_groups},
            {"conventional", conventional},
            {"dense_sliced", dense_sliced},
            {"allocated", allocated},
            {"adc_bits_lossless", adc_bits_lossless}};
  }
};

Overview overview(const MappingSteps& m, std::size_t layer) {
  const auto& conventional = m.steps.front().layers[layer];
  const PlaneCounts& configured = m.steps.back().layers[layer].value();
  return {configured.running_groups, conventional ? conventional->total() : 0, m.layers[layer].dense_sliced,
          configured.total(), m.layers[layer].lossless_adc_bits};
}

std::string record(const MappingStep& step, const CountedLayer& layer, const PlaneCounts& c,
                   std::size_t planes) {
  std::string out;
  const auto add = [&out](const std::string& field) {
    if (!out.empty()) out += ',';
    out += csv_field(field);
  };
  const bool squeezes = step.name == "squeezed" || step.name == "grouped";
  add(step.name);
  add(squeezes ? name_of(step.squeeze.policy) : "");
  add(squeezes ? std::to_string(step.squeeze.degree) : "");
  add(layer.name);
  for (const std::int64_t value :
       {c.total(), c.row_groups, c.running_groups, c.squeezed_groups, c.bit_cycles, c.array_cycles,
        c.error.squared_error, c.error.squared_weight, c.index.occupancy, c.index.row_mask,
        c.index.permutation, c.index.input_index, c.index.output_index}) {
    add(std::to_string(value));
  }
  for (std::size_t p = 0; p < planes; ++p)
    add(c.allocated.size() > 1 && p < c.allocated.size() ? std::to_string(c.allocated[p]) : "");
  return out + '\n';
}

}  // namespace

std::string map_json(const Job& job, const MappingSteps& m) {
  Json out;
  out["workload"] = job.bundle.network.name;
  out["mapping_scheme"] = job.config.model("mapping");
  out["signs"] = job.config.text("mapping.signs");
  out["synthetic"] = synthetic_parts(job.bundle);
  out["layers"] = Json::array();
  Overview all;
  Overview conv;
  for (std::size_t i = 0; i < m.layers.size(); ++i) {
    const CountedLayer& layer = m.layers[i];
    const Overview counts = overview(m, i);
    all.add(counts);
    if (layer.is_convolution) conv.add(counts);
    Json one{{"layer", layer.name},    {"op", layer.op},
             {"rows", layer.rows},     {"columns", layer.columns},
             {"planes", layer.planes}, {"activation_bits", layer.activation_bits}};
    one.update(counts.json());
    out["layers"].push_back(std::move(one));
  }
  out["total"] = all.json();
  out["conv"] = conv.json();
  out["adc_saving"] = adc_saving_json(m.adc_saving);
  out["steps"] = Json::array();
  for (const MappingStep& step : m.steps) out["steps"].push_back(step_json(step, m));
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string map_csv(const MappingSteps& m) {
  int planes = 0;
  for (const CountedLayer& layer : m.layers) planes = std::max(planes, layer.planes);
  std::string out =
      "step,squeeze,degree,layer,crossbars,row_groups,row_groups_run,row_groups_squeezed,bit_cycles_per_wave,"
      "crossbar_bit_cycles_per_wave,squared_error,squared_weight,index_occupancy_bits,index_row_mask_bits,"
      "index_permutation_bits,index_input_bits,index_output_bits";
  for (int p = 1; p <= planes; ++p) out += ",plane_" + std::to_string(p);
  out += '\n';
  for (const MappingStep& step : m.steps) {
    for (std::size_t i = 0; i < m.layers.size(); ++i) {
      if (step.layers[i]) out += record(step, m.layers[i], *step.layers[i], static_cast<std::size_t>(planes));
    }
  }
  return out;
}

}  // namespace squeezebar
