// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/adc/calibrated_steps.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "models/adc/adc.h"
#include "sim/base/version.h"
#include "sim/engine/crossbar/adc/adc_step.h"
#include "sim/workload/synthetic.h"

namespace squeezebar {
namespace {

constexpr std::array<std::string_view, 5> kSections{"cell", "crossbar", "dac", "mapping", "workload"};
constexpr const char* kKey = "adc.calibration";

bool decides_sums(const ConfigValue& value, const Bundle& bundle) {
  if (value.affects != Affects::values) return false;
  if (value.field != nullptr && (!value.field->hashed || value.field->type == FieldType::path)) return false;
  if (value.key == "run.seed") return !synthetic_parts(bundle).empty();
  const std::string_view section = std::string_view(value.key).substr(0, value.key.find('.'));
  return std::find(kSections.begin(), kSections.end(), section) != kSections.end();
}

std::string command_for(const Config& config) {
  const std::string& folder = config.get<AdcParams>().calibration.value;
  return fmt::format("squeezebar calibrate {} -o {}", config.file(), folder.empty() ? "FOLDER" : folder);
}

/// A counted crossbar of a layer: an array, and its partner where both count as one.
struct Crossbar {
  MappedGroup* group = nullptr;
  std::vector<std::size_t> arrays;

  [[nodiscard]] std::int64_t sum_bound(const CrossbarGeometry& g) const {
    std::int64_t bound = 0;
    for (const std::size_t a : arrays) bound = std::max(bound, group->facts[a].sum_bound(g));
    return bound;
  }
};

/// In the order of a calibration.
std::vector<Crossbar> crossbars_of(MappedLayer& layer) {
  std::vector<Crossbar> out;
  for (MappedGroup& group : layer.mapping.groups) {
    for (std::size_t a = 0; a < group.facts.size(); ++a) {
      const ArrayFacts& facts = group.facts[a];
      if (!facts.allocated || !facts.counted) continue;
      out.push_back({&group, {a}});
      if (facts.partner >= 0) out.back().arrays.push_back(static_cast<std::size_t>(facts.partner));
    }
  }
  return out;
}

/// Sums of crossbars that share a step, and what bounds them.
struct Pool {
  SumHistogram sums;
  std::int64_t sum_bound = 0;

  void add(const SumHistogram& more, std::int64_t bound) {
    sums.resize(std::max(sums.size(), more.size()));
    for (std::size_t s = 0; s < more.size(); ++s) sums[s] += more[s];
    sum_bound = std::max(sum_bound, bound);
  }
};

class StepChooser {
 public:
  StepChooser(const AdcParams& adc, const CrossbarGeometry& geometry) : adc_(adc), geometry_(geometry) {}

  void choose(std::vector<Crossbar>& crossbars, const std::vector<SumHistogram>& sums) const {
    std::map<std::size_t, Pool> pools;
    for (std::size_t c = 0; c < crossbars.size(); ++c)
      pools[pool_of(crossbars, c)].add(sums[c], crossbars[c].sum_bound(geometry_));
    std::map<std::pair<std::size_t, std::int32_t>, std::optional<std::int32_t>> steps;
    for (std::size_t c = 0; c < crossbars.size(); ++c) {
      const std::size_t pool = pool_of(crossbars, c);
      for (const std::size_t a : crossbars[c].arrays) {
        MappedGroup& group = *crossbars[c].group;
        const std::int32_t max_code = group.program.arrays[a].adc.max_code;
        auto [at, is_new] = steps.try_emplace({pool, max_code});
        if (is_new) at->second = step(pools[pool], max_code);
        if (at->second)
          group.program.arrays[a].set_adc({max_code, *at->second}, group.facts[a].sum_bound(geometry_));
      }
    }
  }

 private:
  [[nodiscard]] std::size_t pool_of(const std::vector<Crossbar>& crossbars, std::size_t c) const {
    switch (adc_.calibrate_per) {
      case CalibratePer::layer:
        return 0;
      case CalibratePer::column_block:
        return static_cast<std::size_t>(crossbars[c].group->column_block);
      case CalibratePer::crossbar:
        break;
    }
    return c;
  }
  [[nodiscard]] std::optional<std::int32_t> step(const Pool& pool, std::int32_t max_code) const {
    return calibrated_step256(pool.sums, pool.sum_bound, max_code, {adc_.calibrate_by, adc_.percentile});
  }

  const AdcParams& adc_;
  const CrossbarGeometry& geometry_;
};

/// Whether the histograms can be those of the crossbars.
bool matches(const std::vector<Crossbar>& crossbars, const std::vector<SumHistogram>& sums,
             const CrossbarGeometry& g) {
  if (crossbars.size() != sums.size()) return false;
  for (std::size_t c = 0; c < sums.size(); ++c) {
    const auto beyond = std::min(static_cast<std::ptrdiff_t>(sums[c].size()),
                                 static_cast<std::ptrdiff_t>(crossbars[c].sum_bound(g) + 1));
    if (std::any_of(sums[c].begin() + beyond, sums[c].end(), [](std::int64_t n) { return n > 0; }))
      return false;
  }
  return true;
}

}  // namespace

bool is_calibrated(const Config& config) { return config.get<AdcParams>().range == AdcRange::calibrated; }

std::map<std::string, std::string> calibrated_keys(const Config& config, const Bundle& bundle) {
  std::map<std::string, std::string> out;
  for (const ConfigValue& value : config.values()) {
    if (decides_sums(value, bundle)) out[value.key] = value.text;
  }
  return out;
}

std::shared_ptr<const Calibration> read_named_calibration(const Config& config, Diagnostics& diagnostics) {
  const std::filesystem::path folder = config.get<AdcParams>().calibration.value;
  if (folder.empty()) {
    diagnostics.error(
        config.place("adc.range"), kKey,
        fmt::format("range calibrated needs the sums of sample inputs; make them with: {}, and name "
                    "FOLDER here",
                    command_for(config)));
    return nullptr;
  }
  std::error_code ec;
  if (!std::filesystem::is_directory(folder, ec)) {
    diagnostics.error(
        config.place(kKey), kKey,
        fmt::format("there is no folder '{}'; it is made by: {}", folder.string(), command_for(config)));
    return nullptr;
  }
  std::optional<Calibration> out = read_calibration(folder, diagnostics);
  return out ? std::make_shared<const Calibration>(std::move(*out)) : nullptr;
}

bool check_calibration(const Config& config, const Bundle& bundle, const Calibration& calibration,
                       Diagnostics& diagnostics) {
  const std::size_t errors_before = diagnostics.error_count();
  const auto refuse = [&](const std::string& why) {
    diagnostics.error(config.place(kKey), kKey,
                      fmt::format("'{}' {}; make it again: {}", config.get<AdcParams>().calibration.value,
                                  why, command_for(config)));
  };
  if (calibration.tool_version != tool_version())
    refuse(fmt::format("was made by version {}, this is {}", calibration.tool_version, tool_version()));
  if (calibration.workload_hash != bundle.hash)
    refuse(fmt::format("was made for other weights or samples ('{}') than those of '{}'",
                       calibration.workload, bundle.network.name));
  const std::map<std::string, std::string> wanted = calibrated_keys(config, bundle);
  std::set<std::string> keys;
  for (const auto& [key, value] : wanted) keys.insert(key);
  for (const auto& [key, value] : calibration.config) keys.insert(key);
  const auto text = [](const std::map<std::string, std::string>& values, const std::string& key) {
    const auto found = values.find(key);
    return found == values.end() ? std::string("none") : found->second;
  };
  for (const std::string& key : keys) {
    const std::string made = text(calibration.config, key);
    if (made != text(wanted, key))
      refuse(fmt::format("was made with {}: {}, this config has {}", key, made, text(wanted, key)));
  }
  return diagnostics.error_count() == errors_before;
}

std::shared_ptr<const Calibration> load_calibration(const Config& config, const Bundle& bundle,
                                                    Diagnostics& diagnostics) {
  std::shared_ptr<const Calibration> out = read_named_calibration(config, diagnostics);
  return out && check_calibration(config, bundle, *out, diagnostics) ? out : nullptr;
}

void take_calibrated_steps(const Config& config, const Calibration& calibration, const Network& network,
                           MappedNetwork& mapped, Diagnostics& diagnostics) {
  const StepChooser chooser(config.get<AdcParams>(), mapped.geometry);
  std::size_t next = 0;
  for (std::size_t i = 0; i < network.layers.size(); ++i) {
    if (!network.layers[i].on_crossbars()) continue;
    std::vector<Crossbar> crossbars = crossbars_of(mapped.layers[i]);
    const std::size_t at = next++;
    const bool same = at < calibration.layers.size() &&
                      calibration.layers[at].layer == network.layers[i].name &&
                      matches(crossbars, calibration.layers[at].crossbars, mapped.geometry);
    if (!same) {
      diagnostics.error(config.place(kKey), kKey,
                        fmt::format("'{}' has other crossbars in layer '{}'; make it again: {}",
                                    config.get<AdcParams>().calibration.value, network.layers[i].name,
                                    command_for(config)));
      continue;
    }
    chooser.choose(crossbars, calibration.layers[at].crossbars);
  }
}

}  // namespace squeezebar
