// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/base/schema.h"

namespace squeezebar {

bool has_range(const FieldInfo& field);

/// A bound of the field in canonical text.
std::string limit_text(const FieldInfo& field, double limit);

/// "missing; <the field's sentence>".
std::string missing_text(const FieldInfo& field);

}  // namespace squeezebar
