// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>

#include <nlohmann/json.hpp>

#include "sim/cli/command.h"
#include "sim/report/number_text.h"
#include "sim/report/summary_text.h"
#include "sim/report/text_table.h"
#include "sim/run/run.h"

namespace squeezebar {
namespace {

/// Sums over layers.
struct Totals {
  std::int64_t row_groups = 0;
  std::int64_t conventional = 0;
  std::int64_t dense_sliced = 0;
  std::int64_t allocated = 0;
  int adc_bits_lossless = 0;  ///< the largest

  void add(const LayerCrossbars& layer) {
    row_groups += layer.row_groups;
    conventional += layer.conventional;
    dense_sliced += layer.dense_sliced;
    allocated += layer.allocated;
    adc_bits_lossless = std::max(adc_bits_lossless, layer.adc_bits_lossless);
  }
};

struct Sums {
  Totals all;
  Totals conv;
};

bool is_convolution(const Job& job, const std::string& name) {
  for (const Layer& layer : job.bundle.network.layers) {
    if (layer.name == name) return layer.is_convolution();
  }
  return false;
}

Sums sums_of(const Job& job, const std::vector<LayerCrossbars>& layers) {
  Sums out;
  for (const LayerCrossbars& layer : layers) {
    out.all.add(layer);
    if (is_convolution(job, layer.name)) out.conv.add(layer);
  }
  return out;
}

nlohmann::ordered_json totals_json(const Totals& totals) {
  return {{"row_groups", totals.row_groups},
          {"conventional", totals.conventional},
          {"dense_sliced", totals.dense_sliced},
          {"allocated", totals.allocated},
          {"adc_bits_lossless", totals.adc_bits_lossless}};
}

std::string map_json(const Job& job, const std::vector<LayerCrossbars>& layers) {
  nlohmann::ordered_json out;
  out["workload"] = job.bundle.network.name;
  out["mapping_scheme"] = job.config.model("mapping");
  out["signs"] = job.config.text("mapping.signs");
  out["synthetic"] = synthetic_parts(job.bundle);
  out["layers"] = nlohmann::ordered_json::array();
  for (const LayerCrossbars& layer : layers) {
    out["layers"].push_back({{"layer", layer.name},
                             {"op", layer.op},
                             {"rows", layer.rows},
                             {"columns", layer.columns},
                             {"row_groups", layer.row_groups},
                             {"conventional", layer.conventional},
                             {"dense_sliced", layer.dense_sliced},
                             {"allocated", layer.allocated},
                             {"adc_bits_lossless", layer.adc_bits_lossless}});
  }
  const Sums sums = sums_of(job, layers);
  out["total"] = totals_json(sums.all);
  out["conv"] = totals_json(sums.conv);
  return out.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

void add_totals(TextTable& table, const std::string& name, const Totals& totals) {
  table.row({name, "", "", "", count_text(totals.row_groups), count_text(totals.conventional),
             count_text(totals.dense_sliced), count_text(totals.allocated),
             std::to_string(totals.adc_bits_lossless)});
}

std::string map_text(const Job& job, const std::vector<LayerCrossbars>& layers) {
  constexpr auto kLeft = Align::left;
  constexpr auto kRight = Align::right;
  TextTable table({kLeft, kLeft, kRight, kRight, kRight, kRight, kRight, kRight, kRight});
  table.row({"layer", "operator", "rows", "columns", "row groups", "conventional", "dense sliced",
             "allocated", "lossless ADC bits"});
  table.rule();
  for (const LayerCrossbars& layer : layers) {
    table.row({layer.name, layer.op, count_text(std::int64_t{layer.rows}),
               count_text(std::int64_t{layer.columns}), count_text(layer.row_groups),
               count_text(layer.conventional), count_text(layer.dense_sliced), count_text(layer.allocated),
               std::to_string(layer.adc_bits_lossless)});
  }
  table.rule();
  const Sums sums = sums_of(job, layers);
  add_totals(table, "convolutions", sums.conv);
  add_totals(table, "all layers", sums.all);
  return synthetic_lines(synthetic_parts(job.bundle)) + "crossbars of " + job.bundle.network.name +
         " (allocated: " + job.config.model("mapping") + " with " + job.config.text("mapping.signs") +
         " signs, one replica)\n\n" + table.text();
}

class MapCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"CONFIG"}}; }
  void declare(po::options_description& options) const override { declare_overrides(options); }

  std::string details() const override {
    return "conventional: all bits of a weight in adjacent columns of one crossbar. dense sliced: every bit "
           "plane in its\n"
           "own crossbar, zeros or not. allocated: what the configured mapping needs for these weights. "
           "lossless ADC\n"
           "bits: the fewest with which no sum of the layer is clipped.\n\n"
           "  squeezebar map configs/examples/digits_sme.yaml\n"
           "  squeezebar map configs/examples/digits_sme.yaml --set cell.bits=2 --json\n";
  }

  int run(const Invocation& invocation) const override {
    Diagnostics diagnostics;
    const Job job = load_job(invocation.get<std::string>("CONFIG"), overrides_of(invocation), diagnostics);
    if (diagnostics.has_errors()) throw UserError(diagnostics);
    invocation.console.warnings(diagnostics);
    const std::vector<LayerCrossbars> layers = map_job(job);
    invocation.console.result(invocation.console.json() ? map_json(job, layers) : map_text(job, layers));
    return 0;
  }
};

const Register<Command> reg{"map",
                            "Counts the crossbars of every layer under each mapping, without a simulation.",
                            [] { return std::make_unique<MapCommand>(); }};

}  // namespace
}  // namespace squeezebar
