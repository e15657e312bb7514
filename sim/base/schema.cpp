// SPDX-License-Identifier: Apache-2.0
#include "sim/base/schema.h"

#include <algorithm>

#include <fmt/core.h>

#include "sim/base/field_text.h"

namespace squeezebar {

std::string_view affects_name(Affects affects) {
  switch (affects) {
    case Affects::accounting:
      return "accounting";
    case Affects::timing:
      return "timing";
    case Affects::values:
      return "values";
  }
  return "values";
}

const FieldInfo* RecordSchema::find(std::string_view name) const {
  const auto match =
      std::find_if(fields_.begin(), fields_.end(), [name](const FieldInfo& f) { return f.name == name; });
  return match == fields_.end() ? nullptr : &*match;
}

std::vector<std::string> RecordSchema::field_names() const {
  std::vector<std::string> out;
  for (const FieldInfo& field : fields_) out.push_back(field.name);
  return out;
}

std::shared_ptr<void> RecordSchema::create() const {
  std::shared_ptr<void> params = create_();
  for (const FieldInfo& field : fields_) {
    if (field.set_default) field.set_default(params.get());
  }
  return params;
}

std::vector<RuleFailure> RecordSchema::check(const void* params) const {
  std::vector<RuleFailure> out;
  for (const auto& rule : rules_) {
    if (std::optional<RuleFailure> failure = rule(params)) out.push_back(std::move(*failure));
  }
  return out;
}

void RecordSchema::add(FieldInfo field) {
  const auto faulty = [&field](const std::string& why) {
    throw std::logic_error(fmt::format("field '{}': {}", field.name, why));
  };
  if (field.name.empty() || field.name.find_first_of(". =") != std::string::npos) faulty("not a usable name");
  if (field.name == "source" || field.name == "model") faulty("the name is reserved");
  if (find(field.name) != nullptr) faulty("declared twice");
  if (field.type == FieldType::choice && field.choices.empty()) faulty("has no choices");
  if (!field.recorded && field.required()) faulty("a field that is not recorded needs a default");
  if (field.min && field.max && *field.min > *field.max) faulty("its range is empty");
  if (!field.required() && !field.list && has_range(field)) {
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.text = *field.default_text;
    const std::shared_ptr<void> scratch = create_();
    field.set(scratch.get(), node,
              [&](const Place&, const std::string& why) { faulty("its default: " + why); });
  }
  fields_.push_back(std::move(field));
}

void read_fields(const RecordSchema& schema, void* params, const FindEntry& find, const Place& where,
                 const std::string& key_prefix, Diagnostics& diagnostics, bool report_missing) {
  for (const FieldInfo& field : schema.fields()) {
    const std::string key = key_prefix + field.name;
    if (const YamlEntry* entry = find(field.name)) {
      field.set(params, entry->value, [&](const Place& place, std::string message) {
        diagnostics.error(place, key, std::move(message));
      });
    } else if (field.required() && report_missing) {
      diagnostics.error(where, key, missing_text(field));
    }
  }
}

void check_rules(const RecordSchema& schema, const void* params, const FindEntry& find, const Place& where,
                 const std::string& key_prefix, Diagnostics& diagnostics) {
  for (const RuleFailure& failure : schema.check(params)) {
    const YamlEntry* entry = failure.field.empty() ? nullptr : find(failure.field);
    std::string key = key_prefix + failure.field;
    if (key.ends_with('.')) key.pop_back();
    diagnostics.error(entry == nullptr ? where : entry->value.place, std::move(key), failure.message);
  }
}

std::shared_ptr<void> read_record(const RecordSchema& schema, std::string_view yaml, Diagnostics& diagnostics,
                                  const std::string& file) {
  const std::size_t errors_before = diagnostics.error_count();
  const std::optional<YamlNode> root = parse_yaml(yaml, file, diagnostics);
  if (!root) return nullptr;
  if (!root->is_map() && !root->is_null()) {
    diagnostics.error(root->place, "", "must be a map of keys and values");
    return nullptr;
  }
  const std::vector<std::string> names = schema.field_names();
  for (const YamlEntry& entry : root->entries) {
    if (schema.find(entry.key) != nullptr) continue;
    diagnostics.error(entry.key_place, "",
                      fmt::format("unknown key '{}'{}", entry.key, did_you_mean(entry.key, names)));
  }
  const FindEntry find = [&root](std::string_view key) { return root->find(key); };
  std::shared_ptr<void> params = schema.create();
  read_fields(schema, params.get(), find, root->place, "", diagnostics);
  if (diagnostics.error_count() == errors_before)
    check_rules(schema, params.get(), find, root->place, "", diagnostics);
  return diagnostics.error_count() == errors_before ? params : nullptr;
}

}  // namespace squeezebar
