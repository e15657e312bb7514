// SPDX-License-Identifier: Apache-2.0
#include "sim/base/document.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace squeezebar {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

/// YAML's null is written in several ways, one of which yaml-cpp takes for a text at the root.
bool is_nothing(const YamlNode& root) {
  if (!root.is_scalar() || root.quoted) return root.is_null();
  return root.text == "~" || root.text == "null" || root.text == "Null" || root.text == "NULL" ||
         root.text.empty();
}

}  // namespace

std::optional<YamlNode> only_map(std::optional<YamlNode> root, const std::string& file,
                                 const std::string& what, Diagnostics& diagnostics) {
  if (!root || root->is_map()) return root;
  if (is_nothing(*root)) {
    diagnostics.error({file, 1, 1}, "", fmt::format("the file is empty; it must be {}", what));
  } else {
    diagnostics.error(root->place, "", fmt::format("must be {}", what));
  }
  return std::nullopt;
}

std::optional<YamlNode> parse_yaml_map(std::string_view text, const std::string& file,
                                       const std::string& what, Diagnostics& diagnostics) {
  return only_map(parse_yaml(text, file, diagnostics), file, what, diagnostics);
}

bool is_blank(std::string_view text) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  return text.find_first_not_of(" \t\r\n") == std::string_view::npos;
}

Place place_in(std::string_view text, std::size_t byte, const std::string& file) {
  const std::size_t start = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  const std::string_view before = text.substr(start, std::max(byte, start) - start);
  const auto lines = std::count(before.begin(), before.end(), '\n');
  const std::size_t line_end = before.rfind('\n');
  const std::size_t column = before.size() - (line_end == std::string_view::npos ? 0 : line_end + 1);
  return {file, static_cast<int>(lines) + 1, static_cast<int>(column) + 1};
}

std::optional<nlohmann::ordered_json> parse_json_object(std::string_view text, const std::string& file,
                                                        const std::string& what, const std::string& remedy,
                                                        Diagnostics& diagnostics) {
  using Json = nlohmann::ordered_json;
  const auto refuse = [&](std::size_t byte, const std::string& why) {
    diagnostics.error(place_in(text, byte, file), "", fmt::format("{} ({}); {}", what, why, remedy));
    return std::nullopt;
  };
  if (is_blank(text)) return refuse(0, "the file is empty");
  try {
    Json json = Json::parse(text);
    if (json.is_object()) return json;
    return refuse(0, "it holds no JSON object");
  } catch (const Json::parse_error& error) {
    const std::size_t byte = std::min(error.byte == 0 ? 0 : error.byte - 1, text.size());
    return refuse(byte, error.byte > text.size() ? "the text ends too early" : "it is not JSON from here on");
  } catch (const Json::out_of_range&) {
    return refuse(0, "a number in it is too large for JSON");
  }
}

}  // namespace squeezebar
