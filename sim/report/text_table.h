// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace squeezebar {

enum class Align { left, right };

/// Rows of text in aligned columns, two blanks apart, without blanks at the ends of lines.
class TextTable {
 public:
  explicit TextTable(std::vector<Align> columns) : align_(std::move(columns)) {}

  /// Missing cells are empty.
  void row(std::vector<std::string> cells) { rows_.push_back({std::move(cells), false}); }
  /// A line of dashes under every column.
  void rule() { rows_.push_back({{}, true}); }

  [[nodiscard]] std::string text(const std::string& indent = "") const;

 private:
  struct Row {
    std::vector<std::string> cells;
    bool is_rule = false;
  };

  std::vector<Align> align_;
  std::vector<Row> rows_;
};

/// Characters of a UTF-8 text, each taken as one column wide.
std::size_t text_width(const std::string& text);

}  // namespace squeezebar
