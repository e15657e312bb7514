// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>

#include "sim/base/units.h"
#include "sim/report/csv.h"
#include "sim/report/layer_energy.h"
#include "sim/report/writer.h"

namespace squeezebar {
namespace {

constexpr const char* kHeader =
    "layer,op,rows,columns,waves,row_groups,crossbars,bit_cycles,bit_cycles_skipped,adc_conversions,adc_"
    "clipped,"
    "crossbar_reads,dac_drives,busy_cycles,idle_cycles,stall_input_cycles,stall_partial_sum_cycles,stall_"
    "output_cycles,"
    "energy_j,latency_s,"
    "crossbars_replicated,replicas,replicas_max,tiles,tile_load_max_cycles,tile_load_mean_cycles,"
    "squeeze_degrees,squared_error,squared_weight,weight_error,"
    "index_occupancy_bits,index_row_mask_bits,index_permutation_bits,index_input_bits,index_output_bits\n";

/// "0:12 2:3": 12 row groups are not squeezed, 3 by two planes.
std::string degrees_text(const LayerResult& layer) {
  std::string out;
  for (const auto& [degree, groups] : layer.squeeze_degrees)
    out += fmt::format("{}{}:{}", out.empty() ? "" : " ", degree, groups);
  return out;
}

/// Dynamic energy and time are 0 in a run without timing.
std::string record(const LayerResult& layer) {
  const auto text = [](auto value) { return std::to_string(value); };
  return csv_record({layer.name,
                     layer.op,
                     text(layer.rows),
                     text(layer.columns),
                     text(layer.waves),
                     text(layer.row_groups),
                     text(layer.crossbars),
                     text(layer.bit_cycles),
                     text(layer.bit_cycles_skipped),
                     text(layer.actions[action_id("adc", "convert")]),
                     text(layer.adc_clipped),
                     text(layer.actions[action_id("crossbar", "read")]),
                     text(layer.actions[action_id("dac", "drive")]),
                     text(layer.cycles.busy),
                     text(layer.cycles.idle),
                     text(layer.cycles.stall_input),
                     text(layer.cycles.stall_partial_sum),
                     text(layer.cycles.stall_output),
                     format_number(dynamic_energy_j(layer)),
                     format_number(layer.latency_s),
                     text(layer.replicated),
                     text(layer.replicas),
                     text(layer.replicas_max),
                     text(layer.tiles),
                     text(layer.tile_load_max),
                     format_number(layer.tile_load_mean),
                     degrees_text(layer),
                     text(layer.weight_error.squared_error),
                     text(layer.weight_error.squared_weight),
                     format_number(layer.weight_error.relative()),
                     text(layer.index_storage.occupancy),
                     text(layer.index_storage.row_mask),
                     text(layer.index_storage.permutation),
                     text(layer.index_storage.input_index),
                     text(layer.index_storage.output_index)});
}

class LayersCsv final : public ReportWriter {
 public:
  std::string write(const RunResult& result) const override {
    std::string out = kHeader;
    for (const LayerResult& layer : result.layers) out += record(layer);
    return out;
  }
};

const Register<ReportWriter> reg{"layers.csv",
                                 "One row per layer: sizes, counts, cycles, dynamic energy and latency.",
                                 [] { return std::make_unique<LayersCsv>(); }};

}  // namespace
}  // namespace squeezebar
