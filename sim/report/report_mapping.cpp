// SPDX-License-Identifier: Apache-2.0
#include "sim/report/report_mapping.h"

#include <fmt/format.h>

#include "sim/report/derived.h"
#include "sim/report/index_parts.h"
#include "sim/report/number_text.h"

namespace squeezebar {
namespace {

namespace ms = kainjow::mustache;

constexpr const char* kNone = "\u2013";  // en dash: there is no such figure

std::string replicas_text(const LayerResult& layer) {
  if (layer.replicas_max <= 1) return "1";
  const double mean = static_cast<double>(layer.replicas) / static_cast<double>(layer.row_groups);
  return fmt::format("{} (mean {})", layer.replicas_max, rounded_text(mean, 3));
}

/// "12 not, 3 by 2": row groups by how far they are squeezed.
std::string squeezed_text(const LayerResult& layer) {
  std::string out;
  for (const auto& [degree, groups] : layer.squeeze_degrees) {
    out += fmt::format("{}{} {}", out.empty() ? "" : ", ", count_text(groups),
                       degree == 0 ? "not" : fmt::format("by {}", degree));
  }
  return out.empty() ? kNone : out;
}

/// Cycles with their share of the row groups' time.
std::string share_text(std::int64_t cycles, std::int64_t total) {
  const auto share = fraction_of(static_cast<double>(cycles), static_cast<double>(total));
  return share ? percent_text(*share) : kNone;
}

}  // namespace

ms::data mapping_rows(const RunResult& r) {
  ms::data out(ms::data::type::list);
  for (const LayerResult& layer : r.layers) {
    if (layer.rows == 0) continue;
    ms::data row;
    row.set("name", layer.name);
    row.set("row_groups", count_text(layer.row_groups));
    row.set("replicas", replicas_text(layer));
    row.set("crossbars", count_text(layer.crossbars));
    row.set("replicated", count_text(layer.replicated));
    row.set("tiles", count_text(layer.tiles));
    row.set("load_max", count_text(layer.tile_load_max));
    row.set("load_mean", rounded_text(layer.tile_load_mean));
    row.set("squeezed", squeezed_text(layer));
    row.set("error",
            layer.weight_error.squared_error == 0 ? "0" : percent_text(layer.weight_error.relative()));
    row.set("index", count_text(layer.index_storage.total()));
    out.push_back(row);
  }
  return out;
}

ms::data stall_rows(const RunResult& r) {
  ms::data out(ms::data::type::list);
  const auto add = [&out](const std::string& name, const LaneTime& cycles, std::uint64_t run,
                          std::uint64_t skipped) {
    ms::data row;
    row.set("name", name);
    row.set("bit_cycles", count_text(run));
    row.set("skipped", count_text(skipped));
    row.set("busy", share_text(cycles.busy, cycles.total()));
    row.set("input", count_text(cycles.stall_input));
    row.set("partial_sum", count_text(cycles.stall_partial_sum));
    row.set("output", count_text(cycles.stall_output));
    row.set("idle", share_text(cycles.idle, cycles.total()));
    out.push_back(row);
  };
  if (!r.cycles) return out;
  for (const LayerResult& layer : r.layers)
    add(layer.name, layer.cycles, layer.bit_cycles, layer.bit_cycles_skipped);
  add("all layers", derive(r).cycles, r.bit_cycles, r.bit_cycles_skipped);
  return out;
}

ms::data index_rows(const RunResult& r) {
  ms::data out(ms::data::type::list);
  const auto add = [&out](const std::string& name, std::int64_t bits) {
    ms::data row;
    row.set("name", name);
    row.set("bits", count_text(bits));
    out.push_back(row);
  };
  for (const auto& [name, bits] : index_parts(r.index_storage)) add(name, bits);
  add("all", r.index_storage.total());
  add("index memory of the chip, with replicas", r.index_memory_bits);
  return out;
}

}  // namespace squeezebar
