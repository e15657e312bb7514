// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/record.h"

#include <algorithm>

#include <fmt/format.h>

namespace squeezebar {

void read_map(const RecordSchema& schema, void* params, const YamlNode& node, const std::string& key,
              Diagnostics& diagnostics, std::initializer_list<std::string_view> others) {
  if (!node.is_map()) {
    diagnostics.error(node.place, key, "must be a map");
    return;
  }
  std::vector<std::string> known = schema.field_names();
  known.insert(known.end(), others.begin(), others.end());
  for (const YamlEntry& entry : node.entries) {
    if (std::find(known.begin(), known.end(), entry.key) != known.end()) continue;
    diagnostics.error(entry.key_place, key,
                      fmt::format("unknown key '{}'{}", entry.key, did_you_mean(entry.key, known)));
  }
  const FindEntry find = [&](std::string_view name) { return node.find(name); };
  const std::size_t before = diagnostics.error_count();
  read_fields(schema, params, find, node.place, key.empty() ? "" : key + ".", diagnostics);
  if (diagnostics.error_count() == before) {
    check_rules(schema, params, find, node.place, key.empty() ? "" : key + ".", diagnostics);
  }
}

const YamlNode* require(const YamlNode& map, std::string_view name, YamlNode::Kind kind,
                        const std::string& key, Diagnostics& diagnostics) {
  const YamlNode* node = map.value(name);
  const std::string full = key.empty() ? std::string(name) : fmt::format("{}.{}", key, name);
  if (node == nullptr) {
    diagnostics.error(map.place, full, "is missing");
    return nullptr;
  }
  if (node->kind != kind) {
    diagnostics.error(node->place, full, kind == YamlNode::Kind::map ? "must be a map" : "must be a list");
    return nullptr;
  }
  return node;
}

}  // namespace squeezebar
