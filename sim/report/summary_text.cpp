// SPDX-License-Identifier: Apache-2.0
#include "sim/report/summary_text.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "sim/base/units.h"
#include "sim/report/adc_saving_text.h"
#include "sim/report/derived.h"
#include "sim/report/index_parts.h"
#include "sim/report/number_text.h"
#include "sim/report/text_table.h"

namespace squeezebar {
namespace {

constexpr std::size_t kComponentsNamed = 3;

void add_time(TextTable& table, const RunResult& r, const Derived& d) {
  if (!r.latency_s) {
    table.row({"latency", "none (function: values)"});
    return;
  }
  std::string all = format_rounded(*r.latency_s, Dimension::time);
  if (r.cycles) all += fmt::format(" ({} cycles)", count_text(*r.cycles));
  table.row({"latency, all images", all});
  if (d.run_length_s && r.run_cycles != r.cycles) {
    table.row({"  to the last event",
               fmt::format("{} ({} cycles)", format_rounded(*d.run_length_s, Dimension::time),
                           count_text(*r.run_cycles))});
  }
  if (r.latency_first_image_s) {
    table.row({"latency, first image", format_rounded(*r.latency_first_image_s, Dimension::time)});
  }
  if (r.throughput_images_per_s) {
    table.row({"throughput", rough_count_text(*r.throughput_images_per_s) + " images/s"});
  }
  if (d.tops) table.row({"operations", rounded_text(*d.tops) + " TOPS"});
}

/// "adc 62.10 %, noc 9.30 %, ...".
std::string largest_parts(const RunResult& r) {
  std::vector<ComponentEnergy> parts = r.energy;
  std::stable_sort(parts.begin(), parts.end(), [](const ComponentEnergy& a, const ComponentEnergy& b) {
    return a.total_j() > b.total_j();
  });
  std::string out;
  for (std::size_t i = 0; i < std::min(parts.size(), kComponentsNamed); ++i) {
    const auto share = fraction_of(parts[i].total_j(), *r.energy_j);
    if (!share || *share == 0.0) break;
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", parts[i].component, percent_text(*share));
  }
  return out;
}

void add_energy(TextTable& table, const RunResult& r, const Derived& d) {
  if (!r.energy_j) return;
  table.row({"energy, all images", format_rounded(*r.energy_j, Dimension::energy)});
  if (d.energy_per_image_j)
    table.row({"energy per image", format_rounded(*d.energy_per_image_j, Dimension::energy)});
  if (const std::string parts = largest_parts(r); !parts.empty()) table.row({"  largest parts", parts});
  if (d.power_w) table.row({"power", format_rounded(*d.power_w, Dimension::power)});
  if (d.tops_per_w) table.row({"efficiency", rounded_text(*d.tops_per_w) + " TOPS/W"});
}

/// What the mapping lost and must remember; nothing where it does neither.
void add_mapping(TextTable& table, const RunResult& r) {
  if (r.weight_error.squared_error > 0)
    table.row({"  weight error", percent_text(r.weight_error.relative()) + " of the squared weights"});
  if (r.index_storage.total() == 0) return;
  std::string parts;
  for (const auto& [name, bits] : index_parts(r.index_storage)) {
    if (bits > 0) parts += fmt::format("{}{} {}", parts.empty() ? "" : ", ", name, count_text(bits));
  }
  table.row({"  index storage", fmt::format("{} bits ({})", count_text(r.index_storage.total()), parts)});
}

void add_row_groups(TextTable& table, const RunResult& r, const Derived& d) {
  std::string all = count_text(r.bit_cycles);
  if (r.bit_cycles_skipped > 0) all += fmt::format(" run, {} skipped", count_text(r.bit_cycles_skipped));
  table.row({"bit-cycles", all});
  const auto time = static_cast<double>(d.cycles.total());
  std::string stalls;
  for (const auto& [cause, cycles] : {std::pair("input", d.cycles.stall_input),
                                      {"partial sums", d.cycles.stall_partial_sum},
                                      {"output", d.cycles.stall_output}}) {
    const auto share = fraction_of(static_cast<double>(cycles), time);
    if (share && *share > 0.0)
      stalls += fmt::format("{}{} {}", stalls.empty() ? "" : ", ", cause, percent_text(*share));
  }
  if (!stalls.empty()) table.row({"  stalled, of the time", stalls});
}

void add_hardware(TextTable& table, const RunResult& r) {
  table.row({"area", rounded_text(r.area_mm2) + " mm2"});
  std::string crossbars = count_text(r.allocated.total);
  if (r.replicated.total != r.allocated.total)
    crossbars += fmt::format(", {} with replicas", count_text(r.replicated.total));
  table.row({"crossbars",
             fmt::format("{} (conventional mapping: {})", crossbars, count_text(r.conventional.total))});
  add_mapping(table, r);
  std::string conversions = count_text(r.adc_conversions);
  if (const auto clipped =
          fraction_of(static_cast<double>(r.adc_clipped), static_cast<double>(r.adc_conversions))) {
    conversions += fmt::format(", {} clipped", percent_text(*clipped));
  }
  table.row({"ADC conversions", conversions});
  for (const auto& [name, figures] : adc_saving_lines(r.adc_saving, r.adc_model)) table.row({name, figures});
}

void add_values(TextTable& table, const RunResult& r) {
  if (r.accuracy_top1) table.row({"accuracy (top 1)", percent_text(*r.accuracy_top1)});
  if (r.accuracy_reference_top1) table.row({"  integer reference", percent_text(*r.accuracy_reference_top1)});
  if (r.accuracy_float_top1) table.row({"  floating point", percent_text(*r.accuracy_float_top1)});
  table.row({"outputs",
             r.sqnr_db ? fmt::format("{} dB SQNR against the integer reference", rounded_text(*r.sqnr_db))
                       : "equal to the integer reference"});
}

}  // namespace

std::string summary_text(const RunResult& r) {
  const Derived d = derive(r);
  TextTable table({Align::left, Align::left});
  table.row({"workload", fmt::format("{}{}, {}", r.workload, r.synthetic.empty() ? "" : " (synthetic)",
                                     counted(r.images, "image", "images"))});
  table.row({"hardware", fmt::format("{} mapping, {} signs, ADC model {}, {} devices", r.mapping_scheme,
                                     r.signs, r.adc_model, r.devices)});
  add_time(table, r, d);
  add_energy(table, r, d);
  add_hardware(table, r);
  add_row_groups(table, r, d);
  add_values(table, r);
  for (const std::string& note : r.notes) table.row({"note", note});
  return table.text();
}

std::string synthetic_lines(const std::vector<std::string>& parts) {
  std::string out;
  for (const std::string& part : parts) out += "synthetic: " + part + "\n";
  return out;
}

}  // namespace squeezebar
