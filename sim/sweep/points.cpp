// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/points.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "sim/sweep/sampler.h"

namespace squeezebar {
namespace {

/// Values that the point has, one for each column.
using Choice = std::vector<const AxisValue*>;

/// The points that are sampled, as values of as many columns.
std::vector<std::vector<AxisValue>> samples(const SampleSpec& spec) {
  const std::unique_ptr<Sampler> sampler = Registry<Sampler>::instance().create(spec.method);
  const RandomStream stream(spec.seed, "sweep samples");
  const auto cube = sampler->sample(spec.points, static_cast<int>(spec.axes.size()), stream);
  std::vector<std::vector<AxisValue>> out;
  for (const std::vector<double>& shares : cube) {
    std::vector<AxisValue>& point = out.emplace_back();
    for (std::size_t d = 0; d < shares.size(); ++d) {
      const SampledAxis& axis = spec.axes[d];
      if (axis.interval) {
        YamlNode node;
        node.kind = YamlNode::Kind::scalar;
        node.text = axis.interval->at(shares[d]);
        node.place = axis.place;
        point.push_back({{node.text}, {{axis.name, node}}});
      } else {
        const auto at = static_cast<std::size_t>(shares[d] * static_cast<double>(axis.values.size()));
        point.push_back(axis.values[std::min(at, axis.values.size() - 1)]);
      }
    }
  }
  return out;
}

bool excluded(const SweepSpec& spec, const Choice& choice) {
  std::map<std::string_view, std::string_view> labels;
  for (std::size_t i = 0; i < spec.axes.size(); ++i) {
    for (std::size_t c = 0; c < spec.axes[i].columns.size(); ++c)
      labels[spec.axes[i].columns[c]] = choice[i]->labels[c];
  }
  return std::any_of(spec.exclude.begin(), spec.exclude.end(), [&labels](const Exclusion& exclusion) {
    return std::all_of(exclusion.values.begin(), exclusion.values.end(), [&labels](const auto& one) {
      const auto found = labels.find(one.first);
      return found != labels.end() && found->second == one.second;
    });
  });
}

/// A later value of a key replaces an earlier one, in its place.
void put(std::vector<ConfigOverride>& settings, const ConfigOverride& setting) {
  for (ConfigOverride& known : settings) {
    if (known.key != setting.key) continue;
    known = setting;
    return;
  }
  settings.push_back(setting);
}

ConfigOverride replicate_seed(std::int64_t seed, const SweepSpec& spec) {
  YamlNode node;
  node.kind = YamlNode::Kind::scalar;
  node.text = std::to_string(seed);
  node.place = spec.base_place;
  return {"run.seed", node};
}

class Expansion {
 public:
  Expansion(const SweepSpec& spec, std::int64_t seed) : spec_(spec), seed_(seed), samples_(1) {
    if (spec.sample.points > 0) samples_ = samples(spec.sample);
  }

  SweepPoints run() {
    for (const Axis& axis : spec_.axes)
      out_.columns.insert(out_.columns.end(), axis.columns.begin(), axis.columns.end());
    for (const SampledAxis& axis : spec_.sample.axes) out_.columns.push_back(axis.name);
    if (spec_.replicates > 1) out_.columns.emplace_back("replicate");
    Choice choice;
    grid(choice);
    return std::move(out_);
  }

 private:
  void grid(Choice& choice) {
    if (choice.size() == spec_.axes.size()) {
      if (!excluded(spec_, choice)) sampled(choice);
      return;
    }
    for (const AxisValue& value : spec_.axes[choice.size()].values) {
      choice.push_back(&value);
      grid(choice);
      choice.pop_back();
    }
  }

  void sampled(const Choice& choice) {
    for (const std::vector<AxisValue>& sample : samples_) {
      Choice whole = choice;
      for (const AxisValue& value : sample) whole.push_back(&value);
      for (int r = 0; r < spec_.replicates; ++r) add(whole, r);
    }
  }

  void add(const Choice& choice, int replicate) {
    SweepPoint point;
    point.number = out_.points.size() + 1;
    point.settings = spec_.fixed;
    for (const AxisValue* value : choice) {
      point.labels.insert(point.labels.end(), value->labels.begin(), value->labels.end());
      for (const ConfigOverride& setting : value->settings) put(point.settings, setting);
    }
    if (spec_.replicates > 1) {
      point.labels.push_back(std::to_string(replicate + 1));
      put(point.settings, replicate_seed(seed_ + replicate, spec_));
    }
    out_.points.push_back(std::move(point));
  }

  const SweepSpec& spec_;
  std::int64_t seed_;
  std::vector<std::vector<AxisValue>> samples_;
  SweepPoints out_;
};

/// Points before exclusions, or no value if there are too many to count.
std::optional<std::size_t> size_of(const SweepSpec& spec) {
  std::size_t size = static_cast<std::size_t>(spec.replicates) *
                     std::max<std::size_t>(1, static_cast<std::size_t>(spec.sample.points));
  for (const Axis& axis : spec.axes) {
    if (axis.values.size() > 0 && size > kMostPoints / axis.values.size()) return std::nullopt;
    size *= axis.values.size();
  }
  return size;
}

}  // namespace

SweepPoints expand(const SweepSpec& spec, std::int64_t seed, Diagnostics& diagnostics) {
  const std::optional<std::size_t> size = size_of(spec);
  if (!size || *size > kMostPoints) {
    diagnostics.error({spec.file, 1, 1}, "axes",
                      fmt::format("give more than {} points; sample them", kMostPoints));
    return {};
  }
  SweepPoints out = Expansion(spec, seed).run();
  if (out.points.empty()) diagnostics.error({spec.file, 1, 1}, "exclude", "leaves no point to run");
  return out;
}

}  // namespace squeezebar
