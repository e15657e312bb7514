// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace squeezebar {

/// Copies a VCD file of SystemC into one that depends on the simulation alone: without the date and the
/// library's version, and with the time of the first values. If the waveforms stopped early, the copy says
/// so and ends there; `stopped_at_fs` is -1 if they did not. Throws RunError if a file cannot be read or
/// written.
void copy_waveforms(const std::filesystem::path& from, const std::filesystem::path& to,
                    std::int64_t stopped_at_fs);

}  // namespace squeezebar
