// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace squeezebar {

/// Bytes that processes can still get without swapping (MemAvailable of /proc/meminfo); nothing where the
/// system does not say.
std::optional<std::uint64_t> available_memory();

/// The same of a text in the form of /proc/meminfo.
std::optional<std::uint64_t> available_memory(std::string_view meminfo);

}  // namespace squeezebar
