// SPDX-License-Identifier: Apache-2.0
#include <filesystem>

#include <nlohmann/json.hpp>

#include "sim/base/whole_file.h"
#include "sim/sweep/table.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;

const char* name_of(ColumnRole role) {
  switch (role) {
    case ColumnRole::point:
      return "point";
    case ColumnRole::axis:
      return "axis";
    case ColumnRole::status:
      return "status";
    case ColumnRole::metric:
      return "metric";
  }
  return "";
}

/// What the columns mean: the cells are in table.csv.
class TableJson final : public TableWriter {
 public:
  void write(const SweepTable& table, const std::filesystem::path& file) const override {
    Json columns = Json::array();
    for (const TableColumn& column : table.columns) {
      Json one{{"name", column.name},
               {"role", name_of(column.role)},
               {"type", column.is_number ? "number" : "text"},
               {"unit", column.unit},
               {"description", column.about}};
      if (column.role == ColumnRole::axis) one["keys"] = column.keys;
      columns.push_back(std::move(one));
    }
    const Json out{
        {"schema_version", kSchemaVersion},
        {"tool_version", table.tool_version},
        {"spec", std::filesystem::path(table.spec).filename().string()},
        {"base", table.base},
        {"points", table.rows.size()},
        {"done", table.done},
        {"failed", table.failed},
        {"unfit", table.unfit},
        {"missing", table.missing},
        {"reused", {{"timing", table.priced}, {"values", table.timed}, {"nothing", table.simulated}}},
        {"columns", std::move(columns)}};
    write_whole_file(file, out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
  }
};

const Register<TableWriter> reg{"table.json", "Names, units and meaning of the table's columns.",
                                [] { return std::make_unique<TableJson>(); }};

}  // namespace
}  // namespace squeezebar
