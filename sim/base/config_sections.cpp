// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <stdexcept>

#include <fmt/core.h>

#include "sim/base/config_state.h"

namespace squeezebar {
namespace {

// Function-local, because registration happens while other statics are being initialised.
std::map<std::string, SectionInfo, std::less<>>& sections() {
  static std::map<std::string, SectionInfo, std::less<>> instance;
  return instance;
}

std::vector<ConfigRule>& rules() {
  static std::vector<ConfigRule> instance;
  return instance;
}

void check_disjoint(const SectionInfo& section) {
  for (const std::string& model : section.variants->names()) {
    for (const FieldInfo& field : section.variants->schema(model)->fields()) {
      if (section.schema->find(field.name) == nullptr) continue;
      throw std::logic_error(fmt::format("'{}' is declared by section '{}' and by its model '{}'", field.name,
                                         section.name, model));
    }
  }
}

}  // namespace

std::vector<const SectionInfo*> config_sections() {
  std::vector<const SectionInfo*> out;
  for (const auto& [name, section] : sections()) out.push_back(&section);
  return out;
}

const SectionInfo* find_section(std::string_view name) {
  const auto match = sections().find(name);
  return match == sections().end() ? nullptr : &match->second;
}

const std::vector<ConfigRule>& config_rules() { return rules(); }

void check_declarations() {
  for (const auto& [name, section] : sections()) {
    if (section.is_variant()) check_disjoint(section);
  }
}

namespace detail {

void register_section(SectionInfo section) {
  const std::string name = section.name;
  if (name.empty() || name == "version" || name == "include" ||
      name.find_first_of(". =") != std::string::npos) {
    throw std::logic_error(fmt::format("'{}' cannot be the name of a section", name));
  }
  if (!sections().try_emplace(name, std::move(section)).second) {
    throw std::logic_error(fmt::format("section '{}' is registered twice", name));
  }
}

void register_rule(ConfigRule rule) { rules().push_back(std::move(rule)); }

}  // namespace detail
}  // namespace squeezebar
