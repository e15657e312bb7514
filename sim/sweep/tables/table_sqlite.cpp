// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include <fmt/format.h>
#include <sqlite3.h>

#include "sim/base/partial.h"
#include "sim/base/units.h"
#include "sim/base/whole_file.h"
#include "sim/sweep/table.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& name) {
  std::string out = "\"";
  for (const char c : name) out += c == '"' ? std::string("\"\"") : std::string(1, c);
  return out + "\"";
}

/// SQLite's own locks would meet that of the partial file where both are those of a network file system.
constexpr const char* kUnlocked = "unix-none";

/// A database that is written once.
class Database {
 public:
  explicit Database(const fs::path& file) : file_(file) {
    check(sqlite3_open_v2(file.c_str(), &database_, SQLITE_OPEN_READWRITE, kUnlocked));
    // The file is renamed when it is complete, so a journal would guard nothing.
    run("PRAGMA journal_mode = OFF");
    run("PRAGMA synchronous = OFF");
  }
  ~Database() { sqlite3_close(database_); }
  Database(const Database&) = delete;
  Database& operator=(const Database&) = delete;

  void run(const std::string& sql) { check(sqlite3_exec(database_, sql.c_str(), nullptr, nullptr, nullptr)); }
  void check(int code) const {
    if (code == SQLITE_OK || code == SQLITE_DONE || code == SQLITE_ROW) return;
    throw UserError(Place{final_name(file_).string(), 0, 0}, "",
                    fmt::format("cannot be written: {}", sqlite3_errmsg(database_)));
  }
  [[nodiscard]] sqlite3* get() const { return database_; }

 private:
  fs::path file_;
  sqlite3* database_ = nullptr;
};

/// `INSERT INTO table VALUES (?, ?, ...)`
class Insert {
 public:
  Insert(const Database& database, const std::string& table, std::size_t columns) : database_(database) {
    std::string marks = "?";
    for (std::size_t i = 1; i < columns; ++i) marks += ", ?";
    const std::string sql = fmt::format("INSERT INTO {} VALUES ({})", table, marks);
    database.check(sqlite3_prepare_v2(database.get(), sql.c_str(), -1, &statement_, nullptr));
  }
  ~Insert() { sqlite3_finalize(statement_); }
  Insert(const Insert&) = delete;
  Insert& operator=(const Insert&) = delete;

  void bind(std::size_t column, const std::string& cell, bool is_number) {
    const int at = static_cast<int>(column) + 1;
    if (cell.empty()) return database_.check(sqlite3_bind_null(statement_, at));
    const ParsedNumber number = is_number ? parse_number(cell) : ParsedNumber{};
    if (is_number && number.ok()) return database_.check(sqlite3_bind_double(statement_, at, number.value));
    database_.check(
        sqlite3_bind_text(statement_, at, cell.data(), static_cast<int>(cell.size()), SQLITE_STATIC));
  }
  void run() {
    database_.check(sqlite3_step(statement_));
    database_.check(sqlite3_reset(statement_));
  }

 private:
  const Database& database_;
  sqlite3_stmt* statement_ = nullptr;
};

void fill(const SweepTable& table, const fs::path& file) {
  Database database(file);
  std::string columns;
  for (const TableColumn& column : table.columns) {
    columns += (columns.empty() ? "" : ", ") + quoted(column.name) + (column.is_number ? " REAL" : " TEXT");
  }
  database.run("BEGIN");
  database.run("CREATE TABLE points (" + columns + ")");
  database.run("CREATE TABLE columns (name TEXT, unit TEXT, description TEXT)");
  Insert about(database, "columns", 3);
  for (const TableColumn& column : table.columns) {
    about.bind(0, column.name, false);
    about.bind(1, column.unit, false);
    about.bind(2, column.about, false);
    about.run();
  }
  Insert insert(database, "points", table.columns.size());
  for (const std::vector<std::string>& row : table.rows) {
    for (std::size_t c = 0; c < row.size(); ++c) insert.bind(c, row[c], table.columns[c].is_number);
    insert.run();
  }
  database.run("COMMIT");
}

class TableSqlite final : public TableWriter {
 public:
  void write(const SweepTable& table, const fs::path& file) const override {
    PartialFile partial(file);
    fill(table, partial.path());
    partial.put_in_place();
  }
};

const Register<TableWriter> reg{"table.sqlite", "The same in a database: tables `points` and `columns`.",
                                [] { return std::make_unique<TableSqlite>(); }};

}  // namespace
}  // namespace squeezebar
