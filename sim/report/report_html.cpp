// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "sim/base/units.h"
#include "sim/report/derived.h"
#include "sim/report/html_page.h"
#include "sim/report/layer_energy.h"
#include "sim/report/number_text.h"
#include "sim/report/report_adc_saving.h"
#include "sim/report/report_charts.h"
#include "sim/report/report_mapping.h"
#include "sim/report/report_template.h"
#include "sim/report/verdict.h"
#include "sim/report/writer.h"

namespace squeezebar {
namespace {

namespace ms = kainjow::mustache;
using Words = std::vector<std::string>;

constexpr const char* kNone = "\u2013";  // en dash: there is no such figure

ms::data named(const std::string& name, const std::string& value) {
  ms::data out;
  out.set("name", name);
  out.set("value", value);
  return out;
}

ms::data card(const std::string& label, const std::string& figure, const Words& details) {
  ms::data out;
  out.set("label", label);
  out.set("figure", figure);
  out.set("details", text_list(details));
  return out;
}

template <class T, class F>
std::string text_or_none(const std::optional<T>& value, F text) {
  return value ? text(*value) : kNone;
}

std::string joules(double value) { return format_rounded(value, Dimension::energy); }
std::string seconds(double value) { return format_rounded(value, Dimension::time); }
std::string watts(double value) { return format_rounded(value, Dimension::power); }
std::string per_watt(double value) { return rounded_text(value) + " TOPS/W"; }
std::string per_area(double value) { return rounded_text(value) + " TOPS/mm\u00b2"; }

ms::data energy_card(const RunResult& r, const Derived& d) {
  Words details;
  if (r.energy_j) details.push_back(joules(*r.energy_j) + " for " + counted(r.images, "image", "images"));
  if (d.power_w) details.push_back(watts(*d.power_w) + " on average");
  if (d.tops_per_w) details.push_back(per_watt(*d.tops_per_w));
  return card("Energy per image", text_or_none(d.energy_per_image_j, joules), details);
}

ms::data latency_card(const RunResult& r) {
  Words details;
  if (r.latency_s) details.push_back(seconds(*r.latency_s) + " for " + counted(r.images, "image", "images"));
  if (r.cycles) details.push_back(counted(*r.cycles, "clock cycle", "clock cycles"));
  if (r.run_cycles && r.run_cycles != r.cycles)
    details.push_back("to the last event " + counted(*r.run_cycles, "cycle", "cycles"));
  return card("Latency, first image", text_or_none(r.latency_first_image_s, seconds), details);
}

ms::data throughput_card(const RunResult& r, const Derived& d) {
  Words details;
  if (d.tops) details.push_back(rounded_text(*d.tops) + " TOPS");
  details.push_back("schedule: " + r.schedule);
  return card("Images per second", text_or_none(r.throughput_images_per_s, rough_count_text), details);
}

ms::data accuracy_card(const RunResult& r) {
  Words details{"integer reference " + text_or_none(r.accuracy_reference_top1, percent_text),
                "floating point " + text_or_none(r.accuracy_float_top1, percent_text),
                r.sqnr_db ? rounded_text(*r.sqnr_db) + " dB SQNR" : "outputs equal the reference"};
  return card("Accuracy (top 1)", text_or_none(r.accuracy_top1, percent_text), details);
}

ms::data crossbars_card(const RunResult& r) {
  Words details{count_text(r.conventional.total) + " conventional",
                count_text(r.dense_sliced.total) + " dense sliced"};
  if (r.replicated.total != r.allocated.total)
    details.push_back(count_text(r.replicated.total) + " with replicas");
  return card("Crossbars allocated", count_text(r.allocated.total), details);
}

ms::data conversions_card(const RunResult& r) {
  const auto clipped =
      fraction_of(static_cast<double>(r.adc_clipped), static_cast<double>(r.adc_conversions));
  Words details{text_or_none(clipped, percent_text) + " clipped", "model: " + r.adc_model};
  return card("ADC conversions", rough_count_text(static_cast<double>(r.adc_conversions)), details);
}

ms::data area_card(const RunResult& r, const Derived& d) {
  Words details{"every component, used or not"};
  if (d.tops_per_mm2) details.push_back(per_area(*d.tops_per_mm2));
  return card("Chip area", rounded_text(r.area_mm2) + " mm\u00b2", details);
}

ms::data peak_card(const RunResult& r) {
  return card("Peak efficiency", text_or_none(r.peak.tops_per_w, per_watt),
              {rounded_text(r.peak.tops) + " TOPS", text_or_none(r.peak.tops_per_mm2, per_area)});
}

ms::data cards(const RunResult& r, const Derived& d) {
  ms::data out(ms::data::type::list);
  out.push_back(energy_card(r, d));
  out.push_back(latency_card(r));
  out.push_back(throughput_card(r, d));
  out.push_back(accuracy_card(r));
  out.push_back(crossbars_card(r));
  out.push_back(conversions_card(r));
  out.push_back(area_card(r, d));
  out.push_back(peak_card(r));
  return out;
}

ms::data charts(const RunResult& r) {
  ChartSections out;
  out.add("Energy by component", "All images: counted actions and leakage over the whole run.",
          energy_by_component_chart(r));
  out.add("Energy by layer", "Counted actions of each layer by component; leakage belongs to the whole chip.",
          energy_by_layer_chart(r));
  out.add("Time by layer",
          "From a layer's first wave to its last result, over all images; the full width is the whole run.",
          layer_latency_chart(r));
  out.add("Busy, stalled and idle",
          "How the row groups of each layer (or the vector unit) spend the run. Idle: nothing to do.",
          lane_cycles_chart(r));
  out.add("ADC resolution", "Conversions by the bits of the ADC that made them.", adc_bits_chart(r));
  out.add("Area by component", "The whole chip, used or not.", area_chart(r));
  return out.list();
}

ms::data layers(const RunResult& r) {
  ms::data out(ms::data::type::list);
  for (const LayerResult& layer : r.layers) {
    const std::uint64_t conversions = layer.actions[action_id("adc", "convert")];
    const auto clipped =
        fraction_of(static_cast<double>(layer.adc_clipped), static_cast<double>(conversions));
    const bool on_crossbars = layer.rows > 0;
    const auto size = [on_crossbars](std::int64_t value) { return on_crossbars ? count_text(value) : kNone; };
    ms::data row;
    row.set("name", layer.name);
    row.set("op", layer.op);
    row.set("rows", size(layer.rows));
    row.set("columns", size(layer.columns));
    row.set("waves", size(layer.waves));
    row.set("row_groups", size(layer.row_groups));
    row.set("crossbars", size(layer.crossbars));
    row.set("bit_cycles", on_crossbars ? count_text(layer.bit_cycles) : kNone);
    row.set("conversions", on_crossbars ? count_text(conversions) : kNone);
    row.set("clipped", text_or_none(clipped, percent_text));
    row.set("energy", r.energy_j ? joules(dynamic_energy_j(layer)) : kNone);
    row.set("time", r.latency_s ? seconds(layer.latency_s) : kNone);
    out.push_back(row);
  }
  return out;
}

ms::data crossbars(const RunResult& r) {
  ms::data out(ms::data::type::list);
  const auto add = [&out](const std::string& name, const CrossbarCount& count) {
    ms::data row;
    row.set("name", name);
    row.set("total", count_text(count.total));
    row.set("conv", count_text(count.conv));
    out.push_back(row);
  };
  add("conventional mapping", r.conventional);
  add("every bit plane, zeros or not", r.dense_sliced);
  add("allocated", r.allocated);
  add("allocated, with replicas", r.replicated);
  add("pairs of two polarities", r.pairs);
  return out;
}

ms::data peak(const RunResult& r) {
  ms::data out(ms::data::type::list);
  out.push_back(named("throughput", rounded_text(r.peak.tops) + " TOPS"));
  out.push_back(named("power", watts(r.peak.power_w)));
  out.push_back(named("efficiency", text_or_none(r.peak.tops_per_w, per_watt)));
  out.push_back(named("density", text_or_none(r.peak.tops_per_mm2, per_area)));
  return out;
}

ms::data facts(const RunResult& r) {
  ms::data out(ms::data::type::list);
  const std::string source = r.adc_model_source.empty() ? "" : " (" + r.adc_model_source + ")";
  out.push_back(named("workload", r.workload + ", " + counted(r.images, "image", "images")));
  out.push_back(named("mapping", r.mapping_scheme + ", " + r.signs + " signs"));
  out.push_back(named("ADC model", r.adc_model + source));
  if (!r.adc_range.empty()) out.push_back(named("ADC range", r.adc_range));
  out.push_back(named("devices", r.devices));
  out.push_back(named("function", r.function));
  out.push_back(named("schedule", r.schedule));
  out.push_back(named("chip clock", format_rounded(r.clock_hz, Dimension::frequency)));
  out.push_back(
      named("operations", count_text(r.ops) + " (2 per multiply-accumulate of the dense layer shapes)"));
  out.push_back(named("bit-cycles",
                      count_text(r.bit_cycles) + " run, " + count_text(r.bit_cycles_skipped) + " skipped"));
  out.push_back(named("seed", std::to_string(r.seed)));
  out.push_back(named("program", "squeezebar " + r.tool_version));
  return out;
}

ms::data hashes(const RunResult& r) {
  ms::data out(ms::data::type::list);
  out.push_back(named("workload hash", r.workload_hash));
  if (!r.calibration_hash.empty()) out.push_back(named("calibration hash", r.calibration_hash));
  for (const auto& [part, hash] : r.config_hash) out.push_back(named("config hash, " + part, hash));
  return out;
}

ms::data sources(const RunResult& r) {
  ms::data out(ms::data::type::list);
  for (const SourceLine& line : r.sources) out.push_back(named(line.section, line.source));
  return out;
}

ms::data config(const RunResult& r) {
  ms::data out(ms::data::type::list);
  for (const ConfigLine& line : r.config) {
    ms::data row;
    row.set("key", line.key);
    row.set("value", line.value);
    row.set("origin", line.origin);
    out.push_back(row);
  }
  return out;
}

class ReportHtml final : public ReportWriter {
 public:
  std::string write(const RunResult& r) const override {
    const Derived d = derive(r);
    ms::data page;
    page.set("title", r.workload + " on a simulated ReRAM chip");
    page.set("verdict", verdict(r));
    page.set("cards", cards(r, d));
    page.set("notes", text_list(reader_notes(r)));
    page.set("charts", charts(r));
    page.set("layers", layers(r));
    page.set("mapping", mapping_rows(r));
    page.set("has_stalls", r.cycles.has_value());
    page.set("stalls", stall_rows(r));
    page.set("has_index", r.index_storage.total() > 0);
    page.set("index", index_rows(r));
    page.set("has_adc_saving", r.adc_saving.crossbars > 0);
    page.set("adc_need", adc_need_rows(r.adc_saving));
    page.set("adc_saving", adc_saving_rows(r.adc_saving));
    page.set("adc_saving_hint", adc_saving_hint(r.adc_saving));
    page.set("crossbars", crossbars(r));
    page.set("peak", peak(r));
    page.set("facts", facts(r));
    page.set("hashes", hashes(r));
    page.set("has_sources", !r.sources.empty());
    page.set("sources", sources(r));
    page.set("has_config", !r.config.empty());
    page.set("config", config(r));
    page.set("footer", "squeezebar " + r.tool_version);
    return html_page(kReportTemplate, page);
  }
};

const Register<ReportWriter> reg{"report.html",
                                 "The run for people: one self-contained page with charts and tables.",
                                 [] { return std::make_unique<ReportHtml>(); }};

}  // namespace
}  // namespace squeezebar
