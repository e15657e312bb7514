// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/report/adc_saving.h"
#include "sim/terms/actions.h"
#include "sim/terms/index_storage.h"
#include "sim/terms/lane_time.h"
#include "sim/terms/rates.h"
#include "sim/terms/weight_error.h"

namespace squeezebar {

/// Joules by component, in the order of the cost table.
struct ComponentEnergy {
  std::string component;
  double dynamic_j = 0.0;  ///< counted actions
  double static_j = 0.0;   ///< leakage and constant power over the run
  [[nodiscard]] double total_j() const { return dynamic_j + static_j; }
};

/// Sums over the waves of all images, of a layer's lanes.
struct LayerWork {
  std::vector<std::string> counters;  ///< by number
  WorkTotals totals;

  /// Of all lanes; 0 if nothing is counted under this name.
  [[nodiscard]] Count sum(std::string_view counter) const {
    const auto found = std::find(counters.begin(), counters.end(), counter);
    return found == counters.end() ? 0 : totals.sum(static_cast<int>(found - counters.begin()));
  }
};

struct LayerResult {
  std::string name;
  std::string op;
  int rows = 0;  ///< of the weight matrix, 0 in the vector unit
  int columns = 0;
  std::int64_t waves = 0;                       ///< all images
  std::int64_t row_groups = 0;                  ///< that run
  std::int64_t crossbars = 0;                   ///< allocated, without replicas
  std::int64_t replicated = 0;                  ///< allocated, with replicas
  std::int64_t replicas = 0;                    ///< of all its row groups together
  std::int64_t replicas_max = 0;                ///< of the row group that has most
  std::map<int, std::int64_t> squeeze_degrees;  ///< planes squeezed out -> row groups
  std::int64_t tiles = 0;                       ///< that hold its crossbars; 0 in the vector unit
  /// Cycles for which a tile's row groups are busy per image when no bit-cycle is skipped: of the tile with
  /// most work, and the mean over the layer's tiles.
  std::int64_t tile_load_max = 0;
  double tile_load_mean = 0.0;
  IndexStorage index_storage;  ///< bits that the mapping must remember, without replicas
  WeightError weight_error;    ///< of what squeezing cut off
  std::uint64_t bit_cycles = 0;
  std::uint64_t bit_cycles_skipped = 0;
  std::uint64_t adc_clipped = 0;
  LayerWork work;  ///< what its lanes counted, all images
  ActionCounts actions;
  Tallies tallies;
  LaneTime cycles;                      ///< of its row groups and replicas; sums to lanes x run_cycles
  std::vector<ComponentEnergy> energy;  ///< dynamic part only; components as in RunResult::energy
  double latency_s = 0.0;               ///< first wave's start to last wave's result
};

/// Physical crossbars; `conv` counts convolution layers only.
struct CrossbarCount {
  std::int64_t total = 0;
  std::int64_t conv = 0;
};

struct PeakResult {
  double power_w = 0.0;
  double tops = 0.0;
  std::optional<double> tops_per_w;    ///< absent if the chip takes no power
  std::optional<double> tops_per_mm2;  ///< absent if the chip takes no area
};

/// One value of the resolved config with where it came from.
struct ConfigLine {
  std::string key;
  std::string value;
  std::string origin;
};

struct SourceLine {
  std::string section;
  std::string source;
};

/// Everything a run found out, ready to be written. Numbers only: no formatting happens before the writers.
struct RunResult {
  std::string tool_version;
  std::string program;                             ///< digest of its sources
  std::map<std::string, std::string> config_hash;  ///< accounting, timing, values
  std::int64_t seed = 0;
  std::string workload;  ///< name of the network
  std::string workload_hash;
  std::string function;  ///< exact | values
  std::string schedule;
  std::string devices;  ///< physics of the cells
  std::string adc_model;
  std::string adc_model_source;
  bool adc_extrapolated = false;
  std::string adc_range;         ///< clip | full | calibrated
  std::string calibration_hash;  ///< empty unless calibrated
  std::string mapping_scheme;
  std::string signs;
  std::int64_t images = 0;
  std::vector<std::string> synthetic;  ///< what was drawn: a phrase for weights and for inputs
  std::vector<std::string> notes;      ///< what a reader must know, e.g. "optimistic: sign is free"

  // Timing; absent with function: values.
  std::optional<double> latency_s;
  std::optional<double> latency_first_image_s;
  std::optional<double> throughput_images_per_s;
  std::optional<std::int64_t> cycles;
  std::optional<std::int64_t> run_cycles;  ///< to the last event, which may be after the last output
  double clock_hz = 0.0;

  std::optional<double> energy_j;
  std::vector<ComponentEnergy> energy;
  std::vector<std::pair<std::string, double>> energy_by_adc_model;  ///< J of the run if its ADCs cost that
  double area_mm2 = 0.0;
  std::vector<std::pair<std::string, double>> area_by_component_mm2;
  std::int64_t ops = 0;  ///< all images
  PeakResult peak;

  CrossbarCount conventional;
  CrossbarCount dense_sliced;
  CrossbarCount allocated;
  CrossbarCount replicated;
  CrossbarCount pairs;

  IndexStorage index_storage;          ///< of all layers, without replicas
  std::int64_t index_memory_bits = 0;  ///< that the chip has and that are priced, with replicas
  WeightError weight_error;            ///< of all layers
  double weight_sparsity = 0.0;        ///< fraction of the network's weights that are zero

  std::uint64_t adc_conversions = 0;
  std::uint64_t adc_clipped = 0;
  std::map<int, std::uint64_t> adc_bits_histogram;  ///< bits -> conversions
  AdcSaving adc_saving;
  std::uint64_t bit_cycles = 0;
  std::uint64_t bit_cycles_skipped = 0;

  std::optional<double> accuracy_top1;
  std::optional<double> accuracy_reference_top1;
  std::optional<double> accuracy_float_top1;
  std::optional<double> sqnr_db;  ///< of the outputs against the integer reference; absent if equal

  std::vector<LayerResult> layers;
  std::string resolved_yaml;
  std::vector<ConfigLine> config;
  std::vector<SourceLine> sources;
};

/// Facts about the machine and this very execution; outside the result set.
struct HostFacts {
  double wall_s = 0.0;        ///< of the whole command, until its results are written
  double simulation_s = 0.0;  ///< of it, without loading, mapping and writing
  std::uint64_t peak_memory_bytes = 0;
  std::string cpu;
  int threads = 1;
  std::string kernel_variant;
  std::uint64_t delta_cycles = 0;  ///< of the SystemC kernel
  std::string reused = "nothing";  ///< of an earlier run: nothing, values, or timing (values and time)
};

}  // namespace squeezebar
