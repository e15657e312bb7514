// SPDX-License-Identifier: Apache-2.0
#include "sim/report/report_adc_saving.h"

#include <set>

#include <fmt/format.h>

#include "sim/report/adc_saving_text.h"
#include "sim/report/number_text.h"

namespace squeezebar {
namespace {

namespace ms = kainjow::mustache;

constexpr const char* kNone = "\u2013";  // en dash: there is no such figure

template <class N>
std::string count_at(const std::map<int, N>& histogram, int bits) {
  const auto at = histogram.find(bits);
  return at == histogram.end() ? "0" : count_text(at->second);
}

std::string ratio_at(const AdcRatios& ratios, std::size_t i) {
  return i < ratios.size() ? ratio_text(ratios[i].second) : kNone;
}

ms::data saving_row(const std::string& name, const std::string& exact, const std::string& dub,
                    const std::string& weighted_exact, const std::string& weighted_dub) {
  ms::data row;
  row.set("name", name);
  row.set("exact", exact);
  row.set("dub", dub);
  row.set("weighted_exact", weighted_exact);
  row.set("weighted_dub", weighted_dub);
  return row;
}

/// What one bit costs; of every model where it is not the same for all.
std::string one_bit_hint(const AdcSaving& s) {
  std::map<int, std::string> models;
  for (const auto& [model, bits] : s.one_bit) models[bits] += (models[bits].empty() ? "" : ", ") + model;
  std::string out;
  for (const auto& [bits, names] : models)
    out += fmt::format("{}{}{}", out.empty() ? " One bit costs as much as: " : "; ", one_bit_text(bits),
                       models.size() == 1 ? "" : fmt::format(" ({})", names));
  return out.empty() ? out : out + ".";
}

}  // namespace

ms::data adc_need_rows(const AdcSaving& s) {
  std::set<int> all;
  for (const auto* histogram : {&s.crossbars_by_bits.exact, &s.crossbars_by_bits.dub}) {
    for (const auto& [bits, count] : *histogram) all.insert(bits);
  }
  ms::data out(ms::data::type::list);
  for (const int bits : all) {
    ms::data row;
    row.set("bits", std::to_string(bits));
    row.set("exact", count_at(s.crossbars_by_bits.exact, bits));
    row.set("dub", count_at(s.crossbars_by_bits.dub, bits));
    out.push_back(row);
  }
  return out;
}

ms::data adc_saving_rows(const AdcSaving& s) {
  ms::data out(ms::data::type::list);
  out.push_back(saving_row("linear in bits, no bits for free", ratio_text(s.unweighted_bits.exact),
                           ratio_text(s.unweighted_bits.dub), kNone, kNone));
  for (std::size_t i = 0; i < s.unweighted.exact.size(); ++i) {
    out.push_back(saving_row(adc_model_text(s, s.unweighted.exact[i].first), ratio_at(s.unweighted.exact, i),
                             ratio_at(s.unweighted.dub, i), ratio_at(s.weighted.exact, i),
                             ratio_at(s.weighted.dub, i)));
  }
  if (s.conv_tiles && s.conv_tiles->tiles() > 0) {
    out.push_back(saving_row(
        fmt::format("weights of convolutions in {} x {} tiles, linear in bits", s.tile_rows, s.tile_columns),
        ratio_text(s.conv_tiles->exact()), ratio_text(s.conv_tiles->linear()), kNone, kNone));
  }
  return out;
}

std::string adc_saving_hint(const AdcSaving& s) {
  std::string out = fmt::format(
      "Energy of conversions with ADCs of full crossbars ({} bits, D.U.B. {}) over that with ADCs of the "
      "bits that "
      "each crossbar needs; the run itself has adc.resolution {}.",
      s.full_bits.exact, s.full_bits.dub, configured_adcs_text(s));
  if (s.not_allocated > 0) {
    out += fmt::format(" {} of {} crossbars are left out and need no bits.", count_text(s.not_allocated),
                       count_text(s.crossbars));
  }
  out += one_bit_hint(s);
  for (const auto& [model, reason] : s.absent) out += fmt::format(" No figures of {}: {}.", model, reason);
  return out;
}

}  // namespace squeezebar
