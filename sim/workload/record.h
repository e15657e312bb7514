// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

#include "sim/base/schema.h"

namespace squeezebar {

/// Reads one map of a bundle file against a declaration: unknown keys are errors; keys in `others` are read
/// elsewhere.
void read_map(const RecordSchema& schema, void* params, const YamlNode& node, const std::string& key,
              Diagnostics& diagnostics, std::initializer_list<std::string_view> others = {});

template <class P>
P read_map(const Schema<P>& schema, const YamlNode& node, const std::string& key, Diagnostics& diagnostics,
           std::initializer_list<std::string_view> others = {}) {
  P params{};
  read_map(schema, &params, node, key, diagnostics, others);
  return params;
}

/// The entry `name` of a map, reported as missing if it is not there or not of the wanted kind.
const YamlNode* require(const YamlNode& map, std::string_view name, YamlNode::Kind kind,
                        const std::string& key, Diagnostics& diagnostics);

}  // namespace squeezebar
