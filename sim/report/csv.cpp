// SPDX-License-Identifier: Apache-2.0
#include "sim/report/csv.h"

namespace squeezebar {

std::string csv_field(std::string_view text) {
  if (text.find_first_of(",\"\r\n") == std::string_view::npos) return std::string(text);
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"') out += '"';
    out += c;
  }
  return out + '"';
}

std::string csv_record(std::initializer_list<std::string> fields) {
  std::string out;
  for (const std::string& field : fields) {
    if (&field != fields.begin()) out += ',';
    out += csv_field(field);
  }
  return out + '\n';
}

}  // namespace squeezebar
