// SPDX-License-Identifier: Apache-2.0
#include "sim/run/adc_saving.h"

#include <algorithm>
#include <bit>

#include "models/adc/adc.h"
#include "models/crossbar/crossbar.h"
#include "sim/compile/adc_spread.h"
#include "sim/engine/crossbar/adc/adc_resolution.h"
#include "sim/engine/crossbar/mapping/tile_levels.h"

namespace squeezebar {
namespace {

/// Bound of the sums of a crossbar whose every cell is full. Flip encoding stores no column of more than half
/// of the levels; what is left then is the unit column or half a column of levels.
std::int64_t full_sum_bound(const Config& config, const CrossbarGeometry& g) {
  const auto unit = config.variant<MappingScheme>().operation_unit();
  const std::int64_t rows = unit ? std::min(unit->rows, g.rows) : g.rows;
  const std::int64_t levels = rows * g.full_level();
  const bool flips = g.flip_encoding && g.signs == Signs::offset;
  return (flips ? std::max(rows, levels / 2) : levels) * g.full_drive();
}

template <class N>
ByAccounting<std::map<int, N>> bits_of(const std::map<std::int64_t, N>& by_bound) {
  ByAccounting<std::map<int, N>> out;
  for (const auto& [bound, count] : by_bound) {
    out.exact[lossless_bits(bound)] += count;
    out.dub[dub_bits(bound)] += count;
  }
  return out;
}

std::optional<double> ratio(double full, double left) {
  return left > 0.0 ? std::optional(full / left) : std::nullopt;
}

template <class N, class Price>
std::optional<double> ratio_of(const std::map<int, N>& by_bits, int full_bits, N of_all, Price price) {
  double left = 0.0;
  for (const auto& [bits, count] : by_bits) left += static_cast<double>(count) * price(bits);
  return ratio(static_cast<double>(of_all) * price(full_bits), left);
}

/// All resolutions that are to be priced: a sense amplifier takes the place of an ADC of no bits.
AdcResolutions priced_bits(const AdcSaving& saving) {
  AdcResolutions out{.built = std::max(1, saving.full_bits.exact), .crossbars = {}};
  out.crossbars[std::max(1, saving.full_bits.dub)] = 0;
  for (const auto* by_bits : {&saving.crossbars_by_bits.exact, &saving.crossbars_by_bits.dub}) {
    for (const auto& [bits, crossbars] : *by_bits) out.crossbars[std::max(1, bits)] = 0;
  }
  return out;
}

template <class N>
ByAccounting<AdcRatios> ratios_by_model(const AdcSaving& saving, const std::vector<AdcModelPrices>& models,
                                        const ByAccounting<std::map<int, N>>& by_bits, N of_all) {
  ByAccounting<AdcRatios> out;
  for (const AdcModelPrices& model : models) {
    if (!model.prices) continue;
    const auto price = [&](int bits) { return model.prices->per_conversion.at(std::max(1, bits)).si(); };
    out.exact.emplace_back(model.name, ratio_of(by_bits.exact, saving.full_bits.exact, of_all, price));
    out.dub.emplace_back(model.name, ratio_of(by_bits.dub, saving.full_bits.dub, of_all, price));
  }
  return out;
}

void count_weights(const Network& network, const CrossbarGeometry& g, AdcSaving& out) {
  out.tile_rows = g.rows;
  out.tile_columns = g.columns;
  if (!std::has_single_bit(static_cast<unsigned>(g.rows))) return;
  out.tiles.emplace();
  out.conv_tiles.emplace();
  for (const Layer& layer : network.layers) {
    if (!layer.on_crossbars()) continue;
    const WeightTiles tiles = count_tiles(layer.weights, g.rows, g.columns);
    *out.tiles += tiles;
    if (layer.is_convolution()) *out.conv_tiles += tiles;
  }
}

}  // namespace

LevelSumCounts level_sums_of(const Hardware& hardware) {
  LevelSumCounts out;
  for (const MappedLayer& layer : hardware.layers) {
    for (const MappedGroup& group : layer.mapping.groups) {
      for (std::size_t a = 0; a < group.facts.size(); ++a) {
        if (group.facts[a].allocated && group.facts[a].counted) ++out[group.converted_level_sum(a)];
      }
    }
  }
  return out;
}

AdcSaving adc_saving(const Config& config, const Network& network, const LevelSumCounts& arrays) {
  const CrossbarGeometry g = crossbar_geometry(config);
  AdcSaving out;
  out.resolution = config.text("adc.resolution");
  out.accounting = config.text("adc.accounting");
  const std::int64_t full = full_sum_bound(config, g);
  out.full_bits = {lossless_bits(full), dub_bits(full)};
  for (const Layer& layer : network.layers) {
    if (layer.on_crossbars()) out.crossbars += config.variant<MappingScheme>().dense_arrays(layer.weights, g);
  }
  out.not_allocated = out.crossbars;
  std::map<std::int64_t, std::int64_t> by_bound;
  for (const auto& [sum, count] : arrays) {
    by_bound[sum * g.full_drive()] += count;
    out.not_allocated -= count;
  }
  const auto of_allocated = bits_of(by_bound);
  out.crossbars_by_bits = of_allocated;
  if (out.not_allocated > 0) {
    out.crossbars_by_bits.exact[0] += out.not_allocated;
    out.crossbars_by_bits.dub[0] += out.not_allocated;
  }
  const auto bits = [](int b) { return b; };
  out.unweighted_bits = {ratio_of(out.crossbars_by_bits.exact, out.full_bits.exact, out.crossbars, bits),
                         ratio_of(out.crossbars_by_bits.dub, out.full_bits.dub, out.crossbars, bits)};
  const auto models = prices_by_adc_model(config, priced_bits(out));
  out.unweighted = ratios_by_model(out, models, of_allocated, out.crossbars);
  for (const AdcModelPrices& model : models) {
    if (!model.prices) out.absent.emplace_back(model.name, model.absent);
    if (model.prices) out.one_bit.emplace_back(model.name, model.one_bit);
    if (model.prices && model.prices->extrapolated) out.extrapolated.push_back(model.name);
  }
  count_weights(network, g, out);
  return out;
}

void weigh_by_conversions(const Config& config, const ConversionsByBound& conversions, AdcSaving& saving) {
  saving.conversions_by_bits = bits_of(conversions);
  std::uint64_t all = 0;
  for (const auto& [bound, count] : conversions) all += count;
  saving.weighted = ratios_by_model(saving, prices_by_adc_model(config, priced_bits(saving)),
                                    saving.conversions_by_bits, all);
}

}  // namespace squeezebar
