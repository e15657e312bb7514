// SPDX-License-Identifier: Apache-2.0
#include "sim/base/config_merge.h"

#include <algorithm>
#include <filesystem>

#include <fmt/core.h>

#include "sim/base/document.h"
#include "sim/base/piped_config.h"
#include "sim/base/text_check.h"

namespace squeezebar {
namespace {

constexpr std::size_t kMaxIncludeDepth = 32;
constexpr int kMaxLayers = 1000;
constexpr std::int64_t kVersion = 1;

bool check_section(const std::string& name, const Place& place, Diagnostics& diagnostics) {
  if (find_section(name) != nullptr) return true;
  std::vector<std::string> names;
  for (const SectionInfo* section : config_sections()) names.push_back(section->name);
  diagnostics.error(place, "", fmt::format("unknown section '{}'{}", name, did_you_mean(name, names)));
  return false;
}

void put(const YamlEntry& entry, int layer, MergedSection& section) {
  MergedEntry& slot = section.entries[entry.key];
  if (entry.key == "model" && slot.layer > 0 && slot.entry.value.text != entry.value.text) {
    section.replaced_models.push_back(slot.entry.value.text);
  }
  const bool same = slot.layer > 0 && slot.entry.value.is_scalar() && entry.value.is_scalar() &&
                    slot.entry.value.text == entry.value.text;
  slot = {entry, layer, same ? slot.since : layer};
}

class Merger {
 public:
  Merger(const ReadFile& read, Diagnostics& diagnostics) : read_(read), diagnostics_(diagnostics) {}

  void load_top(const ConfigName& name) {
    diagnostics_.add_file(name.file);
    load(name.file, {}, true);
    const YamlNode* root = parse(name.file, {});
    if (root == nullptr) return;
    const YamlEntry* variants = root->find("variants");
    if (variants != nullptr && !check_variants(*variants)) return;
    if (!name.variant.empty()) lay_variant(variants, name);
  }

  std::vector<std::string> variant_names(const std::string& file) {
    diagnostics_.add_file(file);
    const YamlNode* root = parse(file, {});
    const YamlEntry* variants = root == nullptr ? nullptr : root->find("variants");
    std::vector<std::string> names;
    if (variants == nullptr || !check_variants(*variants)) return names;
    for (const YamlEntry& variant : variants->value.entries) names.push_back(variant.key);
    return names;
  }

  MergedConfig take() { return std::move(merged_); }

 private:
  /// Lays the includes of a file, then its own keys, over what is there.
  void load(const std::string& path, const Place& where, bool is_top) {
    const YamlNode* root = parse(path, where);
    if (root == nullptr) {
      merged_.broken = true;
      return;
    }
    stack_.push_back(path);
    check_version(*root, is_top);
    if (const YamlEntry* include = root->find("include")) load_includes(path, include->value);
    stack_.pop_back();
    ++merged_.layers;
    for (const YamlEntry& entry : root->entries) {
      if (entry.key == "version" || entry.key == "include") continue;
      if (entry.key != "variants") {
        apply_section(entry);
      } else if (!is_top) {
        diagnostics_.error(entry.key_place, "variants",
                           "an included file cannot have variants; move them to the file that is run");
      }
    }
  }

  /// Names become names of folders.
  static bool is_variant_name(const std::string& name) {
    const auto plain = [](char c) {
      return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
             c == '-';
    };
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), plain);
  }

  bool check_variants(const YamlEntry& variants) {
    const auto refuse = [&](const Place& place, const std::string& message) {
      diagnostics_.error(place, "variants", message);
      merged_.broken = true;
      return false;
    };
    if (!variants.value.is_map() || variants.value.entries.empty())
      return refuse(variants.key_place, "must be a map of names to sections");
    bool good = true;
    for (const YamlEntry& variant : variants.value.entries) {
      if (!is_variant_name(variant.key)) {
        good = refuse(
            variant.key_place,
            fmt::format("'{}' is no name for a variant; use letters, digits, '_' and '-'", variant.key));
      } else if (!variant.value.is_map() && !variant.value.is_null()) {
        good = refuse(variant.value.place, fmt::format("'{}' must be a map of sections", variant.key));
      }
    }
    return good;
  }

  void lay_variant(const YamlEntry* variants, const ConfigName& name) {
    const YamlEntry* chosen = variants == nullptr ? nullptr : variants->value.find(name.variant);
    if (chosen == nullptr) {
      std::vector<std::string> names;
      if (variants != nullptr) {
        for (const YamlEntry& variant : variants->value.entries) names.push_back(variant.key);
      }
      const Place place = variants == nullptr ? Place{name.file, 1, 1} : variants->key_place;
      diagnostics_.error(
          place, "variants",
          fmt::format("there is no variant '{}'{}", name.variant,
                      names.empty() ? "; the file has none" : "; it has " + join_names(names)));
      merged_.broken = true;
      return;
    }
    stack_.push_back(name.file);
    if (const YamlEntry* include = chosen->value.find("include")) load_includes(name.file, include->value);
    stack_.pop_back();
    ++merged_.layers;
    for (const YamlEntry& section : chosen->value.entries) {
      if (section.key != "include") apply_section(section);
    }
  }

  /// Parses each file once, however often it is included; null if it is unusable.
  const YamlNode* parse(const std::string& path, const Place& where) {
    const auto known = parsed_.find(path);
    if (known != parsed_.end()) return known->second ? &*known->second : nullptr;
    std::optional<YamlNode>& slot = parsed_[path];
    const std::optional<std::string> text = read_(path, where, diagnostics_);
    if (!text) return nullptr;
    slot = parse_yaml_map(*text, path, "a map of sections", diagnostics_);
    return slot ? &*slot : nullptr;
  }

  void check_version(const YamlNode& root, bool is_top) {
    const YamlEntry* version = root.find("version");
    if (version == nullptr) {
      if (is_top)
        diagnostics_.error({stack_.back(), 1, 1}, "version", "missing; a config starts with 'version: 1'");
      return;
    }
    const Scalar<std::int64_t> number = scalar_int(version->value);
    if (!number.ok()) {
      diagnostics_.error(version->value.place, "version", number.error);
    } else if (number.value != kVersion) {
      diagnostics_.error(version->value.place, "version",
                         fmt::format("this program reads version {}, not {}", kVersion, number.value));
    }
  }

  void load_includes(const std::string& path, const YamlNode& list) {
    if (!list.is_sequence()) return load_include(path, list);
    for (const YamlNode& item : list.items) load_include(path, item);
  }

  void load_include(const std::string& path, const YamlNode& item) {
    const auto refuse = [&](const std::string& message) {
      diagnostics_.error(item.place, "include", message);
      merged_.broken = true;
    };
    if (!item.is_scalar() || item.text.empty()) return refuse("must be a list of files, e.g. [chip.yaml]");
    const std::filesystem::path folder = std::filesystem::path(path).parent_path();
    const std::string file = (folder / item.text).lexically_normal().string();
    const auto open = std::find(stack_.begin(), stack_.end(), file);
    if (open != stack_.end()) {
      std::string cycle;
      for (auto at = open; at != stack_.end(); ++at) cycle += *at + " -> ";
      return refuse(fmt::format("include cycle: {}{}", cycle, file));
    }
    if (stack_.size() >= kMaxIncludeDepth) {
      return refuse(fmt::format("includes are nested deeper than {} files", kMaxIncludeDepth));
    }
    if (merged_.layers >= kMaxLayers)
      return refuse(fmt::format("more than {} files are included", kMaxLayers));
    load(file, item.place, false);
  }

  void apply_section(const YamlEntry& section) {
    if (!check_section(section.key, section.key_place, diagnostics_)) return;
    if (!section.value.is_map()) {
      const Place& place = section.value.is_null() ? section.key_place : section.value.place;
      diagnostics_.error(place, section.key, "must be a map of keys and values");
      merged_.broken = true;
      return;
    }
    MergedSection& merged = merged_.sections[section.key];
    merged.place = section.key_place;
    for (const YamlEntry& entry : section.value.entries) put(entry, merged_.layers, merged);
  }

  const ReadFile& read_;
  Diagnostics& diagnostics_;
  MergedConfig merged_;
  std::map<std::string, std::optional<YamlNode>> parsed_;
  std::vector<std::string> stack_;  ///< The files whose includes are being read.
};

void set_places(YamlNode& node, const Place& place) {
  node.place = place;
  for (YamlNode& item : node.items) set_places(item, place);
  for (YamlEntry& entry : node.entries) {
    entry.key_place = place;
    set_places(entry.value, place);
  }
}

}  // namespace

const YamlEntry* MergedSection::find(std::string_view key) const {
  const auto match = entries.find(key);
  return match == entries.end() ? nullptr : &match->second.entry;
}

ConfigName ConfigName::parse(const std::string& text) {
  const std::size_t hash = text.rfind('#');
  if (hash == std::string::npos) return {text, ""};
  const std::string file = text.substr(0, hash);
  const bool may_have_variants = file.ends_with(".yaml") || file.ends_with(".yml") || is_piped_config(file);
  if (!may_have_variants || hash + 1 == text.size()) return {text, ""};
  return {file, text.substr(hash + 1)};
}

std::string ConfigName::stem() const {
  const std::string whole = std::filesystem::path(file).stem().string();
  return is_piped_config(file) ? whole.substr(1, whole.size() - 2) : whole;
}

std::vector<std::string> config_variants(const std::string& file, Diagnostics& diagnostics) {
  return Merger(read_config_text, diagnostics).variant_names(file);
}

MergedConfig merge_files(const std::string& path, const ReadFile& read, Diagnostics& diagnostics) {
  Merger merger(read, diagnostics);
  merger.load_top(ConfigName::parse(path));
  MergedConfig merged = merger.take();
  merged.files = merged.layers;
  return merged;
}

void lay_override(const ConfigOverride& one, MergedConfig& merged, Diagnostics& diagnostics) {
  ++merged.layers;
  const std::size_t dot = one.key.find('.');
  const std::string name = one.key.substr(0, dot);
  const Place& place = one.value.place;
  if (!check_section(name, place, diagnostics)) return;
  const bool is_new = !merged.sections.contains(name);
  MergedSection& section = merged.sections[name];
  if (is_new) section.place = place;
  put({one.key.substr(dot + 1), place, one.value}, merged.layers, section);
}

std::optional<ConfigOverride> parse_override(const std::string& text, Diagnostics& diagnostics) {
  const Place place{"--set " + text, 0, 0};
  const std::size_t equals = text.find('=');
  const std::string key = text.substr(0, equals);
  const std::size_t dot = key.find('.');
  if (equals == std::string::npos || dot == std::string::npos ||
      key.find('.', dot + 1) != std::string::npos) {
    diagnostics.error(place, "", "must have the form section.key=value");
    return std::nullopt;
  }
  const std::string_view value_text = std::string_view(text).substr(equals + 1);
  std::optional<YamlNode> value = parse_override_value(value_text, place, key, diagnostics);
  if (!value) return std::nullopt;
  return ConfigOverride{key, std::move(*value)};
}

std::optional<YamlNode> parse_override_value(std::string_view text, const Place& place,
                                             const std::string& key, Diagnostics& diagnostics) {
  while (text.starts_with(' ')) text.remove_prefix(1);
  while (text.ends_with(' ')) text.remove_suffix(1);
  if (const std::optional<TextFault> fault = find_text_fault(text)) {
    diagnostics.error(place, key, fault->message);
    return std::nullopt;
  }
  YamlNode node;
  constexpr std::string_view kYamlStarts = "[{\"'";
  if (!text.empty() && kYamlStarts.find(text[0]) != std::string_view::npos) {
    Diagnostics inner;
    std::optional<YamlNode> parsed = parse_yaml(text, place.file, inner);
    for (const Diagnostic& d : inner.sorted()) diagnostics.error(place, key, d.message);
    if (!parsed) return std::nullopt;
    node = std::move(*parsed);
  } else if (!text.empty() && text != "~" && text != "null") {
    node.kind = YamlNode::Kind::scalar;
    node.text = std::string(text);
  }
  set_places(node, place);
  return node;
}

}  // namespace squeezebar
