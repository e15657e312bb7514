// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sim/base/config.h"
#include "sim/base/yaml.h"

namespace squeezebar {

/// An entry and the layer that gave it. Layers count up in the order in which they are laid over each other.
struct MergedEntry {
  YamlEntry entry;
  int layer = 0;
  int since = 0;  ///< The layer from which on every layer that has the entry gave this text.
};

/// The entries of a section after all layers were laid over each other.
struct MergedSection {
  Place place;  ///< The section's key in the last layer that has it.
  std::map<std::string, MergedEntry, std::less<>> entries;
  std::vector<std::string> replaced_models;

  const YamlEntry* find(std::string_view key) const;
};

struct MergedConfig {
  std::map<std::string, MergedSection, std::less<>> sections;
  bool broken = false;  ///< A file could not be read or parsed: what is missing may have stood there.
  int layers = 0;
  int files = 0;  ///< Layers below the overrides.
};

/// Reads the file (or one variant of it) and its includes. Knows the names of the sections, nothing of their
/// fields.
MergedConfig merge_files(const std::string& path, const ReadFile& read, Diagnostics& diagnostics);

/// Lays an override over what is there.
void lay_override(const ConfigOverride& one, MergedConfig& merged, Diagnostics& diagnostics);

/// The value of an override, with the rules of a YAML value: a list in brackets, text in quotes, or a plain
/// scalar.
std::optional<YamlNode> parse_override_value(std::string_view text, const Place& place,
                                             const std::string& key, Diagnostics& diagnostics);

}  // namespace squeezebar
