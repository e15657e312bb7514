// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string_view>

namespace squeezebar {

/// Writes a file under a temporary name and renames it, so that it is never there in part.
/// Throws UserError if that fails (a full disk, a folder of that name, no folder to write to).
void write_whole_file(const std::filesystem::path& file, std::string_view content);

}  // namespace squeezebar
