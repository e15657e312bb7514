// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/lanes.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "models/adc/adc.h"
#include "models/chip/chip.h"
#include "models/crossbar/crossbar.h"
#include "models/dac/dac.h"
#include "models/row_pipeline/row_pipeline.h"
#include "sim/engine/crossbar/adc/adaptive_adc.h"
#include "sim/engine/crossbar/row_group_time.h"
#include "sim/engine/crossbar/row_group_work.h"

namespace squeezebar {
namespace {

Count as_count(std::int64_t n) { return static_cast<Count>(n); }

Count code_bytes(const Quantisation& q) { return q.bits <= 8 ? 1 : 2; }

template <class A, class B>
auto divide_up(A a, B b) {
  return (a + b - 1) / b;
}

/// The actions of a row group's data path.
struct PathActions {
  ActionId align = action_id("row_conversion", "align");
  ActionId input_access = action_id("input_register", "access");
  ActionId check = action_id("zero_detect", "check");
  ActionId drive = action_id("dac", "drive");
  ActionId read = action_id("crossbar", "read");
  ActionId sample = action_id("sample_hold", "sample");
  ActionId select = action_id("mux", "select");
  ActionId convert = action_id("adc", "convert");
  ActionId splice = action_id("splice", "add");
  ActionId shift_add = action_id("shift_add", "add");
  ActionId output_access = action_id("output_register", "access");
};

const PathActions& path_actions() {
  static const PathActions all;
  return all;
}

/// What the whole crossbars of a row group convert.
struct Conversions {
  Count per_bit_cycle = 0;
  Count scanned = 0;  ///< columns of the array with most of them, without its unit column
  /// Of one bit-cycle by the bits for which they are charged, or of a whole wave where the bits change from
  /// one bit-cycle to the next.
  std::map<int, Count> by_bits;
  bool of_wave = false;
  std::map<std::int64_t, Count> by_bound;  ///< of one bit-cycle, by what the array's sums reach
};

class LaneBuilder {
 public:
  LaneBuilder(const Config& config, const MappedNetwork& mapped, const Quantisation& input)
      : adc_(config.get<AdcParams>()),
        dac_(config.get<DacParams>()),
        read_(cycles_ceil(config.get<CrossbarParams>().read_time, config.get<ChipParams>().clock)),
        columns_(config.get<CrossbarParams>().columns),
        sliced_(config.variant<MappingScheme>().sliced()),
        depth_(config.get<RowPipelineParams>().partial_sum_depth),
        config_(config),
        mapped_(mapped),
        input_(input),
        unit_(mapped.geometry.signs == Signs::offset ? 1 : 0) {}

  LanePlan lane(const MappedGroup& group, int index) {
    const bool units = group.program.ou_rows > 0;
    LanePlan out;
    out.name = fmt::format("row_group_{}", index);
    out.row = fmt::format("row group {}", index);
    out.block = group.column_block;
    out.sums = as_count(group.program.channels);
    out.input_bytes = as_count(group.rows()) * code_bytes(input_);
    out.depth = depth_;
    out.units = group.allocated();
    out.figures = {
        {"bit_cycles", {{kBitCycles, 1}}}, {"skipped", {{kSkipped, 1}}}, {"clipped", {{kClipped, 1}}}};
    add_input_rates(group, out);
    WaveFigure converted{"conversions", {}};
    if (units) {
      add_unit_rates(group, out);
      converted.terms = {{column_counter(adc_.scan), 1}};
    } else {
      const Conversions conversions = conversions_of(group);
      add_crossbar_rates(group, conversions, out);
      converted.terms = {{kBitCycles, conversions.per_bit_cycle}};
    }
    // Sums are written by the row group and read by the reducer.
    out.rates.add(path_actions().output_access, kWaves, 2 * out.sums * kPartialSumBytes);
    out.stages = {stage(group, std::move(converted))};
    return out;
  }

 private:
  /// Codes are written to the input register once, and read from it bit by bit.
  void add_input_rates(const MappedGroup& group, LanePlan& out) const {
    const PathActions& does = path_actions();
    const Count rows = as_count(group.rows());
    Count register_bytes = out.input_bytes;
    if (group.program.shift_bits > 0) {
      out.rates.add(does.align, kWaves, rows);
      // Aligned words are as long as the input stream (SME, arXiv 2103.01705, section IV-B: 8 + x bits).
      const Count bits = rows * as_count(input_.bits + group.program.shift_bits);
      register_bytes = std::max(register_bytes, divide_up(bits, Count{8}));
    }
    out.rates.add(does.input_access, kWaves, register_bytes);
    out.rates.add(does.input_access, kBitCycles, divide_up(rows * as_count(dac_.bits), Count{8}));
    if (!mapped_.skip_zeros) return;
    // Executed or skipped: testing its input bits is all that a skipped bit-cycle costs.
    out.rates.add(does.check, kBitCycles, 1);
    out.rates.add(does.check, kSkipped, 1);
  }

  void add_crossbar_rates(const MappedGroup& group, const Conversions& conversions, LanePlan& out) const {
    const PathActions& does = path_actions();
    const Count arrays = as_count(group.allocated());
    if (dac_.charge == DacCharge::ones) {
      out.rates.add(does.drive, kOnes, arrays);
    } else {
      out.rates.add(does.drive, kBitCycles, arrays * as_count(group.rows()));
    }
    out.rates.add(does.read, kBitCycles, arrays);
    out.rates.add(does.sample, kBitCycles, conversions.per_bit_cycle);
    out.rates.add(does.select, kBitCycles, conversions.per_bit_cycle);
    for (const auto& [bits, n] : conversions.by_bits)
      out.rates.add(SizedAction{does.convert, bits}, conversions.of_wave ? kWaves : kBitCycles, n);
    for (const auto& [bound, n] : conversions.by_bound)
      out.rates.tally(kConversionsByBound, bound, kBitCycles, n);
    if (!sliced_) {
      out.rates.add(does.shift_add, kBitCycles, conversions.per_bit_cycle);
      return;
    }
    // Codes of all planes are spliced first, so one shift-and-add per column follows (SME, arXiv
    // 2103.01705, section IV-B).
    out.rates.add(does.shift_add, kBitCycles, conversions.scanned + unit_);
    out.rates.add(does.splice, kBitCycles, (conversions.scanned + unit_) * (arrays - 1));
  }

  /// What is read depends on the values. All arrays have ADCs of the same resolution.
  void add_unit_rates(const MappedGroup& group, LanePlan& out) const {
    const PathActions& does = path_actions();
    const int columns = column_counter(adc_.scan);
    out.rates.add(does.drive, kDrives, 1);
    out.rates.add(does.read, kReads, 1);
    out.rates.add(does.sample, columns, 1);
    out.rates.add(does.select, columns, 1);
    out.rates.add(SizedAction{does.convert, group.adcs.front().priced_bits}, columns, 1);
    out.rates.tally(kConversionsByBound, group.converted_level_sum(0) * mapped_.geometry.full_drive(),
                    columns, 1);
    out.rates.add(does.shift_add, columns, 1);
  }

  [[nodiscard]] Conversions conversions_of(const MappedGroup& group) const {
    Conversions out;
    out.of_wave = is_adaptive(config_);
    out.scanned = as_count(scanned_per_bit_cycle(config_, group));
    for (std::size_t a = 0; a < group.facts.size(); ++a) {
      const ArrayFacts& facts = group.facts[a];
      if (!facts.allocated || !facts.counted) continue;
      const Count one = as_count(scanned_columns(facts, adc_.scan, columns_)) + unit_;
      if (out.of_wave) {
        add_adaptive_conversions(config_, group, a, one, out.by_bits);
      } else {
        out.by_bits[group.adcs[a].priced_bits] += one;
      }
      out.by_bound[group.converted_level_sum(a) * mapped_.geometry.full_drive()] += one;
      out.per_bit_cycle += one;
    }
    return out;
  }

  [[nodiscard]] Stage stage(const MappedGroup& group, WaveFigure conversions) {
    const BitCycleTime time = bit_cycle_of(config_, group);
    const int stream = stream_length(input_, mapped_.geometry, group);
    Stage out;
    out.steps = group.program.ou_rows > 0 ? static_cast<int>(kSlots) : static_cast<int>(kBitCycles);
    out.step = time.length;
    out.most_steps = as_count(std::int64_t{stream} * most_steps(group));
    // Where bit-cycles are skipped, inputs without a set bit take none.
    out.least_steps = mapped_.skip_zeros ? 0 : as_count(stream);
    out.step_name = "bit-cycle";
    out.decided_by = time.conversion_time >= read_ ? "adc.rate" : "crossbar.read_time";
    out.path = path(group, time, std::move(conversions));
    return out;
  }

  /// The components that a step passes, in the order of the signal; lanes that are alike share them.
  std::shared_ptr<const std::vector<PathPart>> path(const MappedGroup& group, const BitCycleTime& time,
                                                    WaveFigure conversions) {
    std::vector<PathPart> out;
    const auto add = [&](const char* component) { out.push_back({component}); };
    if (group.program.shift_bits > 0) add("row_conversion");
    add("input_register");
    if (mapped_.skip_zeros) add("zero_detect");
    add("dac");
    out.push_back({"crossbar", 0, read_});
    add("sample_hold");
    add("mux");
    out.push_back({"adc",
                   time.conversion_start,
                   time.conversion_time,
                   "ADC bank",
                   "conversion",
                   {std::move(conversions), {"clipped", {{kClipped, 1}}}}});
    if (sliced_) add("splice");
    add("shift_add");
    add("output_register");
    const auto same =
        std::find_if(paths_.begin(), paths_.end(), [&](const auto& one) { return *one == out; });
    if (same != paths_.end()) return *same;
    return paths_.emplace_back(std::make_shared<const std::vector<PathPart>>(std::move(out)));
  }

  const AdcParams& adc_;
  const DacParams& dac_;
  Cycles read_;
  int columns_;
  bool sliced_;
  int depth_;
  const Config& config_;
  const MappedNetwork& mapped_;
  const Quantisation& input_;
  Count unit_;  ///< column of each array
  std::vector<std::shared_ptr<const std::vector<PathPart>>> paths_;
};

}  // namespace

LayerLanes crossbar_lanes(const Config& config, const MappedNetwork& mapped, const MappedLayer& layer,
                          const Quantisation& input) {
  LayerLanes out;
  if (layer.mapping.groups.empty()) return out;
  out.counters = row_group_counters(reads_operation_units(layer.mapping));
  LaneBuilder builder(config, mapped, input);
  Cycles stage = 0;
  for (const MappedGroup& group : layer.mapping.groups) {
    out.lanes.push_back(builder.lane(group, static_cast<int>(out.lanes.size())));
    stage = std::max(stage, out.lanes.back().stages.front().step);
  }
  const RowPipelineParams& stages = config.get<RowPipelineParams>();
  out.fetch = stage * stages.fetch_stages;
  out.tail =
      stage * (stages.drain_stages + stages.reduce_stages + stages.vector_stages + stages.write_stages);
  static const ActionId index_read = action_id("index_memory", "read");
  out.rates.add(index_read, kWaves, as_count(index_bits_per_wave(config, layer)));
  return out;
}

}  // namespace squeezebar
