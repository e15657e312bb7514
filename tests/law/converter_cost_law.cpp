// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <set>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/base/registry.h"
#include "sim/base/unit_table.h"
#include "sim/engine/crossbar/adc/converter_cost.h"
#include "tests/catch.h"
#include "tests/random.h"

// What a conversion costs never falls with its bits, in any model with any parameters that its declaration
// allows.

namespace squeezebar::test {
namespace {

const std::string kConfig = std::string(SQUEEZEBAR_SOURCE_DIR) + "/configs/examples/digits_sme.yaml";
constexpr int kMostBits = 12;
/// Numbers whose range starts at zero are drawn from so many decades below its end.
constexpr double kDecades = 16.0;

double draw_number(const FieldInfo& field, Random& random) {
  const double high = field.max.value_or(1e3);
  double low = field.min.value_or(field.above.value_or(0.0));
  if (low == 0.0 && field.min && random.chance(15)) return 0.0;
  low = std::max(low, high * std::pow(10.0, -kDecades));
  const double way = random.between(0, 1'000'000) * 1e-6;
  return std::clamp(low * std::pow(high / low, way), low, high);
}

std::string quantity_text(double si, Dimension dimension) {
  for (const UnitName& unit : all_units()) {
    if (unit.dimension == dimension && unit.exponent == 0) return fmt::format("{:.17g} {}", si, unit.name);
  }
  for (const UnitName& unit : all_units()) {
    if (unit.dimension == dimension)
      return fmt::format("{:.17g} {}", si / std::pow(10.0, unit.exponent), unit.name);
  }
  throw std::logic_error("a dimension without units");
}

std::string draw(const FieldInfo& field, Random& random) {
  switch (field.type) {
    case FieldType::boolean:
      return random.chance(50) ? "true" : "false";
    case FieldType::integer:
      return std::to_string(random.between(static_cast<int>(field.min.value_or(0)),
                                           static_cast<int>(field.max.value_or(1000))));
    case FieldType::real:
      return fmt::format("{:.17g}", draw_number(field, random));
    case FieldType::choice:
      return field
          .choices[static_cast<std::size_t>(random.between(0, static_cast<int>(field.choices.size()) - 1))];
    case FieldType::quantity:
      return quantity_text(draw_number(field, random), field.dimension);
    case FieldType::text:
    case FieldType::path:
      return "any";
  }
  return "any";
}

/// Points of a series: as many in every list of a model, and none below the one before it.
std::string draw_list(const FieldInfo& field, std::size_t length, Random& random) {
  std::set<double> points;
  while (points.size() < length)
    points.insert(field.type == FieldType::integer
                      ? random.between(static_cast<int>(*field.min), static_cast<int>(*field.max))
                      : draw_number(field, random));
  std::string out;
  for (const double point : points)
    out += (out.empty() ? "" : ", ") + (field.type == FieldType::integer
                                            ? fmt::format("{:.0f}", point)
                                            : quantity_text(point, field.dimension));
  return "[" + out + "]";
}

/// Parameters of a model, each of them anywhere in its declared range.
std::string draw_parameters(const RecordSchema& schema, Random& random) {
  const auto length = static_cast<std::size_t>(random.between(1, 8));
  std::string out = "{";
  for (const FieldInfo& field : schema.fields()) {
    if (!field.required() && random.chance(25)) continue;
    out += (out.size() > 1 ? ", " : "") + field.name + ": " +
           (field.list ? draw_list(field, length, random) : draw(field, random));
  }
  return out + "}";
}

/// A setting of one key of the config's sections, anywhere in its declared range.
std::string draw_setting(const char* section, const char* key, Random& random) {
  return fmt::format("{}.{}={}", section, key, draw(*find_section(section)->schema->find(key), random));
}

Config random_config(Random& random) {
  std::vector<std::string> settings{draw_setting("technology", "node", random),
                                    draw_setting("adc", "leakage_share", random),
                                    draw_setting("adc", "one_bit", random)};
  for (const char* key : {"energy_per_decision", "power", "area", "leakage"})
    settings.push_back(draw_setting("sense_amplifier", key, random));
  return load_config(kConfig, settings);
}

/// Returns for how many resolutions there is a cost.
int check_never_falls(const Config& config, const AdcModel& model) {
  ComponentCost last;
  int costed = 0;
  for (int bits = 0; bits <= kMostBits; ++bits) {
    INFO(bits << " bits");
    ComponentCost cost;
    try {
      cost = converter_cost(config, model, bits).cost;
    } catch (const std::invalid_argument&) {
      continue;  // outside a series
    }
    ++costed;
    CHECK(cost.energy >= last.energy);
    CHECK(cost.power >= last.power);
    CHECK(cost.leakage >= last.leakage);
    CHECK(cost.area >= last.area);
    last = cost;
  }
  return costed;
}

TEST_CASE("a conversion never costs less with more bits, in any model with its defaults", "[law][adc]") {
  const Config config = load_config(kConfig, {});
  for (const auto& [name, entry] : Registry<AdcModel>::instance()) {
    INFO("ADC model " << name);
    CHECK(check_never_falls(config, *Registry<AdcModel>::instance().create(name)) >= 7);
  }
}

TEST_CASE("a conversion never costs less with more bits, whatever parameters are legal", "[law][adc]") {
  for (const auto& [name, entry] : Registry<AdcModel>::instance()) {
    int legal = 0;
    for (std::uint64_t seed = 0; seed < 150; ++seed) {
      Random random(seed);
      const std::string parameters = draw_parameters(*entry.schema, random);
      INFO("ADC model " << name << ", seed " << seed << ", " << parameters);
      std::unique_ptr<AdcModel> model;
      try {
        model = Registry<AdcModel>::instance().create(name, parameters);
      } catch (const UserError&) {
        continue;  // a rule across parameters refuses it
      }
      ++legal;
      check_never_falls(random_config(random), *model);
    }
    INFO("ADC model " << name);
    CHECK(legal > 30);
  }
}

TEST_CASE("one bit costs what is less: a sense amplifier, or the smallest ADC above", "[law][adc]") {
  const Config config = load_config(kConfig, {});
  const auto model = [](const char* name, const char* parameters = "{}") {
    return Registry<AdcModel>::instance().create(name, parameters);
  };
  const auto schreier = model("schreier");
  CHECK(one_bit_adc(config, *schreier) == 2);
  CHECK(converter_cost(config, *schreier, 1).cost.energy == converter_cost(config, *schreier, 2).cost.energy);
  CHECK(one_bit_adc(config, *model("isaac")) == 0);
  CHECK(one_bit_adc(load_config(kConfig, {"adc.one_bit=model"}), *schreier) == 1);
  // A series that begins above two bits, and one that ends at one.
  const auto cheap = model("table", "{series_bits: [4], series_energy: [1 fJ], series_area: [1 um2]}");
  CHECK(one_bit_adc(config, *cheap) == 4);
  const auto comparator = model("table", "{series_bits: [1], series_energy: [1 fJ], series_area: [1 um2]}");
  CHECK(one_bit_adc(config, *comparator) == 0);
}

}  // namespace
}  // namespace squeezebar::test
