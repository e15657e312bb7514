// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace squeezebar {

/// What keeps bytes from being the text of a YAML file.
struct TextFault {
  int line = 0;  ///< From 1.
  int column = 0;
  std::string message;
};

/// The first byte that is not UTF-8, control character, or tab in a line's indentation.
std::optional<TextFault> find_text_fault(std::string_view text);

/// Length of the UTF-8 sequence at the start of `text`; 0 if there is none (also for surrogates and overlong
/// forms).
std::size_t utf8_length(std::string_view text);

}  // namespace squeezebar
