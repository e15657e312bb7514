// SPDX-License-Identifier: Apache-2.0
#include "sim/run/run.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "models/adc/adc.h"
#include "models/cell/cell.h"
#include "models/chip/chip.h"
#include "models/index_memory/index_memory.h"
#include "models/technology/technology.h"
#include "sim/base/yaml.h"
#include "sim/compile/adc_spread.h"
#include "sim/compile/chip_rates.h"
#include "sim/compile/cost_table.h"
#include "sim/energy/account.h"
#include "sim/energy/breakdown.h"
#include "sim/energy/peak.h"
#include "sim/engine/crossbar/adc/adaptive_adc.h"
#include "sim/engine/crossbar/adc/calibration.h"
#include "sim/engine/crossbar/adc/converter_cost.h"
#include "sim/engine/crossbar/row_group_work.h"
#include "sim/report/activity_json.h"
#include "sim/report/number_text.h"
#include "sim/run/adc_saving.h"
#include "sim/run/constant_power.h"
#include "sim/run/elaborate.h"
#include "sim/run/host.h"
#include "sim/run/params.h"
#include "sim/run/prepared.h"
#include "sim/run/traces.h"
#include "sim/run/values.h"
#include "sim/run/values_file.h"
#include "sim/run/work_store.h"

namespace squeezebar {
namespace {

/// Accuracy against labels and against the integer reference, gathered image by image.
class AccuracyMeter {
 public:
  AccuracyMeter(const Bundle& bundle, const RunParams& params)
      : bundle_(bundle), first_(params.first_image), keep_(params.outputs) {}

  void add(const ImageValues& image) {
    const auto at = static_cast<std::size_t>(first_ + images_++);
    if (!bundle_.samples.labels.empty()) {
      right_ += image.top1 == bundle_.samples.labels[at];
      reference_right_ += image.reference_top1 == bundle_.samples.labels[at];
    }
    signal_ += image.signal;
    noise_ += image.noise;
    if (keep_) outputs_.push_back(image.output);
  }

  void report(RunResult& result) const {
    if (!bundle_.samples.labels.empty()) {
      result.accuracy_top1 = static_cast<double>(right_) / static_cast<double>(images_);
      result.accuracy_reference_top1 = static_cast<double>(reference_right_) / static_cast<double>(images_);
    }
    if (noise_ > 0 && signal_ > 0) result.sqnr_db = 10 * std::log10(signal_ / noise_);
  }
  [[nodiscard]] std::vector<FeatureMap> take_outputs() { return std::move(outputs_); }

 private:
  const Bundle& bundle_;
  std::int64_t first_;
  bool keep_;
  std::int64_t images_ = 0;
  std::int64_t right_ = 0;
  std::int64_t reference_right_ = 0;
  double signal_ = 0;
  double noise_ = 0;
  std::vector<FeatureMap> outputs_;
};

double weight_sparsity(const Network& network) {
  std::int64_t zeros = 0;
  std::int64_t all = 0;
  for (const Layer& layer : network.layers) {
    zeros += std::count(layer.weights.values.begin(), layer.weights.values.end(), 0);
    all += static_cast<std::int64_t>(layer.weights.values.size());
  }
  return fraction_of(static_cast<double>(zeros), static_cast<double>(all)).value_or(0.0);
}

/// Images of the job that its ADCs' steps were chosen with.
std::int64_t images_of_calibration(const Job& job) {
  if (!job.calibration) return 0;
  const std::int64_t first = job.config.get<RunParams>().first_image;
  const std::int64_t last = first + job.images;
  const std::int64_t last_seen = job.calibration->first_image + job.calibration->images;
  return std::max<std::int64_t>(0, std::min(last, last_seen) - std::max(first, job.calibration->first_image));
}

void describe_config(const Job& job, RunResult& result) {
  const Config& config = job.config;
  const RunIdentity identity = identity_of(job);
  result.tool_version = identity.tool_version;
  result.program = identity.program;
  result.config_hash = {
      {"accounting", identity.accounting}, {"timing", identity.timing}, {"values", identity.values}};
  result.seed = config.get<RunParams>().seed;
  result.workload = job.bundle.network.name;
  result.workload_hash = identity.workload;
  result.function = config.text("run.function");
  result.schedule = config.text("run.schedule");
  result.devices = config.variant<CellModel>().devices();
  result.adc_model = config.model("adc");
  result.adc_model_source = config.variant<AdcModel>().source();
  result.adc_range = config.text("adc.range");
  if (job.calibration) result.calibration_hash = job.calibration->hash;
  result.mapping_scheme = config.model("mapping");
  result.signs = config.text("mapping.signs");
  result.images = job.images;
  result.weight_sparsity = weight_sparsity(job.bundle.network);
  result.synthetic = synthetic_parts(job.bundle);
  for (const std::string& part : result.synthetic)
    result.notes.push_back(fmt::format("synthetic: {}, run seed {}", part, result.seed));
  if (const std::int64_t seen = images_of_calibration(job); seen > 0)
    result.notes.push_back(
        fmt::format("not held out: {} of the {} images also calibrated the ADCs", seen, job.images));
  result.clock_hz = config.get<ChipParams>().clock.si();
  result.ops = job.bundle.network.ops() * job.images;
  if (config.get<MappingParams>().signs == Signs::magnitude)
    result.notes.emplace_back("optimistic: sign is free");
  if (is_adaptive(config)) {
    result.notes.emplace_back(
        "adaptive ADC resolution changes costs alone: values and times are those of full conversions");
  }
  const auto folder = std::filesystem::path(config.file()).parent_path();
  std::string last_section;
  for (const ConfigValue& value : config.values()) {
    // What describes this execution, like the number of threads, is no part of the results.
    if (value.field != nullptr && !value.field->recorded) continue;
    const bool is_path = value.field != nullptr && value.field->type == FieldType::path;
    result.config.push_back(
        {value.key, is_path ? config.text(value.key, &folder) : value.text, config.comment(value.key)});
    const std::string section = value.key.substr(0, value.key.find('.'));
    if (section == last_section) continue;
    last_section = section;
    for (const std::string& source : config.source(section)) result.sources.push_back({section, source});
  }
}

void describe_crossbars(const Job& job, RunResult& result) {
  const Network& network = job.bundle.network;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const MappedLayer& layer = job.hardware->hardware.layers[i];
    const auto add = [&](CrossbarCount& sum, std::int64_t n) {
      sum.total += n;
      if (network.layers[i].is_convolution()) sum.conv += n;
    };
    add(result.conventional, layer.conventional);
    add(result.dense_sliced, layer.dense_sliced);
    add(result.allocated, layer.crossbars);
    add(result.replicated, job.hardware->hardware.places[i].crossbars);
    add(result.pairs, layer.pairs);
  }
}

void describe_layers(const Job& job, RunResult& result) {
  const Network& network = job.bundle.network;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    const Layer& layer = network.layers[i];
    LayerResult out;
    out.name = layer.name;
    out.op = layer.op_name;
    out.rows = layer.weights.rows;
    out.columns = layer.weights.columns;
    out.waves = std::int64_t{layer.waves()} * job.images;
    const LayerLanes& lanes = job.hardware->plan.layers[i].engine;
    out.row_groups = static_cast<std::int64_t>(lanes.lanes.size());
    out.work.counters = lanes.counters;
    out.work.totals =
        WorkTotals(static_cast<int>(lanes.lanes.size()), static_cast<int>(lanes.counters.size()));
    const MappedLayer& mapped = job.hardware->hardware.layers[i];
    const PlacedLayer& place = job.hardware->hardware.places[i];
    out.crossbars = mapped.crossbars;
    out.replicated = place.crossbars;
    for (const MappedGroup& group : mapped.mapping.groups) {
      out.replicas += group.replicas;
      out.replicas_max = std::max<std::int64_t>(out.replicas_max, group.replicas);
      ++out.squeeze_degrees[group.squeeze_degree];
    }
    if (layer.on_crossbars()) {
      out.tiles = place.tiles;
      out.tile_load_max = place.placement.largest_load();
      out.tile_load_mean = place.placement.mean_load();
    }
    out.index_storage = mapped.mapping.index;
    out.weight_error = mapped.mapping.error;
    result.index_storage += out.index_storage;
    result.weight_error += out.weight_error;
    result.layers.push_back(std::move(out));
  }
}

FittedParts fitted_parts(const Job& job) {
  const Hardware& hardware = job.hardware->hardware;
  return {job.config.get<IndexMemoryParams>().charged_bits(hardware.fitted_index()), hardware.squeezed()};
}

CostTable costs_of(const Job& job) {
  return cost_table(job.config, adc_resolutions(job.hardware->hardware), fitted_parts(job));
}

void describe_timing(const ChipTiming& timing, double clock_hz, RunResult& result) {
  const auto seconds = [&](Cycles cycles) { return static_cast<double>(cycles) / clock_hz; };
  const auto& ends = timing.image_ends;
  result.cycles = ends.back();
  result.latency_s = seconds(ends.back());
  result.latency_first_image_s = seconds(ends.front());
  if (ends.size() > 1 && ends.back() > ends.front()) {
    result.throughput_images_per_s =
        static_cast<double>(ends.size() - 1) / seconds(ends.back() - ends.front());
  }
  for (std::size_t i = 0; i < timing.layers.size(); ++i) {
    const LayerTiming& from = timing.layers[i];
    LayerResult& layer = result.layers[i];
    layer.cycles = from;
    layer.latency_s = seconds(from.last_result - from.first_start);
    if (layer.cycles.total() != timing.end * from.lanes) {
      throw RunError(fmt::format("lane times of layer '{}' do not sum to the run's length", layer.name));
    }
  }
}

/// Cycles to the last event: what the times of every lane sum to.
std::int64_t length_of(const RunResult& result) {
  const LayerResult& layer = result.layers.front();
  return layer.cycles.total() / std::max<std::int64_t>(1, layer.replicas);
}

/// Of these actions, those that a run without timing shows: nothing has a price there, but what was converted
/// weighs the resolutions that crossbars need.
ActionCounts without_time(const ActionCounts& actions) {
  const ActionId conversion = action_id("adc", "convert");
  ActionCounts out;
  for (const auto& [action, n] : actions.all()) {
    if (action.action == conversion) out.add(action, n);
  }
  return out;
}

/// What the lanes did is counted by rates, whether it was measured now or is taken from an earlier run.
void count_work(const Job& job, RunResult& result) {
  for (std::size_t i = 0; i < result.layers.size(); ++i) {
    LayerResult& layer = result.layers[i];
    CountedWork counted = count_layer(job.hardware->plan, static_cast<int>(i), layer.work.totals);
    layer.actions = result.latency_s ? std::move(counted.actions) : without_time(counted.actions);
    layer.tallies = std::move(counted.tallies);
    layer.bit_cycles = layer.work.sum("bit_cycles");
    layer.bit_cycles_skipped = layer.work.sum("skipped");
    layer.adc_clipped = layer.work.sum("clipped");
  }
}

/// What a resolution for each crossbar saves, by what was converted.
void describe_adc_saving(const Job& job, RunResult& result) {
  ConversionsByBound all;
  for (const LayerResult& layer : result.layers) {
    const auto found = layer.tallies.find(kConversionsByBound);
    if (found == layer.tallies.end()) continue;
    for (const auto& [bound, count] : found->second) all[bound] += count;
  }
  result.adc_saving = adc_saving(job.config, job.bundle.network, level_sums_of(job.hardware->hardware));
  weigh_by_conversions(job.config, all, result.adc_saving);
}

void sum_layers(RunResult& result) {
  const ActionId conversion = action_id("adc", "convert");
  for (const LayerResult& layer : result.layers) {
    result.bit_cycles += layer.bit_cycles;
    result.bit_cycles_skipped += layer.bit_cycles_skipped;
    result.adc_clipped += layer.adc_clipped;
    result.adc_conversions += layer.actions[conversion];
    for (const auto& [action, n] : layer.actions.all()) {
      if (action.action == conversion) result.adc_bits_histogram[action.size] += n;
    }
  }
}

std::vector<LayerCounts> counts_of(const RunResult& result) {
  std::vector<LayerCounts> out;
  for (const LayerResult& layer : result.layers) out.push_back({layer.name, layer.actions});
  return out;
}

void price(const Job& job, const CostTable& costs, RunResult& result) {
  const std::vector<LayerCounts> counts = counts_of(result);
  const Time length(*result.latency_s);
  const EnergyResult energy = account(costs, counts, length);
  result.energy_j = energy.total.si();
  if (std::string note = constant_power_note(costs, energy); !note.empty())
    result.notes.push_back(std::move(note));
  for (const PricedEnergy& component : energy.components) {
    result.energy.push_back({component.name, component.dynamic.si(), component.leakage.si()});
  }
  for (std::size_t i = 0; i < energy.layers.size(); ++i) {
    for (std::size_t c = 0; c < energy.components.size(); ++c) {
      result.layers[i].energy.push_back(
          {energy.components[c].name, energy.layers[i].components[c].si(), 0.0});
    }
  }
  result.energy_by_adc_model =
      energy_by_adc_model(job.config, adc_resolutions(job.hardware->hardware), costs, counts, length);
}

void describe_chip(const Job& job, const CostTable& costs, RunResult& result) {
  const Config& config = job.config;
  const int bits = job.hardware->hardware.adc_bits;
  constexpr double kSquareMillimetre = 1e-6;
  const Breakdown whole = area(costs);
  for (const BreakdownLine& line : whole.lines) {
    result.area_by_component_mm2.emplace_back(line.name, line.area.si() / kSquareMillimetre);
  }
  result.area_mm2 = whole.area.si() / kSquareMillimetre;
  const Peak best = peak(costs, peak_machine(config, bits, config.variant<MappingScheme>().sliced(),
                                             config.get<MappingParams>().signs == Signs::differential));
  result.peak = {best.power.si(), best.tops, best.tops_per_w, best.tops_per_mm2};
  const AdcResolutions adcs = adc_resolutions(job.hardware->hardware);
  const AdcModel& model = config.variant<AdcModel>();
  result.adc_extrapolated = adc_prices(config, model, adcs).extrapolated;
  if (const int one_bit = one_bit_adc(config, model);
      one_bit > 1 && (adcs.built == 1 || adcs.crossbars.contains(1))) {
    result.notes.push_back(
        fmt::format("one bit costs as much as an ADC of {} bits of the model '{}', which is less "
                    "than a sense amplifier",
                    one_bit, result.adc_model));
  }
  if (result.adc_extrapolated) {
    result.notes.push_back(
        fmt::format("the ADC model '{}' is extrapolated at {} bits", result.adc_model, bits));
  }
}

bool takes_values(const RunContext& context) {
  return context.reused && context.reused->part == Reusable::Part::values;
}

std::unique_ptr<ValueSource> value_source(const Job& job, const RunContext& context) {
  if (takes_values(context)) return std::make_unique<StoredValues>(context.reused->file);
  const std::shared_ptr<const Hardware> hardware(job.hardware, &job.hardware->hardware);
  return std::make_unique<ValueEngine>(job.bundle, static_cast<int>(job.config.get<RunParams>().first_image),
                                       hardware);
}

/// Takes time and counts from an earlier run, as far as that is what the context has; else the result is as
/// it was.
bool took_activity(const RunContext& context, RunResult& result) {
  if (!context.reused || context.reused->part != Reusable::Part::timing) return false;
  Diagnostics diagnostics;
  const std::string file = context.reused->file.string();
  const std::optional<std::string> text = read_text_file(file, diagnostics);
  RunResult out = result;
  const bool took = text && restore_activity(*text, file, out, diagnostics);
  if (took) result = std::move(out);
  if (!took && !context.or_simulate) throw UserError(diagnostics);
  return took;
}

/// Values and time: everything that no price changes.
void measure(const Job& job, const RunContext& context, Run& run) {
  const RunParams& params = job.config.get<RunParams>();
  RunResult& result = run.result;
  const std::unique_ptr<ValueSource> values = value_source(job, context);
  std::optional<ValuesWriter> kept;
  if (context.values_limit_bytes > 0)
    kept.emplace(context.beside / kValuesFile, identity_of(job).values_id(), job.images,
                 context.values_limit_bytes);
  AccuracyMeter accuracy(job.bundle, params);
  const auto tell = [&](std::int64_t done) {
    if (context.progress) context.progress(done, job.images);
  };
  WorkStore store(*values, job.bundle.network, job.images, params.lookahead, params.threads,
                  [&](const ImageValues& image) {
                    accuracy.add(image);
                    if (kept) kept->add(image);
                    for (std::size_t i = 0; i < result.layers.size(); ++i)
                      result.layers[i].work.totals.add(image.work[i]);
                  });
  if (params.function == RunFunction::values) {
    store.drain(tell);
  } else {
    Traces traces(job, context.traces ? context.beside : std::filesystem::path());
    const ChipTiming timing = simulate(job.hardware->plan, store, tell, traces.watch());
    traces.finish(timing);
    // A network whose every crossbar layer is empty asks for no activity; its outputs are computed all the
    // same.
    store.drain({});
    describe_timing(timing, result.clock_hz, result);
    run.host.delta_cycles = timing.delta_cycles;
  }
  if (kept) run.values_digest = kept->finish();
  if (takes_values(context)) run.host.reused = "values";
  accuracy.report(result);
  run.outputs = accuracy.take_outputs();
}

}  // namespace

std::vector<std::string> price_notes(const Job& job) { return cost_notes(job.config, costs_of(job)); }

Run run_job(const Job& job, const RunContext& context) {
  Run run;
  const HostClock clock;
  RunResult& result = run.result;
  describe_config(job, result);
  describe_crossbars(job, result);
  describe_layers(job, result);
  result.index_memory_bits = fitted_parts(job).index_bits;
  const CostTable costs = costs_of(job);
  describe_chip(job, costs, result);
  for (std::string& note : cost_notes(job.config, costs)) result.notes.push_back(std::move(note));
  if (took_activity(context, result)) {
    run.host.reused = "timing";
  } else {
    measure(job, context, run);
  }
  // The provenance may tell more now than it did when stored activity was measured.
  result.accuracy_float_top1 =
      float_accuracy(job.bundle, job.config.get<RunParams>().first_image, job.images);
  count_work(job, result);
  if (result.latency_s) {
    result.run_cycles = length_of(result);
    price(job, costs, result);
  }
  sum_layers(result);
  describe_adc_saving(job, result);
  clock.report(job.config.get<RunParams>().threads, run.host);
  return run;
}

}  // namespace squeezebar
