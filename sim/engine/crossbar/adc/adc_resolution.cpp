// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/adc/adc_resolution.h"

#include <algorithm>
#include <bit>

#include <fmt/format.h>

#include "models/adc/adaptive_adc.h"
#include "models/adc/adc.h"
#include "sim/terms/adc_transfer.h"

namespace squeezebar {

int lossless_bits(std::int64_t sum_bound) {
  return std::max(1, static_cast<int>(std::bit_width(static_cast<std::uint64_t>(sum_bound))));
}

int dub_bits(std::int64_t sum_bound) {
  return sum_bound <= 1 ? 0 : static_cast<int>(std::bit_width(static_cast<std::uint64_t>(sum_bound - 1)));
}

namespace {

/// The fewest bits that clip no sum up to the bound, as far as the ADCs have them.
ArrayAdc adc_for(const AdcParams& adc, std::int64_t bound) {
  const int bits = std::min(adc.bits, lossless_bits(bound));
  const bool as_dub = adc.accounting == AdcAccounting::dub;
  return {bits, as_dub ? std::min(bits, std::max(1, dub_bits(bound))) : bits};
}

void choose_each(const AdcParams& adc, const CrossbarGeometry& g, MappedGroup& group) {
  for (std::size_t a = 0; a < group.facts.size(); ++a) {
    group.adcs[a] = adc_for(adc, group.converted_level_sum(a) * g.full_drive());
  }
}

int lossless_for_all(const Config& config, const MappedNetwork& mapped, Diagnostics& diagnostics) {
  int bits = 1;
  for (const MappedLayer& layer : mapped.layers) bits = std::max(bits, layer.lossless_bits);
  if (bits > kMaxAdcBits) {
    diagnostics.error(
        config.place("adc.resolution"), "adc.resolution",
        fmt::format("lossless conversion needs {} bits, the most there are is {}", bits, kMaxAdcBits));
  }
  return std::min(bits, kMaxAdcBits);
}

}  // namespace

void choose_adcs(const Config& config, MappedNetwork& mapped, Diagnostics& diagnostics) {
  const AdcParams& adc = config.get<AdcParams>();
  mapped.adc_bits =
      adc.resolution == AdcResolution::lossless ? lossless_for_all(config, mapped, diagnostics) : adc.bits;
  if (adc.accounting == AdcAccounting::adaptive) {
    for (const int bits : config.get<AdaptiveAdcParams>().bits)
      mapped.charged_bits.insert(std::min(bits, mapped.adc_bits));
  }
  for (MappedLayer& layer : mapped.layers) {
    for (MappedGroup& group : layer.mapping.groups) {
      group.adcs.assign(group.facts.size(), {mapped.adc_bits, mapped.adc_bits});
      if (adc.resolution == AdcResolution::per_crossbar) choose_each(adc, mapped.geometry, group);
    }
  }
}

AdcResolutions adc_resolutions(const MappedNetwork& mapped) {
  AdcResolutions out{.built = mapped.adc_bits, .crossbars = {}};
  for (const MappedLayer& layer : mapped.layers) {
    for (const MappedGroup& group : layer.mapping.groups) {
      for (std::size_t a = 0; a < group.facts.size(); ++a) {
        if (group.facts[a].allocated && group.facts[a].counted)
          out.crossbars[group.adcs[a].priced_bits] += group.replicas;
      }
    }
  }
  for (const int bits : mapped.charged_bits) out.crossbars.try_emplace(bits, 0);
  return out;
}

Rate conversion_rate(const Config& config, int bits) {
  const AdcParams& adc = config.get<AdcParams>();
  Rate rate(adc.rate);
  // A successive-approximation ADC decides one bit per comparison, after one to sample.
  if (adc.conversion_time == AdcConversionTime::sar) rate = rate * (adc.rate_bits + 1) / (bits + 1);
  return config.variant<AdcModel>().timing(bits, rate).rate;
}

}  // namespace squeezebar
