// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/figure_names.h"

#include <set>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/base/registry.h"
#include "sim/compare/figures.h"
#include "sim/report/writer.h"

namespace squeezebar {
namespace {

constexpr const char* kAny = "*";
constexpr int kSomeBits = 1;

/// A result that has every figure once, whatever its value.
RunResult full_result() {
  RunResult out;
  out.images = 1;
  out.calibration_hash.assign(1, *kAny);
  out.latency_s = out.latency_first_image_s = out.throughput_images_per_s = out.energy_j = 1.0;
  out.cycles = out.run_cycles = 1;
  out.clock_hz = out.area_mm2 = 1.0;
  out.peak.tops_per_w = out.peak.tops_per_mm2 = 1.0;
  out.energy.push_back({kAny, 1.0, 1.0});
  out.energy_by_adc_model.emplace_back(kAny, 1.0);
  out.area_by_component_mm2.emplace_back(kAny, 1.0);
  out.adc_bits_histogram[kSomeBits] = 1;
  out.accuracy_top1 = out.accuracy_reference_top1 = out.accuracy_float_top1 = out.sqnr_db = 1.0;
  out.layers.resize(1);
  AdcSaving& saving = out.adc_saving;
  for (auto* ratios :
       {&saving.unweighted.exact, &saving.unweighted.dub, &saving.weighted.exact, &saving.weighted.dub})
    ratios->emplace_back(kAny, 1.0);
  for (auto* crossbars : {&saving.crossbars_by_bits.exact, &saving.crossbars_by_bits.dub})
    (*crossbars)[kSomeBits] = 1;
  for (auto* conversions : {&saving.conversions_by_bits.exact, &saving.conversions_by_bits.dub})
    (*conversions)[kSomeBits] = 1;
  saving.unweighted_bits = {1.0, 1.0};
  saving.tile_rows = saving.tile_columns = 1;
  saving.tiles = saving.conv_tiles = WeightTiles{{1}, 1, 1, 1, 1, 1, 1};
  return out;
}

/// Members that are counted or named stand for all of their object.
std::string with_any(const std::string& key) {
  const std::size_t dot = key.rfind('.');
  if (dot != std::string::npos && key.find_first_not_of("0123456789", dot + 1) == std::string::npos)
    return fmt::format("{}.{}", key.substr(0, dot), kAny);
  return key;
}

}  // namespace

std::vector<TableColumn> figure_columns() {
  const std::string text = Registry<ReportWriter>::instance().create("summary.json")->write(full_result());
  Diagnostics diagnostics;
  const std::optional<Figures> figures = parse_figures(text, "summary.json", diagnostics);
  if (!figures) throw std::logic_error("summary.json cannot be read: " + diagnostics.text());
  std::vector<TableColumn> out;
  std::set<std::string> seen;
  for (TableColumn& column : metric_columns(*figures)) {
    column.name = with_any(column.name);
    if (seen.insert(column.name).second) out.push_back(std::move(column));
  }
  return out;
}

}  // namespace squeezebar
