// SPDX-License-Identifier: Apache-2.0
#include "sim/report/activity_json.h"

#include <memory>
#include <stdexcept>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/document.h"
#include "sim/report/writer.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 4;

/// Totals by counter, lane by lane.
Json work_json(const LayerWork& work) {
  Json out = Json::object();
  for (std::size_t counter = 0; counter < work.counters.size(); ++counter) {
    Json& lanes = out[work.counters[counter]] = Json::array();
    for (int lane = 0; lane < work.totals.lanes(); ++lane) lanes.push_back(work.totals.of(lane)[counter]);
  }
  return out;
}

LayerWork read_work(const Json& json) {
  LayerWork out;
  std::vector<std::vector<Count>> columns;
  for (const auto& [name, lanes] : json.items()) {
    out.counters.push_back(name);
    columns.push_back(lanes.get<std::vector<Count>>());
    if (columns.back().size() != columns.front().size()) throw std::invalid_argument("a lane is missing");
  }
  const std::size_t lanes = columns.empty() ? 0 : columns.front().size();
  out.totals = WorkTotals(static_cast<int>(lanes), static_cast<int>(columns.size()));
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    for (std::size_t counter = 0; counter < columns.size(); ++counter)
      out.totals.of(static_cast<int>(lane))[counter] = columns[counter][lane];
  }
  return out;
}

Json layer_json(const LayerResult& layer) {
  const LaneTime& time = layer.cycles;
  return {
      {"layer", layer.name},
      {"lane_cycles", {time.busy, time.idle, time.stall_input, time.stall_partial_sum, time.stall_output}},
      {"latency_s", layer.latency_s},
      {"work", work_json(layer.work)}};
}

void read_layer(const Json& json, LayerResult& layer) {
  if (json.at("layer").get<std::string>() != layer.name) throw std::invalid_argument("its layers are others");
  const auto time = json.at("lane_cycles").get<std::array<std::int64_t, 5>>();
  layer.cycles = {time[0], time[1], time[2], time[3], time[4]};
  layer.latency_s = json.at("latency_s").get<double>();
  LayerWork work = read_work(json.at("work"));
  if (work.counters != layer.work.counters || work.totals.lanes() != layer.work.totals.lanes())
    throw std::invalid_argument("its lanes are others");
  layer.work = std::move(work);
}

template <class T>
Json optional(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

template <class T>
std::optional<T> read_optional(const Json& json, const char* key) {
  const Json& value = json.at(key);
  return value.is_null() ? std::nullopt : std::optional<T>(value.get<T>());
}

void read(const Json& json, RunResult& result) {
  if (json.at("schema_version").get<int>() != kSchemaVersion)
    throw std::invalid_argument("it is of another version");
  const Json& layers = json.at("layers");
  if (layers.size() != result.layers.size()) throw std::invalid_argument("its layers are others");
  for (std::size_t i = 0; i < layers.size(); ++i) read_layer(layers[i], result.layers[i]);
  result.cycles = read_optional<std::int64_t>(json, "cycles");
  result.latency_s = read_optional<double>(json, "latency_s");
  result.latency_first_image_s = read_optional<double>(json, "latency_first_image_s");
  result.throughput_images_per_s = read_optional<double>(json, "throughput_images_per_s");
  result.accuracy_top1 = read_optional<double>(json, "accuracy_top1");
  result.accuracy_reference_top1 = read_optional<double>(json, "accuracy_reference_top1");
  result.accuracy_float_top1 = read_optional<double>(json, "accuracy_float_top1");
  result.sqnr_db = read_optional<double>(json, "sqnr_db");
}

class ActivityJson final : public ReportWriter {
 public:
  std::string write(const RunResult& result) const override {
    Json out{{"schema_version", kSchemaVersion},
             {"cycles", optional(result.cycles)},
             {"latency_s", optional(result.latency_s)},
             {"latency_first_image_s", optional(result.latency_first_image_s)},
             {"throughput_images_per_s", optional(result.throughput_images_per_s)},
             {"accuracy_top1", optional(result.accuracy_top1)},
             {"accuracy_reference_top1", optional(result.accuracy_reference_top1)},
             {"accuracy_float_top1", optional(result.accuracy_float_top1)},
             {"sqnr_db", optional(result.sqnr_db)},
             {"layers", Json::array()}};
    for (const LayerResult& layer : result.layers) out["layers"].push_back(layer_json(layer));
    return out.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
};

const Register<ReportWriter> reg{
    "activity.json", "What was measured before prices: time, counted work, accuracy; run --reuse reads it.",
    [] { return std::make_unique<ActivityJson>(); }};

}  // namespace

bool restore_activity(std::string_view text, const std::string& file, RunResult& result,
                      Diagnostics& diagnostics) {
  const std::optional<Json> json =
      parse_json_object(text, file, "cannot be reused", "run it again without --reuse", diagnostics);
  if (!json) return false;
  try {
    read(*json, result);
    return true;
  } catch (const std::exception& error) {
    diagnostics.error({file, 0, 0}, "", fmt::format("cannot be reused ({})", error.what()));
    return false;
  }
}

}  // namespace squeezebar
