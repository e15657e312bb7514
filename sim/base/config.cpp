// SPDX-License-Identifier: Apache-2.0
#include "sim/base/config.h"

#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include "sim/base/config_state.h"
#include "sim/base/field_text.h"
#include "sim/base/hash.h"
#include "sim/base/text_check.h"

namespace squeezebar {
namespace {

const SectionState& section_at(const Config::State& state, std::string_view name) {
  const auto match = state.sections.find(name);
  if (match == state.sections.end()) throw std::logic_error(fmt::format("no section '{}'", name));
  return match->second;
}

/// The only section for which `matches` holds.
template <class Matches>
const SectionState& only_section(const Config::State& state, std::string_view what, Matches matches) {
  const SectionState* found = nullptr;
  for (const auto& [name, section] : state.sections) {
    if (!matches(section)) continue;
    if (found != nullptr)
      throw std::logic_error(fmt::format("several sections have this {}; name one", what));
    found = &section;
  }
  if (found == nullptr) throw std::logic_error(fmt::format("no section has this {}", what));
  return *found;
}

/// "section.field" taken apart; `field` is empty for a section's own name.
struct Key {
  std::string_view section, field;

  explicit Key(std::string_view key) : section(key.substr(0, key.find('.'))) {
    if (section.size() < key.size()) field = key.substr(section.size() + 1);
  }
};

struct FieldOf {
  const FieldInfo* field = nullptr;
  const void* params = nullptr;
};

FieldOf find_field(const SectionState& section, std::string_view name) {
  if (const FieldInfo* field = section.info->schema->find(name)) return {field, section.params.get()};
  const FieldInfo* field = section.variant_schema == nullptr ? nullptr : section.variant_schema->find(name);
  if (field == nullptr)
    throw std::logic_error(fmt::format("no field '{}' in section '{}'", name, section.info->name));
  return {field, section.variant_params.get()};
}

std::vector<FieldOf> all_fields(const SectionState& section) {
  std::vector<FieldOf> out;
  for (const FieldInfo& field : section.info->schema->fields()) out.push_back({&field, section.params.get()});
  if (section.variant_schema == nullptr) return out;
  for (const FieldInfo& field : section.variant_schema->fields())
    out.push_back({&field, section.variant_params.get()});
  return out;
}

/// The place as seen from the top file's folder, so that it is the same wherever the program is started and
/// however the file is named.
std::string origin_text(const Place& place, const std::string& top_file) {
  if (place.line == 0) return place.file;
  const std::filesystem::path folder = std::filesystem::path(top_file).parent_path();
  return to_string(Place{path_seen_from(folder, place.file), place.line, place.column});
}

std::string origin_of(const Config::State& state, const SectionState& section, std::string_view field) {
  const auto written = section.written.find(field);
  return written == section.written.end() ? "default" : origin_text(written->second.place, state.file);
}

std::vector<ConfigRemark>& remarks() {
  static std::vector<ConfigRemark> instance;
  return instance;
}

/// Whatever the name of a file holds, the comment is one line of UTF-8 text.
std::string yaml_comment(std::string_view text) {
  std::string out = "  # ";
  while (!text.empty()) {
    const std::size_t length = utf8_length(text);
    const bool printable = length > 1 || (length == 1 && text[0] >= ' ' && text[0] <= '~');
    out += printable ? text.substr(0, length) : "?";
    text.remove_prefix(length == 0 ? 1 : length);
  }
  return out;
}

std::string source_text(const std::vector<std::string>& source) {
  if (source.size() == 1) return yaml_quote(source[0]);
  std::string out = "[";
  for (const std::string& item : source) {
    if (out.size() > 1) out += ", ";
    out += yaml_quote(item);
  }
  return out + "]";
}

std::string section_yaml(const Config& config, const SectionState& section,
                         const std::filesystem::path& base_dir) {
  std::string out;
  const auto comment = [&](const std::string& field) {
    return yaml_comment(config.comment(section.info->name + "." + field));
  };
  if (section.info->is_variant())
    out += fmt::format("  model: {}{}\n", yaml_quote(section.model), comment("model"));
  for (const FieldOf& item : all_fields(section)) {
    if (!item.field->recorded) continue;
    // A choice named "off" would be a boolean to readers of YAML 1.1.
    const std::string text = item.field->get(item.params, &base_dir);
    out += fmt::format("  {}: {}{}\n", item.field->name,
                       item.field->type == FieldType::choice ? yaml_quote(text) : text,
                       comment(item.field->name));
  }
  if (!section.source.empty()) out += fmt::format("  source: {}\n", source_text(section.source));
  if (out.empty()) return fmt::format("\n{}: {{}}\n", section.info->name);
  return fmt::format("\n{}:\n{}", section.info->name, out);
}

/// The sorted lines under the hash; null: of every class.
std::string hash_lines(const Config& config, const Affects* affects) {
  std::vector<std::string> lines;
  for (const ConfigValue& value : config.values()) {
    const bool counts =
        value.field == nullptr || (value.field->hashed && value.field->type != FieldType::path);
    if (counts && (affects == nullptr || value.affects == *affects))
      lines.push_back(value.key + "=" + value.text + "\n");
  }
  std::sort(lines.begin(), lines.end());
  std::string out;
  for (const std::string& line : lines) out += line;
  return out;
}

}  // namespace

const Config::State& Config::state() const {
  if (!state_) throw std::logic_error("the config was not loaded");
  return *state_;
}

const void* Config::params(std::type_index type) const {
  return only_section(state(), "parameter type",
                      [&](const SectionState& s) { return s.info->params_type == type; })
      .params.get();
}

const void* Config::params(std::type_index type, std::string_view section) const {
  const SectionState& found = section_at(state(), section);
  if (found.info->params_type != type)
    throw std::logic_error(fmt::format("section '{}' has another type", section));
  return found.params.get();
}

const void* Config::interface(std::type_index type) const {
  return only_section(state(), "interface",
                      [&](const SectionState& s) { return s.info->interface_type == type; })
      .variant.get();
}

const void* Config::interface(std::type_index type, std::string_view section) const {
  const SectionState& found = section_at(state(), section);
  if (!found.info->is_variant() || found.info->interface_type != type) {
    throw std::logic_error(fmt::format("section '{}' has another interface", section));
  }
  return found.variant.get();
}

const std::string& Config::model(std::string_view section) const {
  return section_at(state(), section).model;
}

Place Config::place(std::string_view key) const {
  const Key parts(key);
  const SectionState& section = section_at(state(), parts.section);
  const auto written = section.written.find(parts.field);
  return written == section.written.end() ? section.place : written->second.place;
}

ValueLayers Config::layers(std::string_view key) const {
  const Key parts(key);
  const SectionState& section = section_at(state(), parts.section);
  const auto written = section.written.find(parts.field);
  return written == section.written.end() ? ValueLayers{} : written->second.layers;
}

std::string Config::origin(std::string_view key) const {
  const Key parts(key);
  return origin_of(state(), section_at(state(), parts.section), parts.field);
}

std::string Config::comment(std::string_view key) const {
  std::string out = origin(key);
  for (const ConfigRemark& remark : remarks()) {
    if (const std::string text = remark(*this, key); !text.empty()) out += "; " + text;
  }
  return out;
}

std::string Config::text(std::string_view key, const std::filesystem::path* base) const {
  const Key parts(key);
  const SectionState& section = section_at(state(), parts.section);
  if (parts.field == "model" && section.info->is_variant()) return yaml_quote(section.model);
  const FieldOf item = find_field(section, parts.field);
  return item.field->get(item.params, base);
}

const std::vector<std::string>& Config::source(std::string_view section) const {
  return section_at(state(), section).source;
}

std::vector<ConfigValue> Config::values() const {
  std::vector<ConfigValue> out;
  for (const auto& [name, section] : state().sections) {
    if (section.info->is_variant()) {
      out.push_back({name + ".model", yaml_quote(section.model), nullptr, section.info->model_affects});
    }
    for (const FieldOf& item : all_fields(section)) {
      out.push_back({name + "." + item.field->name, item.field->get(item.params, nullptr), item.field,
                     item.field->affects});
    }
  }
  return out;
}

std::string Config::resolved_yaml(const std::filesystem::path& base_dir) const {
  std::string out = "# Complete config; the comment after a value says where it comes from.\nversion: 1\n";
  for (const auto& [name, section] : state().sections) out += section_yaml(*this, section, base_dir);
  return out;
}

std::string Config::hash(Affects affects) const { return sha256_hex(hash_lines(*this, &affects)); }
std::string Config::hash() const { return sha256_hex(hash_lines(*this, nullptr)); }
const std::string& Config::file() const { return state().file; }

void detail::register_remark(ConfigRemark remark) { remarks().push_back(std::move(remark)); }

}  // namespace squeezebar
