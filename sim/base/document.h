// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "sim/base/yaml.h"

namespace squeezebar {

/// The root of a file that holds a map. Anything else is told at its first character: "must be " and `what`;
/// a file that holds nothing (no bytes, comments alone, null) is empty.
std::optional<YamlNode> only_map(std::optional<YamlNode> root, const std::string& file,
                                 const std::string& what, Diagnostics& diagnostics);

/// parse_yaml, then only_map.
std::optional<YamlNode> parse_yaml_map(std::string_view text, const std::string& file,
                                       const std::string& what, Diagnostics& diagnostics);

/// Holds nothing but blanks, after a byte-order mark if there is one.
bool is_blank(std::string_view text);

/// The place of a byte of a text; a byte-order mark takes no column.
Place place_in(std::string_view text, std::size_t byte, const std::string& file);

/// A file that holds a JSON object. Anything else is told where the text ceases to be one, as `what`, why,
/// and `remedy`.
std::optional<nlohmann::ordered_json> parse_json_object(std::string_view text, const std::string& file,
                                                        const std::string& what, const std::string& remedy,
                                                        Diagnostics& diagnostics);

}  // namespace squeezebar
