// SPDX-License-Identifier: Apache-2.0
#include "sim/report/adc_saving_text.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/report/number_text.h"

namespace squeezebar {
namespace {

/// "0: 12, 3: 40 crossbars, a full one 8": crossbars by bits.
std::string need_text(const std::map<int, std::int64_t>& crossbars, int full_bits) {
  std::string out;
  for (const auto& [bits, count] : crossbars)
    out += fmt::format("{}{}: {}", out.empty() ? "" : ", ", bits, count_text(count));
  return fmt::format("{} crossbars, a full one {}", out, full_bits);
}

const std::optional<double>* find(const AdcRatios& ratios, const std::string& model) {
  const auto at =
      std::find_if(ratios.begin(), ratios.end(), [&](const auto& one) { return one.first == model; });
  return at == ratios.end() ? nullptr : &at->second;
}

/// "1.31 x (D.U.B. 1.52 x)"; empty without figures of the model.
std::string both_text(const ByAccounting<AdcRatios>& ratios, const std::string& model) {
  const auto* exact = find(ratios.exact, model);
  const auto* dub = find(ratios.dub, model);
  if (exact == nullptr || dub == nullptr) return {};
  return fmt::format("{} (D.U.B. {})", ratio_text(*exact), ratio_text(*dub));
}

std::string saved_text(const AdcSaving& s, const std::string& model) {
  const std::string by_crossbars = both_text(s.unweighted, model);
  if (by_crossbars.empty()) return "no figure, the model has no cost for some of the bits";
  const std::string by_conversions = both_text(s.weighted, model);
  if (by_conversions.empty()) return by_crossbars + " by crossbars";
  return fmt::format("{} by conversions, {} by crossbars", by_conversions, by_crossbars);
}

}  // namespace

std::string one_bit_text(int adc_bits) {
  return adc_bits == 0 ? "sense amplifier"
                       : fmt::format("ADC of {} bit{}", adc_bits, adc_bits == 1 ? "" : "s");
}

std::string ratio_text(const std::optional<double>& ratio) {
  return ratio ? rounded_text(*ratio, 3) + " x" : "\u2013";
}

std::string configured_adcs_text(const AdcSaving& saving) {
  // The others know one way to count alone.
  const bool plain = saving.resolution != "per_crossbar" && saving.accounting != "adaptive";
  return plain ? saving.resolution : fmt::format("{}, accounting {}", saving.resolution, saving.accounting);
}

std::string adc_model_text(const AdcSaving& saving, const std::string& model) {
  const auto& marked = saving.extrapolated;
  return std::find(marked.begin(), marked.end(), model) == marked.end() ? model : model + " (extrapolated)";
}

std::vector<std::pair<std::string, std::string>> adc_saving_lines(const AdcSaving& saving,
                                                                  const std::string& model) {
  if (saving.crossbars == 0) return {};
  std::string exact = need_text(saving.crossbars_by_bits.exact, saving.full_bits.exact);
  if (saving.not_allocated > 0) exact += fmt::format("; {} left out", count_text(saving.not_allocated));
  return {{"ADC bits needed", exact},
          {"  as D.U.B. counts", need_text(saving.crossbars_by_bits.dub, saving.full_bits.dub)},
          {"  ADC energy saved", fmt::format("model {}: {}; configured: {}", adc_model_text(saving, model),
                                             saved_text(saving, model), configured_adcs_text(saving))}};
}

std::string bits_saved_text(const AdcSaving& saving) {
  std::string out =
      fmt::format("bits alone, by crossbars: {} (D.U.B. {})", ratio_text(saving.unweighted_bits.exact),
                  ratio_text(saving.unweighted_bits.dub));
  if (saving.conv_tiles && saving.conv_tiles->tiles() > 0) {
    out +=
        fmt::format("; D.U.B. on the weights of convolutions: {}", ratio_text(saving.conv_tiles->linear()));
  }
  return out;
}

}  // namespace squeezebar
