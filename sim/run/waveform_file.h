// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>

namespace squeezebar {

/// Where the waveforms of a file begin and end, in femtoseconds of simulated time.
struct WaveformSpan {
  std::int64_t from_fs = 0;
  std::int64_t end_fs = 0;
  std::int64_t stopped_at_fs = -1;  ///< when nothing more was recorded; -1: all was
};

/// Copies a VCD file of SystemC into one that depends on the simulation alone: without the date and the
/// library's version, from the beginning of its span, which SystemC leaves out, to the end. If the waveforms
/// stopped early, the copy says so and ends there. Throws RunError if a file cannot be read or written.
void copy_waveforms(const std::filesystem::path& from, const std::filesystem::path& to,
                    const WaveformSpan& span);

}  // namespace squeezebar
