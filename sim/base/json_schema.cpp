// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "sim/base/config_state.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

Json bound(const FieldInfo& field, double value) {
  if (field.type == FieldType::integer) return static_cast<std::int64_t>(value);
  return value;
}

Json item_schema(const FieldInfo& field) {
  Json out;
  switch (field.type) {
    case FieldType::boolean:
      out["type"] = "boolean";
      break;
    case FieldType::integer:
      out["type"] = "integer";
      break;
    case FieldType::real:
      out["type"] = "number";
      break;
    case FieldType::choice:
      out["enum"] = field.choices;
      break;
    case FieldType::quantity:
      out["type"] = "string";
      out["pattern"] = quantity_pattern(field.dimension);
      break;
    // YAML text without quotes may look like a number or a boolean; null is the one thing it cannot be.
    case FieldType::text:
      out["type"] = {"string", "number", "boolean"};
      break;
    case FieldType::path:
      out["type"] = {"string", "number", "boolean"};
      out["format"] = "path";
      if (!field.may_be_no_path()) out["minLength"] = 1;
      break;
  }
  if (field.type == FieldType::integer || field.type == FieldType::real) {
    if (field.min) out["minimum"] = bound(field, *field.min);
    if (field.max) out["maximum"] = bound(field, *field.max);
    if (field.above) out["exclusiveMinimum"] = bound(field, *field.above);
  }
  return out;
}

std::string description(const FieldInfo& field) {
  std::string out = field.doc;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : " ") + text; };
  if (!field.range_text().empty()) add("Range: " + field.range_text() + ".");
  add(field.required() ? "Required." : "Default: " + *field.default_text + ".");
  add("Affects: " + std::string(affects_name(field.affects)) + ".");
  return out;
}

Json field_schema(const FieldInfo& field) {
  Json out = item_schema(field);
  if (field.list) {
    Json list = {{"type", "array"}, {"items", std::move(out)}};
    if (field.min_items > 0) list["minItems"] = field.min_items;
    if (field.max_items < std::numeric_limits<std::size_t>::max()) list["maxItems"] = field.max_items;
    out = std::move(list);
  }
  out["description"] = description(field);
  return out;
}

Json source_schema() {
  const Json text = {{"type", {"string", "number", "boolean"}}};
  return {{"anyOf", {text, {{"type", "array"}, {"items", text}}}},
          {"description", "Where these numbers come from."}};
}

/// The properties of a map and which of them are required.
struct Properties {
  Json properties = Json::object();
  Json required = Json::array();

  void add(const RecordSchema& schema) {
    for (const FieldInfo& field : schema.fields()) {
      Json described = field_schema(field);
      Json& slot = properties[field.name];
      // Two models may declare the same name differently.
      if (slot.is_null() || slot == described) {
        slot = std::move(described);
      } else if (slot.contains("anyOf") && !slot.contains("description")) {
        slot["anyOf"].push_back(std::move(described));
      } else {
        slot = {{"anyOf", {slot, std::move(described)}}};
      }
      if (field.required()) required.push_back(field.name);
    }
  }

  Json closed(bool complete) const {
    Json out = {{"properties", properties}, {"additionalProperties", false}};
    if (complete && !required.empty()) out["required"] = required;
    return out;
  }
};

Properties common_properties(const SectionInfo& section) {
  Properties out;
  if (section.is_variant()) out.properties["model"] = {{"enum", section.variants->names()}};
  out.add(*section.schema);
  out.properties["source"] = source_schema();
  return out;
}

Json section_schema(const SectionInfo& section, bool complete) {
  Json out = {{"type", "object"}, {"description", section.summary()}};
  if (!section.is_variant()) {
    out.update(common_properties(section).closed(complete));
    return out;
  }
  const Json has_model = {{"required", Json::array({"model"})}};
  Properties any = common_properties(section);
  out["properties"]["model"] = {{"enum", section.variants->names()}};
  if (complete && !section.default_model) out["required"] = Json::array({"model"});
  out["allOf"] = Json::array();
  for (const std::string& model : section.variants->names()) {
    const RecordSchema& schema = *section.variants->schema(model);
    any.add(schema);
    Properties one = common_properties(section);
    one.add(schema);
    Json then = one.closed(complete);
    then["description"] = schema.summary();
    Json condition = {{"properties", {{"model", {{"const", model}}}}}};
    if (section.default_model != model || !complete) condition["required"] = Json::array({"model"});
    out["allOf"].push_back({{"if", std::move(condition)}, {"then", std::move(then)}});
  }
  if (!complete) out["allOf"].push_back({{"if", {{"not", has_model}}}, {"then", any.closed(false)}});
  return out;
}

bool is_required(const SectionInfo& section) {
  const auto any_required = [](const RecordSchema& schema) {
    for (const FieldInfo& field : schema.fields()) {
      if (field.required()) return true;
    }
    return false;
  };
  if (any_required(*section.schema)) return true;
  if (!section.is_variant()) return false;
  const RecordSchema* variant =
      section.default_model ? section.variants->schema(*section.default_model) : nullptr;
  return variant == nullptr || any_required(*variant);
}

}  // namespace

std::string json_schema(bool complete) {
  check_declarations();
  Json out;
  out["$schema"] = "https://json-schema.org/draft/2020-12/schema";
  out["title"] = "squeezebar config";
  out["type"] = "object";
  Json& properties = out["properties"];
  properties["version"] = {{"const", 1}, {"description", "Version of the config format."}};
  const Json file = {{"type", "string"}, {"minLength", 1}};
  properties["include"] = {{"anyOf", {file, {{"type", "array"}, {"items", file}}}},
                           {"description", "Files relative to this one, merged in order; later ones win."}};
  Json required = Json::array();
  for (const SectionInfo* section : config_sections()) {
    properties[section->name] = section_schema(*section, complete);
    if (is_required(*section)) required.push_back(section->name);
  }
  if (!complete) {
    Json sections = {{"include", properties["include"]}};
    for (const SectionInfo* section : config_sections()) {
      sections[section->name] = {{"$ref", "#/properties/" + section->name}};
    }
    const Json variant = {
        {"type", Json::array({"object", "null"})}, {"properties", sections}, {"additionalProperties", false}};
    properties["variants"] = {
        {"type", "object"},
        {"description", "Alternatives to compare: sections that win over the file's own."},
        {"patternProperties", {{"^[A-Za-z0-9_-]{1,64}$", variant}}},
        {"minProperties", 1},
        {"additionalProperties", false}};
  }
  out["additionalProperties"] = false;
  if (complete) {
    out["required"] = Json::array({"version"});
    out["required"].insert(out["required"].end(), required.begin(), required.end());
  } else {
    // A file that others include has no version; one with includes or variants may leave sections to them.
    const auto has = [](const char* key) { return Json{{"required", Json::array({key})}}; };
    out["if"] = {{"required", Json::array({"version"})},
                 {"not", {{"anyOf", Json::array({has("include"), has("variants")})}}}};
    out["then"] = {{"required", std::move(required)}};
  }
  return out.dump(2) + "\n";
}

}  // namespace squeezebar
