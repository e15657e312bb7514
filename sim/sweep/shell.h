// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace squeezebar {

/// A word as a POSIX shell reads it back: in single quotes unless every character is safe.
std::string shell_word(std::string_view text);

}  // namespace squeezebar
