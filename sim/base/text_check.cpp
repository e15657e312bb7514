// SPDX-License-Identifier: Apache-2.0
#include "sim/base/text_check.h"

#include <fmt/core.h>

namespace squeezebar {
namespace {

unsigned byte_at(std::string_view text, std::size_t at) { return static_cast<unsigned char>(text[at]); }

bool is_control(unsigned byte) {
  constexpr unsigned kDelete = 0x7F;
  return (byte < 0x20 && byte != '\t' && byte != '\n' && byte != '\r') || byte == kDelete;
}

}  // namespace

std::size_t utf8_length(std::string_view text) {
  if (text.empty()) return 0;
  const unsigned first = byte_at(text, 0);
  if (first < 0x80) return 1;
  const std::size_t length = first >= 0xF0 ? 4U : first >= 0xE0 ? 3U : 2U;
  if (first < 0xC2 || first > 0xF4 || text.size() < length) return 0;
  for (std::size_t i = 1; i < length; ++i) {
    if ((byte_at(text, i) & 0xC0U) != 0x80) return 0;
  }
  const unsigned second = byte_at(text, 1);
  if (first == 0xE0 && second < 0xA0) return 0;
  if (first == 0xED && second > 0x9F) return 0;
  if (first == 0xF0 && second < 0x90) return 0;
  if (first == 0xF4 && second > 0x8F) return 0;
  return length;
}

std::optional<TextFault> find_text_fault(std::string_view text) {
  int line = 1;
  int column = 1;
  bool indentation = true;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    const std::size_t length = utf8_length(text.substr(at));
    if (length == 0)
      return TextFault{line, column, fmt::format("byte 0x{:02X} is not UTF-8 text", byte_at(text, at))};
    if (is_control(byte_at(text, at))) {
      return TextFault{line, column,
                       fmt::format("control character 0x{:02X} is not allowed", byte_at(text, at))};
    }
    if (c == '\n') {
      ++line;
      column = 0;
      indentation = true;
    } else if (indentation && c == '\t') {
      return TextFault{line, column, "a tab cannot be used for indentation"};
    } else if (c != ' ') {
      indentation = false;
    }
    ++column;
    at += length;
  }
  return std::nullopt;
}

}  // namespace squeezebar
