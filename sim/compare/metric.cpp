// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/metric.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/report/number_text.h"

namespace squeezebar {
namespace {

constexpr const char* kNone = "\u2013";  // en dash: there is no such figure

/// A component that takes less of every run's energy has no row of its own.
constexpr double kLeastShare = 1e-4;

std::vector<Metric> fixed_metrics() {
  using enum FigureStyle;
  constexpr auto kTime = Dimension::time;
  constexpr auto kEnergy = Dimension::energy;
  constexpr auto kNoUnit = Dimension::none;
  return {
      {"values", "accuracy (top 1)", "accuracy_top1", fraction},
      {"values", "  integer reference", "accuracy_reference_top1", fraction},
      {"values", "  floating point", "accuracy_float_top1", fraction},
      {"values", "SQNR against the reference", "sqnr_db", decibel, kNoUnit, "dB", "", "equal"},
      {"crossbars", "crossbars allocated", "crossbars.allocated.total"},
      {"crossbars", "  of convolutions", "crossbars.allocated.conv"},
      {"crossbars", "  with replicas", "crossbars.replicated.total"},
      {"crossbars", "conventional mapping", "crossbars.conventional.total"},
      {"crossbars", "weight error (squared)", "weight_error.relative", share},
      {"crossbars", "index storage (bits)", "index_storage_bits.total"},
      {"crossbars", "  occupancy", "index_storage_bits.occupancy"},
      {"crossbars", "  row masks", "index_storage_bits.row_mask"},
      {"crossbars", "  permutation", "index_storage_bits.permutation"},
      {"crossbars", "  input index", "index_storage_bits.input_index"},
      {"crossbars", "  output index", "index_storage_bits.output_index"},
      {"time", "latency, all images", "latency_s", quantity, kTime},
      {"time", "latency, first image", "latency_first_image_s", quantity, kTime},
      {"time", "images per second", "throughput_images_per_s", plain, kNoUnit, "1/s"},
      {"time", "cycles", "cycles"},
      {"time", "bit-cycles", "bit_cycles"},
      {"time", "  skipped", "bit_cycles_skipped"},
      {"time", "stalls: input", "stall_cycles.input"},
      {"time", "stalls: partial sums", "stall_cycles.partial_sum"},
      {"time", "stalls: output", "stall_cycles.output"},
      {"energy", "energy per image", "energy_j", quantity, kEnergy, "", "images"},
  };
}

std::vector<Metric> last_metrics() {
  using enum FigureStyle;
  constexpr auto kNoUnit = Dimension::none;
  return {
      {"cost", "power", "power_w", quantity, Dimension::power},
      {"cost", "operations (TOPS)", "tops", plain, kNoUnit, "TOPS"},
      {"cost", "efficiency (TOPS/W)", "tops_per_w", plain, kNoUnit, "TOPS/W"},
      {"cost", "area (mm2)", "area_mm2", plain, kNoUnit, "mm2"},
      {"cost", "density (TOPS/mm2)", "tops_per_mm2", plain, kNoUnit, "TOPS/mm2"},
      {"ADC", "ADC conversions", "adc_conversions"},
      {"ADC", "  clipped", "adc_clipped"},
      {"ADC", "  clipped share", "adc_clipped", share, kNoUnit, "", "adc_conversions"},
  };
}

/// Components by the energy that they take in all runs together, largest first.
std::vector<std::string> components_of(const std::vector<StoredRun>& runs) {
  std::vector<std::pair<std::string, double>> shares;
  for (const StoredRun& run : runs) {
    const double total = run.summary.number("energy_j").value_or(0.0);
    if (!(total > 0.0)) continue;
    for (const std::string& name : run.summary.members("energy_by_component_j")) {
      const double share = run.summary.number("energy_by_component_j." + name).value_or(0.0) / total;
      const auto at =
          std::find_if(shares.begin(), shares.end(), [&](const auto& one) { return one.first == name; });
      if (at == shares.end()) {
        shares.emplace_back(name, share);
      } else {
        at->second = std::max(at->second, share);
      }
    }
  }
  std::stable_sort(shares.begin(), shares.end(),
                   [](const auto& a, const auto& b) { return a.second > b.second; });
  std::vector<std::string> out;
  for (const auto& [name, share] : shares) {
    if (share >= kLeastShare) out.push_back(name);
  }
  return out;
}

/// A category of index storage that no run has is not worth a row.
bool is_empty_category(const Metric& metric, const std::vector<StoredRun>& runs) {
  if (metric.key.rfind("index_storage_bits.", 0) != 0 || metric.key == "index_storage_bits.total")
    return false;
  return std::none_of(runs.begin(), runs.end(),
                      [&](const StoredRun& run) { return value_of(metric, run).value_or(0.0) > 0.0; });
}

bool is_there(const Metric& metric, const std::vector<StoredRun>& runs) {
  if (is_empty_category(metric, runs)) return false;
  return std::any_of(runs.begin(), runs.end(), [&](const StoredRun& run) {
    const bool means_something = !metric.absent.empty() && run.summary.find(metric.key) != nullptr;
    return value_of(metric, run).has_value() || means_something;
  });
}

std::string ratio_text(double ratio) {
  if (ratio >= 0.01 && ratio < 1000.0) return fmt::format("{:.2f}x", ratio);
  return fmt::format("{:.2g}x", ratio);
}

}  // namespace

std::string Metric::text(std::optional<double> value) const {
  if (!value) return absent.empty() ? kNone : absent;
  switch (style) {
    case FigureStyle::count:
      // Beyond 2^63 the digits are rounded anyway.
      return std::abs(*value) < 9e18 ? count_text(static_cast<std::int64_t>(std::llround(*value)))
                                     : rounded_text(*value);
    case FigureStyle::quantity:
      return format_rounded(*value, dimension);
    case FigureStyle::plain:
      return rounded_text(*value);
    case FigureStyle::share:
    case FigureStyle::fraction:
      return percent_text(*value);
    case FigureStyle::decibel:
      return rounded_text(*value) + " dB";
  }
  return kNone;
}

std::string Metric::change(std::optional<double> from, std::optional<double> to) const {
  if (!from || !to) return "";
  if (*from == *to) return "=";
  constexpr double kPercent = 100.0;
  if (style == FigureStyle::fraction) return fmt::format("{:+.2f} points", kPercent * (*to - *from));
  if (style == FigureStyle::decibel) return fmt::format("{:+.1f} dB", *to - *from);
  const double ratio = *to / *from;
  return *from != 0.0 && std::isfinite(ratio) ? ratio_text(ratio) : "";
}

std::string Metric::unit_text() const {
  return style == FigureStyle::quantity ? std::string(si_unit(dimension)) : unit;
}

std::string Metric::name() const { return over.empty() ? key : key + "/" + over; }

std::vector<Metric> metrics_of(const std::vector<StoredRun>& runs) {
  std::vector<Metric> out = fixed_metrics();
  for (const std::string& component : components_of(runs)) {
    out.push_back({"energy", "  " + component, "energy_by_component_j." + component, FigureStyle::quantity,
                   Dimension::energy, "", "images"});
  }
  for (Metric& metric : last_metrics()) out.push_back(std::move(metric));
  std::erase_if(out, [&](const Metric& metric) { return !is_there(metric, runs); });
  return out;
}

std::optional<double> value_of(const Metric& metric, const StoredRun& run) {
  const std::optional<double> value = run.summary.number(metric.key);
  if (!value || metric.over.empty()) return value;
  const double whole = run.summary.number(metric.over).value_or(0.0);
  return whole > 0.0 ? std::optional(*value / whole) : std::nullopt;
}

}  // namespace squeezebar
