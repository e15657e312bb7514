// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

namespace squeezebar {

/// Text that is safe inside HTML and SVG, also in a quoted attribute; control characters become spaces.
std::string escaped(std::string_view text);

}  // namespace squeezebar
