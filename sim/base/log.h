// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace squeezebar {

enum class LogLevel { quiet, error, warning, info, debug };

/// Sets up logging on stderr (colours only on a terminal). Without this call warnings and errors are shown.
void setup_logging(LogLevel level);

void log_debug(std::string_view message);
void log_info(std::string_view message);
void log_warning(std::string_view message);
void log_error(std::string_view message);

}  // namespace squeezebar
