// SPDX-License-Identifier: Apache-2.0
#include "sim/base/whole_folder.h"

#include <fstream>
#include <iterator>

#include "sim/base/diag.h"
#include "sim/base/whole_file.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"

namespace squeezebar::test {
namespace {

namespace fs = std::filesystem;

FolderKind kind() {
  return {.holds = "results",
          .unlisted = {"host.json"},
          .needed = {"a.csv"},
          .wrote = [](const std::string& name) { return name == "a.csv" || name == "b.csv"; }};
}

void write_run(const fs::path& folder, const std::string& content, bool force = false) {
  WholeFolder whole(folder, kind(), force);
  whole.write("a.csv", content);
  whole.write("host.json", "{}");
  fs::create_directory(whole.path() / "outputs");
  std::ofstream(whole.path() / "outputs" / "x.npy") << content;
  whole.keep();
}

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::size_t entries(const fs::path& folder) {
  return static_cast<std::size_t>(std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

TEST_CASE("a folder lists what was written into it") {
  const TemporaryFolder scratch;
  write_run(scratch.path() / "run", "1");
  const std::optional<FileList> list = FileList::read(scratch.path() / "run");
  REQUIRE(list.has_value());
  CHECK(list->holds() == "results");
  CHECK(list->files().size() == 2);
  CHECK(list->files().at("a.csv") == FileDigest::of("1"));
  CHECK(list->files().at("outputs/x.npy") == FileDigest::of("1"));
  CHECK(entries(scratch.path()) == 1);
}

TEST_CASE("what is not as it was written has a fault") {
  const TemporaryFolder scratch;
  const fs::path run = scratch.path() / "run";
  write_run(run, "1");
  CHECK(FileCheck(run).faults({}).empty());
  std::ofstream(run / "a.csv") << "2";
  CHECK(FileCheck(run).faults({}, FileCheck::Depth::sizes).empty());
  CHECK(FileCheck(run).faults({}).size() == 1);
  CHECK(FileCheck(run).fault("b.csv") == "is not in files.json");
  fs::remove(run / "a.csv");
  CHECK(FileCheck(run).faults({}).at("a.csv") == "is missing");
  CHECK(FileCheck(run).faults({"a.csv"}).empty());
  std::ofstream(run / kListFile) << "{}";
  CHECK(FileCheck(run).faults({}).at(kListFile) == "does not read");
}

TEST_CASE("a list names no file outside its folder") {
  const TemporaryFolder scratch;
  for (const char* name : {"/etc/passwd", "../x", "a/../../x", "", "a//b", "./a"}) {
    FileList list("results");
    list.add(name, FileDigest::of("x"));
    std::ofstream(scratch.path() / kListFile) << list.json();
    CHECK_FALSE(FileList::read(scratch.path()).has_value());
  }
}

TEST_CASE("another kind of folder is foreign from end to end") {
  const TemporaryFolder scratch;
  const fs::path run = scratch.path() / "run";
  write_run(run, "1");
  FolderKind other = kind();
  other.holds = "a calibration";
  CHECK(foreign_entries(run, kind()).empty());
  CHECK(foreign_entries(run, other) ==
        std::vector<std::string>{"a.csv", "files.json", "host.json", "outputs"});
}

TEST_CASE("a writer clears what killed ones left, and nothing that is held") {
  const TemporaryFolder scratch;
  const fs::path run = scratch.path() / "run";
  const fs::path killed = scratch.path() / ".gone.0123456789ab.partial";
  fs::create_directories(killed / "new");
  std::ofstream(killed / "lock") << "";
  std::ofstream(scratch.path() / ".plan.json.0123456789ab.partial") << "half";
  const fs::path empty = scratch.path() / ".gone.1123456789ab.partial";
  fs::create_directories(empty);
  const WholeFolder held(scratch.path() / "other", kind(), false);
  const PartialFile file(scratch.path() / "table.csv");
  write_run(run, "1");
  CHECK_FALSE(fs::exists(killed));
  CHECK_FALSE(fs::exists(empty));
  CHECK_FALSE(fs::exists(scratch.path() / ".plan.json.0123456789ab.partial"));
  CHECK(fs::exists(held.path()));
  CHECK(fs::exists(file.path()));
}

TEST_CASE("names of partials are never the same, and tell whose they are") {
  const fs::path target = "runs/out";
  CHECK(partial_name(target) != partial_name(target));
  CHECK(final_name(partial_name(target) / "new" / "values.bin") == target / "values.bin");
  CHECK(final_name(partial_name(target)) == target);
  CHECK(final_name(target / "new") == target / "new");
}

TEST_CASE("what a user adds while a folder is replaced stays") {
  const TemporaryFolder scratch;
  const fs::path run = scratch.path() / "run";
  write_run(run, "1");
  WholeFolder next(run, kind(), false);
  next.write("a.csv", "2");
  std::ofstream(run / "notes.md") << "mine";
  CHECK_THROWS_AS(next.keep(), UserError);
  CHECK(text_of(run / "a.csv") == "1");
  write_run(run, "3", true);
  CHECK(text_of(run / "notes.md") == "mine");
  CHECK(text_of(run / "a.csv") == "3");
}

}  // namespace
}  // namespace squeezebar::test
