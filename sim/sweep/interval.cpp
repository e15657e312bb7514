// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/interval.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/base/portable_math.h"
#include "sim/base/unit_table.h"
#include "sim/base/units.h"

namespace squeezebar {
namespace {

constexpr int kMostPoints = 100'000;

/// A bound or a step: its name in the spec, its number and what follows it.
struct Bound {
  std::string name;
  double number = 0.0;
  std::string unit;

  /// Zero means the same in every unit.
  [[nodiscard]] bool suits_every_unit() const { return unit.empty() && number == 0.0; }
  [[nodiscard]] std::string text() const {
    return unit.empty() ? fmt::format("'{}' has no unit", name) : fmt::format("'{}' is in '{}'", name, unit);
  }
};

/// Brings two numbers to one unit, the smaller of theirs; false if they have none in common.
bool unite(Bound& a, Bound& b) {
  if (a.unit == b.unit) return true;
  if (a.suits_every_unit() || b.suits_every_unit()) {
    a.unit = b.unit = a.unit.empty() ? b.unit : a.unit;
    return true;
  }
  const UnitName* of_a = find_written_unit(a.unit);
  const UnitName* of_b = find_written_unit(b.unit);
  if (of_a == nullptr || of_b == nullptr || of_a->dimension != of_b->dimension) return false;
  const bool a_is_smaller = of_a->size() < of_b->size();
  Bound& larger = a_is_smaller ? b : a;
  larger.number = a_is_smaller ? in_unit(b.number, *of_b, *of_a) : in_unit(a.number, *of_a, *of_b);
  larger.unit = a_is_smaller ? a.unit : b.unit;
  return true;
}

std::optional<Bound> read_bound(const YamlNode& map, const std::string& name, const YamlEntry& entry,
                                Diagnostics& diagnostics) {
  const YamlNode* node = map.value(name);
  if (node == nullptr) {
    diagnostics.error(entry.key_place, entry.key, fmt::format("'{}' is missing", name));
    return std::nullopt;
  }
  const Scalar<std::string> text = scalar_text(*node);
  if (!text.ok()) {
    diagnostics.error(node->place, entry.key, text.error);
    return std::nullopt;
  }
  const std::size_t end = std::min(text.value.find_first_not_of("0123456789+-.eE"), text.value.size());
  std::string number = text.value.substr(0, end);
  std::string unit = text.value.substr(end);
  if (!unit.empty() && !number.empty() && (number.back() == 'e' || number.back() == 'E')) {
    unit.insert(unit.begin(), number.back());
    number.pop_back();
  }
  unit.erase(0, std::min(unit.find_first_not_of(' '), unit.size()));
  const ParsedNumber parsed = parse_number(number);
  if (!parsed.ok()) {
    diagnostics.error(node->place, entry.key,
                      fmt::format("'{}' must be a number, with a unit if the key has one", name));
    return std::nullopt;
  }
  return Bound{name, parsed.value, unit};
}

class IntervalReader {
 public:
  IntervalReader(const YamlEntry& entry, IntervalUse use, Diagnostics& diagnostics)
      : entry_(entry), use_(use), diagnostics_(diagnostics) {}

  std::optional<Interval> read() {
    const std::size_t errors = diagnostics_.error_count();
    check_keys();
    std::optional<Bound> from = read_bound(entry_.value, "from", entry_, diagnostics_);
    std::optional<Bound> to = read_bound(entry_.value, "to", entry_, diagnostics_);
    std::optional<Bound> step;
    if (use_ == IntervalUse::steps && entry_.value.find("step") != nullptr)
      step = read_bound(entry_.value, "step", entry_, diagnostics_);
    read_scale();
    if (!from || !to) return std::nullopt;
    if (!bring_together(*from, *to) || (step && !bring_together(*from, *step))) return std::nullopt;
    unite(*to, *from);  // the step may have the smallest unit
    out_.from = from->number;
    out_.to = to->number;
    out_.unit = from->unit;
    out_.whole = out_.unit.empty() && is_whole(out_.from) && is_whole(out_.to);
    if (!(out_.from < out_.to)) refuse(entry_.value.place, "'from' must be less than 'to'");
    if (out_.logarithmic && !(out_.from > 0.0))
      refuse(entry_.value.place, "'from' must be above 0 for scale: log");
    if (use_ == IntervalUse::steps) read_points(step);
    if (diagnostics_.error_count() != errors) return std::nullopt;
    return out_;
  }

 private:
  void refuse(const Place& place, const std::string& message) {
    diagnostics_.error(place, entry_.key, message);
  }

  bool bring_together(Bound& a, Bound& b) {
    if (unite(a, b)) return true;
    refuse(entry_.value.place,
           fmt::format("{} and {}; give both in units of one quantity", a.text(), b.text()));
    return false;
  }

  static bool is_whole(double x) { return std::floor(x) == x && std::abs(x) < 1e15; }

  void check_keys() {
    std::vector<std::string> known{"from", "to", "scale"};
    if (use_ == IntervalUse::steps) known.insert(known.end(), {"points", "step"});
    for (const YamlEntry& one : entry_.value.entries) {
      if (std::find(known.begin(), known.end(), one.key) == known.end())
        refuse(one.key_place, fmt::format("unknown key '{}'{}", one.key, did_you_mean(one.key, known)));
    }
  }

  void read_scale() {
    const YamlNode* scale = entry_.value.value("scale");
    if (scale == nullptr) return;
    if (scale->text == "log") {
      out_.logarithmic = true;
    } else if (scale->text != "linear") {
      refuse(scale->place, "scale must be linear or log");
    }
  }

  void read_points(const std::optional<Bound>& width) {
    const YamlNode* points = entry_.value.value("points");
    const YamlNode* step = entry_.value.value("step");
    if ((points == nullptr) == (step == nullptr))
      return refuse(entry_.value.place, "needs either 'points' (how many) or 'step' (how far apart)");
    if (points != nullptr) {
      const Scalar<std::int64_t> count = scalar_int(*points);
      if (!count.ok()) return refuse(points->place, count.error);
      if (count.value < 2 || count.value > kMostPoints)
        return refuse(points->place, fmt::format("points must be in [2, {}]", kMostPoints));
      out_.points = static_cast<int>(count.value);
      return;
    }
    if (out_.logarithmic) return refuse(step->place, "use points, not step, with scale: log");
    if (!width) return;
    if (!(width->number > 0.0)) return refuse(step->place, "'step' must be above 0");
    const double steps = std::floor((out_.to - out_.from) / width->number * (1.0 + 1e-12));
    if (steps + 1.0 > kMostPoints)
      return refuse(step->place, fmt::format("gives more than {} values", kMostPoints));
    if (steps < 1.0) return refuse(step->place, "'step' is longer than the way from 'from' to 'to'");
    out_.points = static_cast<int>(steps) + 1;
    out_.to = out_.from + steps * width->number;
    out_.whole = out_.whole && is_whole(width->number);
  }

  const YamlEntry& entry_;
  IntervalUse use_;
  Diagnostics& diagnostics_;
  Interval out_;
};

}  // namespace

std::string Interval::at(double share) const {
  double value = from + (to - from) * share;
  if (logarithmic) value = portable_exp(portable_log(from) + (portable_log(to) - portable_log(from)) * share);
  if (share == 0.0) value = from;
  if (share == 1.0) value = to;
  if (whole) return fmt::format("{:.0f}", std::round(value));
  // Twelve digits hide that 0.1 + 0.2 is not 0.3, and tell any two points apart.
  const std::string number = format_number(std::stod(fmt::format("{:.12g}", value)));
  return unit.empty() ? number : number + " " + unit;
}

std::optional<Interval> read_interval(const YamlEntry& entry, IntervalUse use, Diagnostics& diagnostics) {
  return IntervalReader(entry, use, diagnostics).read();
}

std::vector<AxisValue> interval_values(const std::string& key, const Interval& interval, const Place& place) {
  std::vector<AxisValue> out;
  for (int i = 0; i < interval.points; ++i) {
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.text = interval.at(static_cast<double>(i) / (interval.points - 1));
    node.place = place;
    if (!out.empty() && out.back().labels.front() == node.text) continue;
    out.push_back({{node.text}, {{key, node}}});
  }
  return out;
}

}  // namespace squeezebar
