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

constexpr int kSchemaVersion = 3;

std::string action_name(const ActionInfo& action) {
  return fmt::format("{}.{}", action.component, action.action);
}

Json actions_json(const ActionCounts& actions) {
  Json out = Json::object();
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    if (actions.count[i] > 0 && is_measured(static_cast<Action>(i)))
      out[action_name(kActions[i])] = actions.count[i];
  }
  return out;
}

ActionCounts read_actions(const Json& layer) {
  ActionCounts out;
  std::size_t known = 0;
  const Json& actions = layer.at("actions");
  for (std::size_t i = 0; i < kActions.size(); ++i) {
    const auto found = actions.find(action_name(kActions[i]));
    if (found == actions.end()) continue;
    out.count[i] = found->get<std::uint64_t>();
    ++known;
  }
  if (known != actions.size()) throw std::invalid_argument("an action is unknown");
  for (const auto& [bits, conversions] : layer.at("conversions").items())
    out.conversions_by_bits.at(std::stoul(bits)) = conversions.get<std::uint64_t>();
  return out;
}

Json layer_json(const LayerResult& layer) {
  Json conversions = Json::object();
  for (std::size_t bits = 0; bits < layer.actions.conversions_by_bits.size(); ++bits) {
    if (layer.actions.conversions_by_bits[bits] > 0)
      conversions[std::to_string(bits)] = layer.actions.conversions_by_bits[bits];
  }
  Json by_bound = Json::object();
  for (const auto& [bound, count] : layer.conversions_by_bound) by_bound[std::to_string(bound)] = count;
  const LaneTime& time = layer.cycles;
  return {
      {"layer", layer.name},
      {"bit_cycles", layer.bit_cycles},
      {"bit_cycles_skipped", layer.bit_cycles_skipped},
      {"adc_clipped", layer.adc_clipped},
      {"lane_cycles", {time.busy, time.idle, time.stall_input, time.stall_partial_sum, time.stall_output}},
      {"latency_s", layer.latency_s},
      {"actions", actions_json(layer.actions)},
      {"conversions", std::move(conversions)},
      {"conversions_by_sum_bound", std::move(by_bound)}};
}

void read_layer(const Json& json, LayerResult& layer) {
  if (json.at("layer").get<std::string>() != layer.name) throw std::invalid_argument("its layers are others");
  layer.bit_cycles = json.at("bit_cycles").get<std::uint64_t>();
  layer.bit_cycles_skipped = json.at("bit_cycles_skipped").get<std::uint64_t>();
  layer.adc_clipped = json.at("adc_clipped").get<std::uint64_t>();
  const auto time = json.at("lane_cycles").get<std::array<std::int64_t, 5>>();
  layer.cycles = {time[0], time[1], time[2], time[3], time[4]};
  layer.latency_s = json.at("latency_s").get<double>();
  layer.actions = read_actions(json);
  layer.conversions_by_bound.clear();
  for (const auto& [bound, count] : json.at("conversions_by_sum_bound").items())
    layer.conversions_by_bound[std::stoll(bound)] = count.get<std::uint64_t>();
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
    return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
  }
};

const Register<ReportWriter> reg{
    "activity.json",
    "What was measured before prices: time, counted actions, accuracy; run --reuse reads it.",
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
