// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/version.h"

#include <boost/version.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>
#include <spdlog/version.h>

#include "sim/base/version.h"
#include "sim/engine/crossbar/kernels/crossbar_kernel.h"

namespace squeezebar {
namespace {

std::string compiler() {
#if defined(__clang__)
  return fmt::format("clang {}.{}.{}", __clang_major__, __clang_minor__, __clang_patchlevel__);
#else
  return fmt::format("g++ {}.{}.{}", __GNUC__, __GNUC_MINOR__, __GNUC_PATCHLEVEL__);
#endif
}

std::string boost_version() {
  return fmt::format("{}.{}.{}", BOOST_VERSION / 100000, BOOST_VERSION / 100 % 1000, BOOST_VERSION % 100);
}

std::string fmt_version() {
  return fmt::format("{}.{}.{}", FMT_VERSION / 10000, FMT_VERSION / 100 % 100, FMT_VERSION % 100);
}

std::string spdlog_version() {
  return fmt::format("{}.{}.{}", SPDLOG_VER_MAJOR, SPDLOG_VER_MINOR, SPDLOG_VER_PATCH);
}

}  // namespace

std::string version_text() {
  return fmt::format(
      "squeezebar {}\n"
      "program    {}\n"
      "compiler   {}\n"
      "libraries  SystemC {}, yaml-cpp {}, Boost {}, fmt {}, spdlog {}\n"
      "kernels    {}\n",
      tool_version(), program_digest(), compiler(), SQUEEZEBAR_SYSTEMC_VERSION, SQUEEZEBAR_YAML_VERSION,
      boost_version(), fmt_version(), spdlog_version(), fmt::join(kernel_variants(), ", "));
}

std::string version_json() {
  const nlohmann::ordered_json out{{"tool_version", tool_version()},
                                   {"program", program_digest()},
                                   {"compiler", compiler()},
                                   {"libraries",
                                    {{"systemc", SQUEEZEBAR_SYSTEMC_VERSION},
                                     {"yaml-cpp", SQUEEZEBAR_YAML_VERSION},
                                     {"boost", boost_version()},
                                     {"fmt", fmt_version()},
                                     {"spdlog", spdlog_version()}}},
                                   {"kernels", kernel_variants()}};
  return out.dump(2) + "\n";
}

}  // namespace squeezebar
