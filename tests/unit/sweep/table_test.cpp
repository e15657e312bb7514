// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/table.h"

#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>
#include <sqlite3.h>

#include "sim/sweep/failures.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"
#include "tests/unit/sweep/stored_point.h"

namespace squeezebar::test {
namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream out;
  out << in.rdbuf();
  return out.str();
}

/// Three points: done, failed, and not computed yet.
struct Sample {
  TemporaryFolder folder;
  SweepFolder sweep{folder.path() / "sweep", folder.path() / "points"};
  Plan plan;

  Sample() {
    plan = {.spec = "dir/spec.yaml",
            .base = "base.yaml",
            .tool_version = "1.0",
            .program = "p",
            .columns = {{"adc.bits", {"adc.bits"}}},
            .points = {},
            .missing = {}};
    for (int i = 0; i < 3; ++i) {
      const RunIdentity identity = sample_identity(i);
      plan.points.push_back({{std::to_string(4 + i)}, {}, identity, identity.id(), "net"});
    }
    sweep.write_plan(plan);
    store_point(sweep.store(), sample_identity(0), 0.75);
    FailureLog(sweep.path()).add(plan.points[1].id, {"it took too long, \"10 s\"", ""});
  }
};

std::string cell(const SweepTable& table, std::size_t row, const std::string& name) {
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    if (table.columns[i].name == name) return table.rows[row][i];
  }
  return "no such column";
}

TEST_CASE("a table has every point, with its results or why there are none", "[sweep]") {
  const Sample sample;
  const SweepTable table = merge(sample.plan, sample.sweep);
  REQUIRE(table.rows.size() == 3);
  CHECK((table.done == 1 && table.failed == 1 && table.missing == 1));
  CHECK(cell(table, 0, "accuracy_top1") == "0.75");
  CHECK(cell(table, 0, "energy_per_image_j") == "0.002");
  CHECK(cell(table, 0, "latency_s").empty());
  CHECK(cell(table, 0, "run") ==
        "../points/" + sample.plan.points[0].id.substr(0, 2) + "/" + sample.plan.points[0].id);
  CHECK(cell(table, 1, "status") == "failed");
  CHECK(cell(table, 1, "reason") == "it took too long, \"10 s\"");
  CHECK(cell(table, 2, "status") == "missing");
  CHECK(cell(table, 2, "adc.bits") == "6");
  CHECK(cell(table, 0, "config_hash.values") == "no such column");
}

TEST_CASE("columns know their unit and type", "[sweep]") {
  const Sample sample;
  const SweepTable table = merge(sample.plan, sample.sweep);
  for (const TableColumn& column : table.columns) {
    if (column.name == "energy_j") CHECK(column.unit == "J");
    if (column.name == "workload") CHECK_FALSE(column.is_number);
    if (column.name == "adc.bits") CHECK((column.role == ColumnRole::axis && column.is_number));
  }
}

TEST_CASE("every format holds the same cells, and the same bytes each time", "[sweep]") {
  const Sample sample;
  const SweepTable table = merge(sample.plan, sample.sweep);
  write_tables(table, sample.sweep.path());
  const std::string csv = text_of(sample.sweep.path() / "table.csv");
  CHECK_THAT(csv, ContainsSubstring("point,id,adc.bits,status,reason,run,energy_per_image_j,"));
  CHECK_THAT(csv, ContainsSubstring("failed,\"it took too long, \"\"10 s\"\"\""));
  const auto about = nlohmann::json::parse(text_of(sample.sweep.path() / "table.json"));
  CHECK(about["columns"].size() == table.columns.size());
  CHECK(about["failed"] == 1);
  const std::string database = text_of(sample.sweep.path() / "table.sqlite");
  write_tables(table, sample.sweep.path());
  CHECK(text_of(sample.sweep.path() / "table.csv") == csv);
  CHECK(text_of(sample.sweep.path() / "table.sqlite") == database);
}

TEST_CASE("the database answers questions", "[sweep]") {
  const Sample sample;
  write_tables(merge(sample.plan, sample.sweep), sample.sweep.path());
  sqlite3* database = nullptr;
  REQUIRE(sqlite3_open((sample.sweep.path() / "table.sqlite").c_str(), &database) == SQLITE_OK);
  sqlite3_stmt* query = nullptr;
  const char* sql = "SELECT accuracy_top1 FROM points WHERE \"adc.bits\" = 4";
  REQUIRE(sqlite3_prepare_v2(database, sql, -1, &query, nullptr) == SQLITE_OK);
  REQUIRE(sqlite3_step(query) == SQLITE_ROW);
  CHECK(sqlite3_column_double(query, 0) == 0.75);
  sqlite3_finalize(query);
  sqlite3_close(database);
}

TEST_CASE("points that are to be computed are those without results", "[sweep]") {
  const Sample sample;
  using Points = std::vector<std::size_t>;
  CHECK(pending_points(sample.plan, sample.sweep, {}) == Points{2});
  CHECK(pending_points(sample.plan, sample.sweep, {.shard = {}, .fresh = false, .retry_failed = true}) ==
        Points{1, 2});
  CHECK(pending_points(sample.plan, sample.sweep, {.shard = {}, .fresh = true, .retry_failed = false}) ==
        Points{0, 1, 2});
  CHECK(pending_points(sample.plan, sample.sweep, {.shard = {1, 2}, .fresh = true, .retry_failed = false}) ==
        Points{0, 2});
  CHECK(pending_points(sample.plan, sample.sweep, {.shard = {2, 2}, .fresh = true, .retry_failed = false}) ==
        Points{1});
}

TEST_CASE("a sweep's folder is opened wherever it was moved to", "[sweep]") {
  const Sample sample;
  const fs::path moved = sample.folder.path() / "moved";
  fs::create_directory(moved);
  fs::rename(sample.folder.path() / "sweep", moved / "sweep");
  fs::rename(sample.folder.path() / "points", moved / "points");
  const SweepFolder sweep = SweepFolder::open(moved / "sweep");
  CHECK(merge(sweep.read_plan(), sweep).done == 1);
}

TEST_CASE("a failure whose record is damaged is told all the same", "[sweep]") {
  const Sample sample;
  write_file(sample.sweep.path() / "failed" / (sample.plan.points[1].id + ".json"), R"({"reason": 3})");
  const SweepTable table = merge(sample.plan, sample.sweep);
  CHECK(cell(table, 1, "status") == "failed");
  CHECK(cell(table, 1, "reason") == "the record of its failure is damaged");
}

TEST_CASE("results count, whatever failed before", "[sweep]") {
  const Sample sample;
  store_point(sample.sweep.store(), sample_identity(1), 0.5);
  const SweepTable table = merge(sample.plan, sample.sweep);
  CHECK((table.done == 2 && table.failed == 0));
  CHECK(pending_points(sample.plan, sample.sweep, {.shard = {}, .fresh = false, .retry_failed = true}) ==
        std::vector<std::size_t>{2});
}

TEST_CASE("a plan that is computed is not replaced by another one", "[sweep]") {
  Sample sample;
  {
    const PlanHold hold = sample.sweep.hold_plan();
    CHECK_NOTHROW(sample.sweep.write_plan(sample.plan));
    sample.plan.points.pop_back();
    CHECK_THROWS_AS(sample.sweep.write_plan(sample.plan), UserError);
    CHECK(sample.sweep.read_plan().points.size() == 3);
  }
  const PlanHold hold = sample.sweep.write_plan(sample.plan);
  CHECK(sample.sweep.read_plan().points.size() == 2);
}

TEST_CASE("a folder that holds something else is left alone", "[sweep]") {
  const TemporaryFolder folder;
  write_whole_file(folder.path() / "thesis.tex", "x");
  const SweepFolder sweep(folder.path(), folder.path() / "points");
  CHECK_THROWS_AS(sweep.write_plan(Plan{}), UserError);
  CHECK_THROWS_AS(SweepFolder::open(folder.path()), UserError);
}

}  // namespace
}  // namespace squeezebar::test
