// SPDX-License-Identifier: Apache-2.0
#include "sim/base/log.h"

#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace squeezebar {
namespace {

spdlog::level::level_enum spdlog_level(LogLevel level) {
  switch (level) {
    case LogLevel::quiet:
      return spdlog::level::off;
    case LogLevel::error:
      return spdlog::level::err;
    case LogLevel::warning:
      return spdlog::level::warn;
    case LogLevel::info:
      return spdlog::level::info;
    case LogLevel::debug:
      return spdlog::level::debug;
  }
  return spdlog::level::warn;
}

/// Not in spdlog's registry, so that a program which embeds us keeps its own default logger.
spdlog::logger& logger() {
  static spdlog::logger instance = [] {
    spdlog::logger made("squeezebar", std::make_shared<spdlog::sinks::stderr_color_sink_mt>());
    made.set_pattern("squeezebar: %^%l%$: %v");
    made.set_level(spdlog::level::warn);
    return made;
  }();
  return instance;
}

}  // namespace

void setup_logging(LogLevel level) { logger().set_level(spdlog_level(level)); }

// The message is passed as an argument: it may contain braces.
void log_debug(std::string_view message) { logger().debug("{}", message); }
void log_info(std::string_view message) { logger().info("{}", message); }
void log_warning(std::string_view message) { logger().warn("{}", message); }
void log_error(std::string_view message) { logger().error("{}", message); }

}  // namespace squeezebar
