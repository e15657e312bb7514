// SPDX-License-Identifier: Apache-2.0
#include "tests/unit/report/sample_result.h"

#include "sim/report/writer.h"

namespace squeezebar::test {
namespace {

struct LayerShape {
  const char* name;
  const char* op;
  int rows, columns;
  std::int64_t pixels, groups, crossbars;
};

constexpr LayerShape kShapes[] = {
    {"conv1", "conv2d", 9, 16, 64, 1, 14}, {"conv2", "conv2d", 144, 32, 64, 2, 28},
    {"pool2", "max_pool", 0, 0, 0, 0, 0},  {"conv3", "conv2d", 288, 32, 16, 3, 39},
    {"pool3", "max_pool", 0, 0, 0, 0, 0},  {"fc1", "linear", 128, 64, 1, 1, 13},
    {"fc2", "linear", 64, 10, 1, 1, 12}};

constexpr int kAdcBits = 6;
constexpr double kLatency = 3.2e-3;

/// Price of one action and leakage of each component.
struct Price {
  const char* component;
  const char* action;
  double energy_j;
  double leakage_w;
};

constexpr Price kPrices[] = {{"dac", "drive", 4.6e-14, 0.0},        {"crossbar", "read", 3.0e-11, 0.0},
                             {"sample_hold", "sample", 1e-18, 0.0}, {"mux", "select", 2e-17, 0.0},
                             {"adc", "convert", 5.35e-13, 0.0},     {"shift_add", "add", 4e-14, 1e-5},
                             {"splice", "add", 3e-14, 0.0},         {"buffer", "access", 1.1e-12, 2e-4},
                             {"bus", "transfer", 7e-13, 0.0},       {"noc", "transfer", 3.1e-12, 1.6e-4},
                             {"activation", "op", 3e-13, 0.0}};

/// The hardware that would register them is no part of these tests.
const bool registered = [] {
  for (const Price& price : kPrices) RegisterAction(price.component, price.action, "one");
  return true;
}();

LayerResult make_layer(const LayerShape& shape, std::int64_t images) {
  LayerResult layer;
  layer.name = shape.name;
  layer.op = shape.op;
  layer.rows = shape.rows;
  layer.columns = shape.columns;
  layer.waves = shape.pixels * images;
  layer.row_groups = shape.groups;
  layer.crossbars = shape.crossbars;
  layer.replicated = 2 * shape.crossbars;
  layer.replicas = 2 * shape.groups;
  if (shape.groups > 0) {
    layer.replicas_max = 2;
    layer.tiles = 1;
    layer.tile_load_max = 64 * shape.pixels;
    layer.tile_load_mean = static_cast<double>(layer.tile_load_max);
    layer.squeeze_degrees = {{0, shape.groups - 1}, {2, 1}};
    layer.weight_error = {shape.rows * 3, shape.rows * shape.columns * 100};
    layer.index_storage = {
        .occupancy = 8 * shape.groups, .row_mask = shape.rows, .permutation = 7 * shape.rows};
  }
  layer.latency_s = kLatency * (0.9 + 0.01 * static_cast<double>(shape.groups));
  const auto waves = static_cast<std::uint64_t>(layer.waves);
  const auto groups = static_cast<std::uint64_t>(shape.groups);
  const auto crossbars = static_cast<std::uint64_t>(shape.crossbars);
  layer.bit_cycles = 8 * waves * groups;
  layer.actions.add(action_id("crossbar", "read"), 8 * waves * crossbars);
  layer.actions.add(action_id("dac", "drive"),
                    8 * waves * crossbars * static_cast<std::uint64_t>(shape.rows));
  layer.actions.add({action_id("adc", "convert"), kAdcBits}, 8 * waves * crossbars * 128);
  layer.actions.add(action_id("sample_hold", "sample"), layer.actions[action_id("adc", "convert")]);
  layer.actions.add(action_id("mux", "select"), layer.actions[action_id("adc", "convert")]);
  layer.actions.add(action_id("shift_add", "add"), layer.actions[action_id("adc", "convert")]);
  layer.actions.add(action_id("buffer", "access"), static_cast<std::uint64_t>(images) * 700);
  layer.actions.add(action_id("noc", "transfer"), static_cast<std::uint64_t>(images) * 512);
  layer.actions.add(action_id("activation", "op"), waves * static_cast<std::uint64_t>(shape.columns));
  layer.adc_clipped = layer.actions[action_id("adc", "convert")] / 700;
  if (shape.groups > 0) {
    const std::int64_t lanes = shape.groups;
    layer.cycles.busy = static_cast<std::int64_t>(layer.bit_cycles) * 120;
    layer.cycles.stall_input = lanes * 9000 * (5 - lanes);
    layer.cycles.stall_partial_sum = lanes * 31000;
    layer.cycles.stall_output = lanes * 1200;
    layer.cycles.idle = lanes * 80000;
  }
  for (const Price& price : kPrices) {
    layer.energy.push_back(
        {price.component,
         price.energy_j * static_cast<double>(layer.actions[action_id(price.component, price.action)]), 0.0});
  }
  return layer;
}

void add_totals(RunResult& r) {
  double energy = 0.0;
  for (std::size_t i = 0; i < std::size(kPrices); ++i) {
    ComponentEnergy part{kPrices[i].component, 0.0, kPrices[i].leakage_w * kLatency};
    for (const LayerResult& layer : r.layers) part.dynamic_j += layer.energy[i].dynamic_j;
    energy += part.total_j();
    r.energy.push_back(part);
    r.area_by_component_mm2.emplace_back(part.component, 0.03 * static_cast<double>(i + 1));
    r.area_mm2 += 0.03 * static_cast<double>(i + 1);
  }
  r.energy_j = energy;
  for (const LayerResult& layer : r.layers) {
    r.adc_conversions += layer.actions[action_id("adc", "convert")];
    r.adc_clipped += layer.adc_clipped;
    r.bit_cycles += layer.bit_cycles;
    r.index_storage += layer.index_storage;
    r.weight_error += layer.weight_error;
    r.allocated.total += layer.crossbars;
    if (layer.op == "conv2d") r.allocated.conv += layer.crossbars;
  }
  r.adc_bits_histogram = {{kAdcBits, r.adc_conversions}};
  r.replicated = {2 * r.allocated.total, 2 * r.allocated.conv};
  r.index_memory_bits = r.index_storage.total() + 4096;
}

void add_identity(RunResult& r) {
  r.tool_version = "0.1.0";
  r.program = std::string(64, 'a');
  r.config_hash = {{"accounting", std::string(64, 'a')},
                   {"timing", std::string(64, 'b')},
                   {"values", std::string(64, 'c')}};
  r.seed = 1;
  r.workload = "digits-p70";
  r.workload_hash = std::string(64, 'd');
  r.function = "exact";
  r.schedule = "pipelined";
  r.devices = "ideal";
  r.adc_model = "linear";
  r.adc_model_source = "energy in proportion to bits";
  r.mapping_scheme = "bit_sliced";
  r.signs = "magnitude";
  r.images = 599;
  r.notes = {"optimistic: sign is free"};
  r.resolved_yaml = "version: 1\nadc:\n  bits: 6  # adc.yaml:4:9\n";
  r.config = {{"adc.bits", "6", "../circuit/sme_adc.yaml:5:9"},
              {"adc.model", "linear", "../circuit/sme_adc.yaml:4:10"},
              {"chip.clock", "1.2 GHz", "../chip/sme.yaml:8:10"},
              {"mapping.replicas", "1", "default"}};
  r.sources = {{"adc", "SME Table I: 8 ADCs of a CU take 5.14 mW <and> \"more\""}, {"chip", "SME"}};
}

}  // namespace

RunResult sample_result() {
  RunResult r;
  add_identity(r);
  r.latency_s = kLatency;
  r.latency_first_image_s = 9.7e-6;
  r.throughput_images_per_s = 187234.5;
  r.cycles = 3840000;
  r.run_cycles = 3840960;
  r.clock_hz = 1.2e9;
  r.ops = 599LL * 2 * (9 * 16 * 64 + 144 * 32 * 64 + 288 * 32 * 16 + 128 * 64 + 64 * 10);
  r.peak = {0.86, 0.25, 0.29, 0.131};
  r.conventional = {17, 11};
  r.dense_sliced = {168, 84};
  r.pairs = {53, 40};
  for (const LayerShape& shape : kShapes) r.layers.push_back(make_layer(shape, r.images));
  add_totals(r);
  r.accuracy_top1 = 0.988313856427379;
  r.accuracy_reference_top1 = 0.993322203672788;
  r.accuracy_float_top1 = 0.996661101836394;
  r.sqnr_db = 31.25;
  return r;
}

RunResult sample_values_result() {
  RunResult r = sample_result();
  r.function = "values";
  r.latency_s.reset();
  r.latency_first_image_s.reset();
  r.throughput_images_per_s.reset();
  r.cycles.reset();
  r.run_cycles.reset();
  r.energy_j.reset();
  r.energy.clear();
  for (LayerResult& layer : r.layers) {
    layer.energy.clear();
    layer.cycles = {};
    layer.latency_s = 0.0;
  }
  return r;
}

std::string written(const std::string& file, const RunResult& result) {
  return Registry<ReportWriter>::instance().create(file)->write(result);
}

}  // namespace squeezebar::test
