// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <fstream>
#include <system_error>

#include <fmt/core.h>

#include "sim/base/text_check.h"
#include "sim/base/units.h"
#include "sim/base/yaml.h"

namespace squeezebar {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/// Why a node is no plain scalar of the expected kind; empty if it is one.
std::string shape_error(const YamlNode& node, std::string_view expected) {
  switch (node.kind) {
    case YamlNode::Kind::null:
      return fmt::format("needs a value ({})", expected);
    case YamlNode::Kind::sequence:
      return fmt::format("must be {}, not a list", expected);
    case YamlNode::Kind::map:
      return fmt::format("must be {}, not a map", expected);
    case YamlNode::Kind::scalar:
      break;
  }
  return {};
}

std::string unquoted_error(const YamlNode& node, std::string_view expected) {
  std::string error = shape_error(node, expected);
  if (error.empty() && node.quoted) error = fmt::format("must be {}, not text in quotes", expected);
  return error;
}

std::string integer_error(std::string_view text) {
  const std::string_view digits = text.starts_with('-') || text.starts_with('+') ? text.substr(1) : text;
  const bool all_digits = !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
  if (all_digits && digits.size() > 1 && digits[0] == '0') {
    return fmt::format("leading zeros are not allowed ('{}')", text);
  }
  if (digits.size() > 2 && digits[0] == '0' && is_letter(digits[1]) && digits[1] != 'e') {
    return fmt::format("must be a decimal whole number, not '{}'", text);
  }
  const ParsedNumber number = parse_number(text);
  if (number.ok() || all_digits) return fmt::format("must be a whole number, not '{}'", text);
  // A unit, a non-finite value and the like are named by the parser of numbers.
  return number.error.starts_with("must be a number") ? fmt::format("must be a whole number, not '{}'", text)
                                                      : number.error;
}

}  // namespace

Scalar<std::int64_t> scalar_int(const YamlNode& node) {
  Scalar<std::int64_t> out;
  out.error = unquoted_error(node, "a whole number");
  if (!out.ok()) return out;
  const std::string_view text = node.text;
  const std::string_view digits = text.starts_with('-') ? text.substr(1) : text;
  const bool plain = !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
  if (!plain || (digits.size() > 1 && digits[0] == '0')) {
    out.error = integer_error(text);
    return out;
  }
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.value);
  static_cast<void>(end);
  if (error != std::errc()) out.error = fmt::format("'{}' does not fit 64 bits", text);
  return out;
}

Scalar<double> scalar_real(const YamlNode& node) {
  Scalar<double> out;
  out.error = unquoted_error(node, "a number");
  if (!out.ok()) return out;
  const ParsedNumber number = parse_number(node.text);
  out.value = number.value;
  out.error = number.error;
  return out;
}

Scalar<bool> scalar_bool(const YamlNode& node) {
  Scalar<bool> out;
  out.error = unquoted_error(node, "true or false");
  if (!out.ok()) return out;
  if (node.text != "true" && node.text != "false") {
    out.error = fmt::format("must be true or false, not '{}'", node.text);
  }
  out.value = node.text == "true";
  return out;
}

Scalar<std::string> scalar_text(const YamlNode& node) { return {node.text, shape_error(node, "text")}; }

std::string yaml_quote(std::string_view text) {
  // Words that some YAML reader takes for something else than text.
  constexpr std::array<std::string_view, 11> kWords = {"null", "true", "false", "yes", "no", "on",
                                                       "off",  "y",    "n",     "inf", "nan"};
  std::string lower(text);
  for (char& c : lower) c = static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  const bool word = std::find(kWords.begin(), kWords.end(), lower) != kWords.end();
  const bool safe = !text.empty() && (is_letter(text[0]) || text[0] == '_') && !word &&
                    std::all_of(text.begin(), text.end(), [](char c) {
                      return is_letter(c) || is_digit(c) || c == '_' || c == '-' || c == '.' || c == '/';
                    });
  if (safe) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += c;
    } else if (byte < 0x20 || byte == 0x7F) {
      out += fmt::format("\\x{:02X}", static_cast<unsigned>(byte));
    } else {
      out += c;
    }
  }
  return out + "\"";
}

std::optional<std::string> read_text_file(const std::filesystem::path& path, Diagnostics& diagnostics,
                                          const Place& where, std::size_t max_bytes) {
  const Place place = where.file.empty() ? Place{path.string(), 0, 0} : where;
  const auto refuse = [&](const std::string& why) {
    diagnostics.error(place, "",
                      where.file.empty() ? fmt::format("cannot be read: {}", why)
                                         : fmt::format("cannot read '{}': {}", path.string(), why));
    return std::nullopt;
  };
  std::error_code error;
  const std::filesystem::file_status status = std::filesystem::status(path, error);
  if (error) return refuse(error.message());
  if (std::filesystem::is_directory(status)) return refuse("it is a folder");
  if (!std::filesystem::is_regular_file(status)) return refuse("it is not a regular file");
  std::ifstream in(path, std::ios::binary);
  if (!in) return refuse(std::error_code(errno, std::generic_category()).message());
  std::string text;
  std::array<char, 65536> buffer{};
  while (in && text.size() <= max_bytes) {
    in.read(buffer.data(), buffer.size());
    text.append(buffer.data(), static_cast<std::size_t>(in.gcount()));
  }
  if (text.size() > max_bytes) return refuse(fmt::format("it is larger than {} MiB", max_bytes >> 20U));
  if (!in.eof()) return refuse("reading failed");
  return text;
}

}  // namespace squeezebar
