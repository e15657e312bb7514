// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>

#include "sim/base/schema.h"

namespace squeezebar {

bool has_range(const FieldInfo& field);

/// A bound of the field in canonical text.
std::string limit_text(const FieldInfo& field, double limit);

/// "missing; <the field's sentence>".
std::string missing_text(const FieldInfo& field);

/// The path as seen from the folder (empty: the current one), the same however both are written: ".." goes up
/// the real tree, so links in the folders are resolved; the last name is kept as the user knows it. The path
/// itself where that fails.
std::string path_seen_from(const std::filesystem::path& folder, const std::string& path);

}  // namespace squeezebar
