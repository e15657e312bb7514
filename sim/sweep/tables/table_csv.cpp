// SPDX-License-Identifier: Apache-2.0
#include "sim/base/whole_file.h"
#include "sim/report/csv.h"
#include "sim/sweep/table.h"

namespace squeezebar {
namespace {

void add_record(const std::vector<std::string>& fields, std::string& out) {
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (i > 0) out += ',';
    out += csv_field(fields[i]);
  }
  out += '\n';
}

class TableCsv final : public TableWriter {
 public:
  void write(const SweepTable& table, const std::filesystem::path& file) const override {
    std::vector<std::string> names;
    for (const TableColumn& column : table.columns) names.push_back(column.name);
    std::string out;
    add_record(names, out);
    for (const std::vector<std::string>& row : table.rows) add_record(row, out);
    write_whole_file(file, out);
  }
};

const Register<TableWriter> reg{"table.csv", "A record for every point (RFC 4180).",
                                [] { return std::make_unique<TableCsv>(); }};

}  // namespace
}  // namespace squeezebar
