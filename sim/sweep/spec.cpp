// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/spec.h"

#include <algorithm>
#include <array>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/document.h"
#include "sim/base/piped_config.h"
#include "sim/sweep/interval.h"
#include "sim/sweep/sampler.h"

namespace squeezebar {
namespace {

constexpr std::int64_t kVersion = 1;
constexpr int kMostReplicates = 10'000;
constexpr std::size_t kLongestLabel = 60;

/// Reads the maps of a spec and reports what is wrong where it stands.
class SpecReader {
 public:
  SpecReader(std::string file, Diagnostics& diagnostics) : diagnostics_(diagnostics) {
    spec_.file = std::move(file);
  }

  SweepSpec read(std::string_view text) {
    diagnostics_.add_file(spec_.file);
    const std::optional<YamlNode> root =
        parse_yaml_map(text, spec_.file, "a map with the keys version, base and axes", diagnostics_);
    if (!root) return spec_;
    check_keys(*root, "", {"version", "base", "set", "axes", "zip", "sample", "exclude", "replicates"});
    read_version(*root);
    read_base(*root);
    if (const YamlEntry* set = root->find("set")) spec_.fixed = settings(*set);
    if (const YamlEntry* axes = root->find("axes")) read_axes(*axes);
    if (const YamlEntry* zip = root->find("zip")) read_zips(*zip);
    if (const YamlEntry* sample = root->find("sample")) read_sample(*sample);
    if (const YamlEntry* exclude = root->find("exclude")) read_exclusions(*exclude);
    if (const YamlEntry* replicates = root->find("replicates")) read_replicates(*replicates);
    check_nothing_twice();
    return std::move(spec_);
  }

 private:
  void error(const Place& place, const std::string& key, const std::string& message) {
    diagnostics_.error(place, key, message);
  }

  void check_keys(const YamlNode& map, const std::string& prefix, const std::vector<std::string>& known) {
    for (const YamlEntry& entry : map.entries) {
      if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
      error(entry.key_place, prefix,
            fmt::format("unknown key '{}'{}", entry.key, did_you_mean(entry.key, known)));
    }
  }

  bool is_map(const YamlEntry& entry, const std::string& of) {
    if (entry.value.is_map() && !entry.value.entries.empty()) return true;
    error(entry.value.is_null() ? entry.key_place : entry.value.place, entry.key,
          fmt::format("must be a map of {}", of));
    return false;
  }

  void read_version(const YamlNode& root) {
    const YamlNode* version = root.value("version");
    if (version == nullptr)
      return error({spec_.file, 1, 1}, "version", "missing; a sweep starts with 'version: 1'");
    const Scalar<std::int64_t> number = scalar_int(*version);
    if (!number.ok()) return error(version->place, "version", number.error);
    if (number.value != kVersion)
      error(version->place, "version",
            fmt::format("this program reads version {}, not {}", kVersion, number.value));
  }

  void read_base(const YamlNode& root) {
    const YamlNode* base = root.value("base");
    if (base == nullptr)
      return error({spec_.file, 1, 1}, "base",
                   "missing; name the config that every point starts from, relative to this file");
    const Scalar<std::string> text = scalar_text(*base);
    if (!text.ok()) return error(base->place, "base", text.error);
    spec_.base_place = base->place;
    spec_.base = (std::filesystem::path(spec_.file).parent_path() / text.value).lexically_normal().string();
  }

  static bool is_config_key(const std::string& key) {
    const std::size_t dot = key.find('.');
    return dot != std::string::npos && dot > 0 && dot + 1 < key.size() &&
           key.find('.', dot + 1) == std::string::npos;
  }

  bool check_config_key(const std::string& key, const Place& place) {
    if (!is_config_key(key)) {
      error(place, key, "must be a key of the config, like adc.bits");
      return false;
    }
    return true;
  }

  /// `{adc.bits: 4, chip.clock: 1 GHz}`
  std::vector<ConfigOverride> settings(const YamlEntry& entry) {
    std::vector<ConfigOverride> out;
    if (!is_map(entry, "keys of the config and values")) return out;
    for (const YamlEntry& setting : entry.value.entries) {
      if (check_config_key(setting.key, setting.key_place)) out.push_back({setting.key, setting.value});
    }
    return out;
  }

  /// How a value is called in tables: as it is written, a path by its last part.
  static std::string label_of(const YamlNode& value) {
    if (!value.is_scalar()) {
      std::string out;
      for (const YamlNode& item : value.items) out += (out.empty() ? "" : " ") + label_of(item);
      return "[" + out + "]";
    }
    const std::size_t slash = value.text.find_last_of('/');
    const bool has_tail = slash != std::string::npos && slash + 1 < value.text.size();
    std::string label = has_tail ? value.text.substr(slash + 1) : value.text;
    if (label.size() > kLongestLabel) label.resize(kLongestLabel);
    return label;
  }

  static std::vector<AxisValue> listed(const std::string& key, const YamlNode& list) {
    std::vector<AxisValue> out;
    for (const YamlNode& item : list.items) out.push_back({{label_of(item)}, {{key, item}}});
    return out;
  }

  void read_axes(const YamlEntry& entry) {
    if (!is_map(entry, "axes, like adc.bits: [4, 5, 6]")) return;
    for (const YamlEntry& axis : entry.value.entries) spec_.axes.push_back(read_axis(axis));
  }

  /// `adc.bits: [4, 5]`, `chip.clock: {from: 1 GHz, to: 2 GHz, points: 5}` or `chip: {small: {...}, large:
  /// {...}}`.
  Axis read_axis(const YamlEntry& entry) {
    Axis axis{{entry.key}, entry.key_place, {}};
    if (!is_config_key(entry.key)) {
      axis.values = alternatives(entry);
    } else if (entry.value.is_sequence()) {
      axis.values = listed(entry.key, entry.value);
      if (axis.values.empty()) error(entry.value.place, entry.key, "needs at least one value");
    } else if (entry.value.is_map()) {
      if (const std::optional<Interval> interval = read_interval(entry, IntervalUse::steps, diagnostics_))
        axis.values = interval_values(entry.key, *interval, entry.value.place);
    } else {
      error(entry.value.is_null() ? entry.key_place : entry.value.place, entry.key,
            "must be a list of values, or a map with from, to and points (or step)");
    }
    return axis;
  }

  /// Named sets of values, for what changes several keys at once, such as bundles or chips.
  std::vector<AxisValue> alternatives(const YamlEntry& entry) {
    std::vector<AxisValue> out;
    if (!is_map(entry, "names, each with the keys that it sets")) return out;
    for (const YamlEntry& one : entry.value.entries) {
      if (one.value.is_null()) {
        out.push_back({{one.key}, {}});  // the base as it is
      } else {
        out.push_back({{one.key}, settings(one)});
      }
    }
    return out;
  }

  /// `zip: [{adc.bits: [4, 6], adc.per_crossbar: [1, 2]}]`: the first values together, the second together,
  /// ...
  void read_zips(const YamlEntry& entry) {
    if (!entry.value.is_sequence())
      return error(entry.value.place, entry.key, "must be a list of maps of lists that go together");
    for (const YamlNode& one : entry.value.items) read_zip(one);
  }

  void read_zip(const YamlNode& map) {
    if (!map.is_map() || map.entries.empty())
      return error(map.place, "zip", "must be a map of keys and lists of equal length");
    const std::size_t count = map.entries.front().value.items.size();
    Axis axis{{}, map.place, std::vector<AxisValue>(count)};
    for (const YamlEntry& entry : map.entries) {
      if (!check_config_key(entry.key, entry.key_place)) continue;
      if (!entry.value.is_sequence() || entry.value.items.empty()) {
        error(entry.value.place, entry.key, "must be a list of values");
        continue;
      }
      if (entry.value.items.size() != count) {
        error(entry.value.place, entry.key,
              fmt::format("has {} values, '{}' has {}; lists that are zipped are equally long",
                          entry.value.items.size(), map.entries.front().key, count));
        continue;
      }
      axis.columns.push_back(entry.key);
      for (std::size_t i = 0; i < count; ++i) {
        AxisValue& value = axis.values[i];
        value.labels.push_back(label_of(entry.value.items[i]));
        value.settings.push_back({entry.key, entry.value.items[i]});
      }
    }
    spec_.axes.push_back(std::move(axis));
  }

  void read_sample(const YamlEntry& entry) {
    if (!is_map(entry, "method, points, seed and axes")) return;
    check_keys(entry.value, "sample", {"method", "points", "seed", "axes"});
    SampleSpec& sample = spec_.sample;
    sample.method = "random";
    if (const YamlNode* method = entry.value.value("method")) {
      const Scalar<std::string> text = scalar_text(*method);
      const std::vector<std::string> names = Registry<Sampler>::instance().names();
      if (!text.ok()) {
        error(method->place, "sample.method", text.error);
      } else if (std::find(names.begin(), names.end(), text.value) == names.end()) {
        error(method->place, "sample.method",
              fmt::format("must be one of {}, not '{}'{}", join_names(names), text.value,
                          did_you_mean(text.value, names)));
      } else {
        sample.method = text.value;
      }
    }
    const std::optional<std::int64_t> points = whole(entry.value, "points", 1, 10'000'000, "sample.points");
    if (entry.value.find("points") == nullptr) error(entry.key_place, "sample.points", "missing");
    sample.points = static_cast<int>(points.value_or(0));
    sample.seed =
        static_cast<std::uint64_t>(whole(entry.value, "seed", 0, INT64_MAX, "sample.seed").value_or(1));
    const YamlEntry* axes = entry.value.find("axes");
    if (axes == nullptr) return error(entry.key_place, "sample.axes", "missing");
    if (!is_map(*axes, "keys to sample, like chip.clock: {from: 1 GHz, to: 2 GHz}")) return;
    for (const YamlEntry& axis : axes->value.entries) read_sampled(axis);
  }

  void read_sampled(const YamlEntry& entry) {
    SampledAxis axis;
    axis.name = entry.key;
    axis.place = entry.key_place;
    if (!is_config_key(entry.key)) {
      axis.values = alternatives(entry);
    } else if (entry.value.is_sequence()) {
      axis.values = listed(entry.key, entry.value);
    } else if (entry.value.is_map()) {
      const std::optional<Interval> interval = read_interval(entry, IntervalUse::sample, diagnostics_);
      if (!interval) return;
      axis.interval = *interval;
    } else {
      return error(entry.key_place, entry.key, "must be a list of values, or a map with from and to");
    }
    spec_.sample.axes.push_back(std::move(axis));
  }

  std::optional<std::int64_t> whole(const YamlNode& map, const std::string& key, std::int64_t least,
                                    std::int64_t most, const std::string& name) {
    const YamlNode* node = map.value(key);
    if (node == nullptr) return std::nullopt;
    const Scalar<std::int64_t> number = scalar_int(*node);
    if (!number.ok()) {
      error(node->place, name, number.error);
      return std::nullopt;
    }
    if (number.value < least || number.value > most) {
      error(node->place, name, fmt::format("value {} is outside [{}, {}]", number.value, least, most));
      return std::nullopt;
    }
    return number.value;
  }

  void read_exclusions(const YamlEntry& entry) {
    if (!entry.value.is_sequence())
      return error(entry.value.place, entry.key, "must be a list of maps, like [{adc.bits: 2, chip: small}]");
    for (const YamlNode& one : entry.value.items) {
      if (!one.is_map() || one.entries.empty()) {
        error(one.place, entry.key, "must be a map of axes and values");
        continue;
      }
      spec_.exclude.push_back({one.place, {}});
      for (const YamlEntry& value : one.entries) exclude(value, spec_.exclude.back());
    }
  }

  /// Only values that are on an axis can be left out: anything else is a slip of the pen.
  void exclude(const YamlEntry& entry, Exclusion& exclusion) {
    const std::string label = label_of(entry.value);
    std::vector<std::string> names;
    for (const Axis& axis : spec_.axes) {
      names.insert(names.end(), axis.columns.begin(), axis.columns.end());
      const auto column = std::find(axis.columns.begin(), axis.columns.end(), entry.key);
      if (column == axis.columns.end()) continue;
      const auto at = static_cast<std::size_t>(column - axis.columns.begin());
      std::vector<std::string> labels;
      for (const AxisValue& value : axis.values) labels.push_back(value.labels[at]);
      if (std::find(labels.begin(), labels.end(), label) == labels.end()) {
        return error(
            entry.value.place, "exclude",
            fmt::format("'{}' is not on the axis '{}', which has {}", label, entry.key, join_names(labels)));
      }
      exclusion.values.emplace_back(entry.key, label);
      return;
    }
    error(entry.key_place, "exclude",
          fmt::format("there is no axis '{}'{}", entry.key, did_you_mean(entry.key, names)));
  }

  void read_replicates(const YamlEntry& entry) {
    const Scalar<std::int64_t> number = scalar_int(entry.value);
    if (!number.ok()) return error(entry.value.place, entry.key, number.error);
    if (number.value < 1 || number.value > kMostReplicates)
      return error(entry.value.place, entry.key,
                   fmt::format("value {} is outside [1, {}]", number.value, kMostReplicates));
    spec_.replicates = static_cast<int>(number.value);
  }

  /// A key that two axes set would have the value of whichever comes last.
  void check_nothing_twice() {
    std::map<std::string, std::string> owner;
    const auto claim = [&](const std::string& axis, const Place& place,
                           const std::vector<AxisValue>& values) {
      std::set<std::string> keys;
      std::set<std::vector<std::string>> labels;
      for (const AxisValue& value : values) {
        for (const ConfigOverride& setting : value.settings) keys.insert(setting.key);
        if (!labels.insert(value.labels).second)
          error(place, axis, fmt::format("has the value '{}' twice", fmt::join(value.labels, "', '")));
      }
      for (const std::string& key : keys) {
        const auto [known, is_new] = owner.emplace(key, axis);
        if (!is_new)
          error(place, axis, fmt::format("'{}' is set by the axis '{}' as well", key, known->second));
      }
    };
    for (const Axis& axis : spec_.axes)
      claim(fmt::format("{}", fmt::join(axis.columns, ", ")), axis.place, axis.values);
    for (const SampledAxis& axis : spec_.sample.axes) {
      if (axis.interval) {
        claim(axis.name, axis.place, {{{}, {{axis.name, {}}}}});
      } else {
        claim(axis.name, axis.place, axis.values);
      }
    }
    if (spec_.replicates > 1 && owner.contains("run.seed"))
      error({spec_.file, 1, 1}, "replicates", "sets run.seed, which is an axis as well; use one of them");
  }

  Diagnostics& diagnostics_;
  SweepSpec spec_;
};

}  // namespace

SweepSpec parse_sweep_spec(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  return SpecReader(file, diagnostics).read(text);
}

SweepSpec read_sweep_spec(const std::string& file, Diagnostics& diagnostics) {
  const std::optional<std::string> text = read_config_text(file, {}, diagnostics);
  return text ? parse_sweep_spec(*text, file, diagnostics) : SweepSpec{};
}

}  // namespace squeezebar
