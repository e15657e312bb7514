// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/field_description.h"

#include <fmt/format.h>

#include "sim/report/text_table.h"

namespace squeezebar {

std::string affects_text(Affects affects) {
  switch (affects) {
    case Affects::accounting:
      return "accounting (energy and area; cycles and values stay the same)";
    case Affects::timing:
      return "timing (cycles and energy; values stay the same)";
    case Affects::values:
      return "values (the network's outputs, and with them everything else)";
  }
  return {};
}

std::string config_model(const Config& config, const std::string& section) {
  const SectionInfo* info = find_section(section);
  return info != nullptr && info->is_variant() ? config.model(section) : std::string();
}

std::string describe_option(const std::string& owner, const FieldInfo& field) {
  std::string out = fmt::format("{}.{}: {}\n", owner, field.name, field.doc);
  const auto line = [&out](std::string_view name, const std::string& value) {
    if (!value.empty()) out += fmt::format("  {}: {}\n", name, value);
  };
  line("type", field.type_text());
  if (field.type == FieldType::quantity) {
    line("unit", fmt::format("{}, e.g. {}", si_unit(field.dimension), example_quantity(field.dimension)));
  }
  line("default", field.required() ? "none (required)" : *field.default_text);
  line("range", field.range_text());
  return out;
}

std::string describe_field(const std::string& section, const FieldInfo& field) {
  return describe_option(section, field) + fmt::format("  affects: {}\n", field.hashed
                                                                              ? affects_text(field.affects)
                                                                              : "nothing in the results");
}

nlohmann::ordered_json option_json(const std::string& owner, const FieldInfo& field) {
  nlohmann::ordered_json out{
      {"key", owner + "." + field.name}, {"about", field.doc}, {"type", field.type_text()}};
  if (field.type == FieldType::quantity) out["unit"] = si_unit(field.dimension);
  out["default"] = nullptr;
  if (!field.required()) out["default"] = *field.default_text;
  if (const std::string range = field.range_text(); !range.empty()) out["range"] = range;
  return out;
}

nlohmann::ordered_json field_json(const std::string& section, const FieldInfo& field) {
  nlohmann::ordered_json out = option_json(section, field);
  out["affects"] = nullptr;
  if (field.hashed) out["affects"] = affects_name(field.affects);
  return out;
}

std::string variant_table(const VariantTable& variants) {
  TextTable table({Align::left, Align::left});
  for (const std::string& name : variants.names()) table.row({name, variants.schema(name)->summary()});
  return table.text("  ");
}

nlohmann::ordered_json variants_json(const VariantTable& variants) {
  nlohmann::ordered_json out = nlohmann::ordered_json::object();
  for (const std::string& name : variants.names()) out[name] = variants.schema(name)->summary();
  return out;
}

std::string field_table(const RecordSchema& schema) {
  TextTable table({Align::left, Align::left, Align::left});
  for (const FieldInfo& field : schema.fields())
    table.row({field.name, field.required() ? "required" : "default " + *field.default_text, field.doc});
  return table.text("  ");
}

}  // namespace squeezebar
