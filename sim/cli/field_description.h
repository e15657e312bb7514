// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/base/config.h"

namespace squeezebar {

/// Type, unit, default, range, sentence and what it affects, of one declared key; several lines.
std::string describe_field(const std::string& section, const FieldInfo& field);
/// The same of an option that no result depends on.
std::string describe_option(const std::string& owner, const FieldInfo& field);

/// A line for each field: name, default, what it is.
std::string field_table(const RecordSchema& schema);

/// The class and what must be repeated when a key of this class changes.
std::string affects_text(Affects affects);

/// The model that the config picks in a section, empty for a fixed section.
std::string config_model(const Config& config, const std::string& section);

}  // namespace squeezebar
