// SPDX-License-Identifier: Apache-2.0
#include "sim/report/text_table.h"

#include <algorithm>

namespace squeezebar {

std::size_t text_width(const std::string& text) {
  const auto starts_character = [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; };
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), starts_character));
}

std::string TextTable::text(const std::string& indent) const {
  std::vector<std::size_t> width(align_.size(), 0);
  for (const Row& row : rows_) {
    for (std::size_t i = 0; i < row.cells.size(); ++i)
      width[i] = std::max(width[i], text_width(row.cells[i]));
  }
  std::string out;
  for (const Row& row : rows_) {
    std::string line = indent;
    for (std::size_t i = 0; i < align_.size(); ++i) {
      const std::string cell = row.is_rule            ? std::string(width[i], '-')
                               : i < row.cells.size() ? row.cells[i]
                                                      : "";
      const std::string fill(width[i] - text_width(cell), ' ');
      if (i > 0) line += "  ";
      line += align_[i] == Align::left ? cell + fill : fill + cell;
    }
    line.erase(line.find_last_not_of(' ') + 1);
    out += line + '\n';
  }
  return out;
}

}  // namespace squeezebar
