// SPDX-License-Identifier: Apache-2.0
#include "sim/report/adc_saving_json.h"

#include "sim/report/adc_saving_text.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

template <class T>
Json value_json(const std::optional<T>& value) {
  return value ? Json(*value) : Json(nullptr);
}

Json value_json(int value) { return value; }

template <class N>
Json value_json(const std::map<int, N>& histogram) {
  Json out = Json::object();
  for (const auto& [bits, count] : histogram) out[std::to_string(bits)] = count;
  return out;
}

Json value_json(const AdcRatios& ratios) {
  Json out = Json::object();
  for (const auto& [model, ratio] : ratios) out[model] = value_json(ratio);
  return out;
}

template <class T>
Json both(const ByAccounting<T>& figures) {
  return {{"exact", value_json(figures.exact)}, {"dub", value_json(figures.dub)}};
}

Json tiles_json(const WeightTiles& tiles) {
  Json levels = Json::object();
  for (std::size_t k = 0; k < tiles.levels.size(); ++k) levels[std::to_string(k)] = tiles.levels[k];
  return {{"tiles", tiles.tiles()},
          {"by_level", std::move(levels)},
          {"linear", value_json(tiles.linear())},
          {"exponential", value_json(tiles.exponential())},
          {"exact", value_json(tiles.exact())}};
}

Json weights_json(const AdcSaving& saving) {
  if (!saving.tiles || !saving.conv_tiles) return nullptr;
  return {{"tile_rows", saving.tile_rows},
          {"tile_columns", saving.tile_columns},
          {"conv", tiles_json(*saving.conv_tiles)},
          {"total", tiles_json(*saving.tiles)}};
}

}  // namespace

Json adc_saving_json(const AdcSaving& saving) {
  Json out{{"resolution", saving.resolution},
           {"accounting", saving.accounting},
           {"full_bits", both(saving.full_bits)},
           {"crossbars", saving.crossbars},
           {"crossbars_not_allocated", saving.not_allocated},
           {"crossbars_by_bits", both(saving.crossbars_by_bits)},
           {"unweighted_bits", both(saving.unweighted_bits)},
           {"unweighted", both(saving.unweighted)}};
  if (!saving.conversions_by_bits.exact.empty()) {
    out["conversions_by_bits"] = both(saving.conversions_by_bits);
    out["weighted"] = both(saving.weighted);
  }
  out["one_bit"] = Json::object();
  for (const auto& [model, bits] : saving.one_bit) out["one_bit"][model] = one_bit_text(bits);
  out["extrapolated"] = saving.extrapolated;
  out["absent"] = Json::object();
  for (const auto& [model, reason] : saving.absent) out["absent"][model] = reason;
  out["weights"] = weights_json(saving);
  return out;
}

}  // namespace squeezebar
