// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

#include "sim/base/config.h"

namespace squeezebar {

/// Type, unit, default, range, sentence and what it affects, of one declared key; several lines.
std::string describe_field(const std::string& section, const FieldInfo& field);
/// The same of an option that no result depends on.
std::string describe_option(const std::string& owner, const FieldInfo& field);

/// The same for programs: key, about, type, unit, default (null: required), range and, of a key of the
/// config, what it affects.
nlohmann::ordered_json option_json(const std::string& owner, const FieldInfo& field);
nlohmann::ordered_json field_json(const std::string& section, const FieldInfo& field);

/// A line for each field: name, default, what it is.
std::string field_table(const RecordSchema& schema);
/// The names of variants and what they are: lines, and an object.
std::string variant_table(const VariantTable& variants);
nlohmann::ordered_json variants_json(const VariantTable& variants);

/// The class and what must be repeated when a key of this class changes.
std::string affects_text(Affects affects);

/// The model that the config picks in a section, empty for a fixed section.
std::string config_model(const Config& config, const std::string& section);

}  // namespace squeezebar
