// SPDX-License-Identifier: Apache-2.0
#include "sim/report/verdict.h"

#include <algorithm>

#include <fmt/format.h>

#include "sim/base/units.h"
#include "sim/report/derived.h"
#include "sim/report/number_text.h"

namespace squeezebar {
namespace {

std::string cost_sentence(const RunResult& r, const Derived& d) {
  if (!r.latency_s) return "This run computed values only, without timing and energy. ";
  std::string out;
  if (r.latency_first_image_s) {
    out += fmt::format("The first image is ready after {}. ",
                       format_rounded(*r.latency_first_image_s, Dimension::time, 3));
  }
  if (r.throughput_images_per_s) {
    out += fmt::format("Back to back, the chip finishes {} images per second. ",
                       rough_count_text(*r.throughput_images_per_s));
  }
  if (d.energy_per_image_j) {
    out += fmt::format("An image takes {}", format_rounded(*d.energy_per_image_j, Dimension::energy, 3));
    const auto largest = std::max_element(
        r.energy.begin(), r.energy.end(),
        [](const ComponentEnergy& a, const ComponentEnergy& b) { return a.total_j() < b.total_j(); });
    const auto share =
        largest == r.energy.end() ? std::nullopt : fraction_of(largest->total_j(), *r.energy_j);
    if (share) out += fmt::format(", {} of it in the component {}", percent_text(*share), largest->component);
    const auto leakage = fraction_of(d.static_j, *r.energy_j);
    if (leakage && *leakage > 0.0)
      out += fmt::format("; leakage and constant power are {} of all", percent_text(*leakage));
    out += ". ";
  }
  return out;
}

std::string value_sentence(const RunResult& r) {
  const auto clipped =
      fraction_of(static_cast<double>(r.adc_clipped), static_cast<double>(r.adc_conversions));
  std::string out;
  if (clipped) {
    out += *clipped == 0.0 ? "No conversion was clipped"
                           : fmt::format("The ADCs clipped {} of their conversions", percent_text(*clipped));
    out += r.sqnr_db ? fmt::format("; the outputs differ from the integer reference ({} dB)",
                                   rounded_text(*r.sqnr_db, 3))
                     : "; the outputs equal the integer reference";
    out += ". ";
  }
  if (r.accuracy_top1) {
    out += fmt::format("Accuracy is {}", percent_text(*r.accuracy_top1));
    if (r.accuracy_reference_top1) {
      const double lost = 100.0 * (*r.accuracy_reference_top1 - *r.accuracy_top1);
      out += lost == 0.0 ? ", the same as that of the integer reference"
                         : fmt::format(", {:.2f} points {} the integer reference", lost < 0 ? -lost : lost,
                                       lost > 0 ? "below" : "above");
    }
    out += ".";
  }
  return out;
}

}  // namespace

std::string verdict(const RunResult& r) {
  const std::string crossbars = fmt::format(
      "The {}network {} ran on {} with {} mapping and {} signs. ", r.synthetic.empty() ? "" : "synthetic ",
      r.workload, counted(r.replicated.total, "crossbar", "crossbars"), r.mapping_scheme, r.signs);
  return crossbars + cost_sentence(r, derive(r)) + value_sentence(r);
}

std::vector<std::string> reader_notes(const RunResult& r) {
  std::vector<std::string> out = r.notes;
  const auto add = [&out](const std::string& note) {
    if (std::find(out.begin(), out.end(), note) == out.end()) out.push_back(note);
  };
  if (r.adc_extrapolated) add("The ADC's cost is extrapolated beyond the range of its model.");
  if (!r.latency_s) add("function: values: this run has no cycles, latency or energy.");
  add("devices: " + r.devices +
      (r.devices == "ideal" ? " (no variation, drift, wire resistance or stuck cells)." : "."));
  add("ADC model: " + r.adc_model + (r.adc_model_source.empty() ? "." : ", " + r.adc_model_source + "."));
  return out;
}

}  // namespace squeezebar
