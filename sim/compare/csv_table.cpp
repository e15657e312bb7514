// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/csv_table.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

namespace squeezebar {
namespace {

/// Takes a text apart, record by record.
class CsvReader {
 public:
  CsvReader(std::string_view text, const std::string& file) : text_(text), file_(file) {}

  [[nodiscard]] bool at_end() const { return at_ == text_.size(); }
  [[nodiscard]] int line() const { return line_; }

  /// The fields of the next line. Throws UserError.
  std::vector<std::string> record() {
    std::vector<std::string> out;
    while (true) {
      out.push_back(!at_end() && text_[at_] == '"' ? quoted() : plain());
      if (at_end()) fail("the file ends in the middle of a line: it is not whole");
      const char end = text_[at_++];
      if (end == ',') continue;
      ++line_;
      return out;
    }
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw UserError(Place{file_, line_, 0}, "", message);
  }

  /// Up to a comma or the end of the line, which stay.
  std::string plain() {
    const std::size_t first = at_;
    while (!at_end() && text_[at_] != ',' && text_[at_] != '\n') {
      if (text_[at_] == '"') fail("a quote inside a field that does not begin with one");
      ++at_;
    }
    std::string_view field = text_.substr(first, at_ - first);
    if (!at_end() && text_[at_] == '\n' && !field.empty() && field.back() == '\r') field.remove_suffix(1);
    return std::string(field);
  }

  std::string quoted() {
    const int first_line = line_;
    std::string out;
    for (++at_; !at_end(); ++at_) {
      if (text_[at_] != '"') {
        line_ += text_[at_] == '\n';
        out += text_[at_];
        continue;
      }
      ++at_;
      if (!at_end() && text_[at_] == '"') {
        out += '"';
        continue;
      }
      if (text_.substr(at_, 2) == "\r\n") ++at_;
      if (!at_end() && text_[at_] != ',' && text_[at_] != '\n')
        fail("text after the closing quote of a field");
      return out;
    }
    line_ = first_line;
    fail("a quote that is never closed: the file is not whole");
  }

  std::string_view text_;
  const std::string& file_;
  std::size_t at_ = 0;
  int line_ = 1;
};

void read(CsvReader& reader, CsvTable& out) {
  if (reader.at_end()) throw UserError(Place{out.file, 0, 0}, "", "is empty");
  out.columns = reader.record();
  std::set<std::string> seen;
  for (const std::string& name : out.columns) {
    if (!seen.insert(name).second)
      throw UserError(Place{out.file, 1, 0}, "", fmt::format("the column '{}' is there twice", name));
  }
  while (!reader.at_end()) {
    const int line = reader.line();
    out.lines.push_back(line);
    out.records.push_back(reader.record());
    if (out.records.back().size() == out.columns.size()) continue;
    throw UserError(
        Place{out.file, line, 0}, "",
        fmt::format("has {} fields, there are {} columns", out.records.back().size(), out.columns.size()));
  }
}

}  // namespace

std::optional<std::size_t> CsvTable::column(std::string_view name) const {
  const auto at = std::find(columns.begin(), columns.end(), name);
  if (at == columns.end()) return std::nullopt;
  return static_cast<std::size_t>(at - columns.begin());
}

std::optional<CsvTable> parse_csv(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  CsvTable out;
  out.file = file;
  try {
    CsvReader reader(text, out.file);
    read(reader, out);
    return out;
  } catch (const UserError& error) {
    diagnostics.merge(error.diagnostics());
    return std::nullopt;
  }
}

}  // namespace squeezebar
