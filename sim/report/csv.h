// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace squeezebar {

/// A field as RFC 4180 wants it: in quotes if it holds a comma, a quote or a line break.
std::string csv_field(std::string_view text);

/// One record, ended by a line feed; fields are quoted where needed.
std::string csv_record(std::initializer_list<std::string> fields);

}  // namespace squeezebar
