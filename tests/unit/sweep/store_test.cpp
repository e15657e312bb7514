// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/store.h"

#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/whole_file.h"
#include "sim/compare/run_identity.h"
#include "sim/sweep/failures.h"
#include "sim/sweep/sweep.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"
#include "tests/unit/sweep/stored_point.h"

namespace squeezebar::test {
namespace {

namespace fs = std::filesystem;

/// What lies beside a point while it is computed.
fs::path hidden(const PointStore& store, const std::string& id, std::string_view ending) {
  return store.folder(id).parent_path() / fmt::format(".{}.{}", id, ending);
}

TEST_CASE("what decides the results decides the name", "[sweep]") {
  const RunIdentity one{"a", "t", "v", "w", "1", "p"};
  for (RunIdentity other :
       {RunIdentity{"b", "t", "v", "w", "1", "p"}, RunIdentity{"a", "u", "v", "w", "1", "p"},
        RunIdentity{"a", "t", "x", "w", "1", "p"}, RunIdentity{"a", "t", "v", "y", "1", "p"},
        RunIdentity{"a", "t", "v", "w", "2", "p"}}) {
    CHECK(other.id() != one.id());
    CHECK((other.timing_id() == one.timing_id()) == (other.accounting != one.accounting));
  }
  CHECK(one.id().size() == 24);
  const RunIdentity newer{"a", "t", "v", "w", "1", "q"};
  CHECK(newer != one);
  CHECK(newer.id() == one.id());
  CHECK(newer.values_id() != one.values_id());
  CHECK(newer.timing_id() != one.timing_id());
}

TEST_CASE("a store finds whole results of the right name", "[sweep]") {
  const TemporaryFolder folder;
  const PointStore store(folder.path());
  const RunIdentity identity = sample_identity(1);
  CHECK_FALSE(store.has(identity));
  store_point(store, identity, 0.5);
  REQUIRE(store.has(identity));
  CHECK(store.look(identity).summary->number("accuracy_top1") == 0.5);
}

TEST_CASE("a damaged result is none", "[sweep]") {
  const TemporaryFolder folder;
  const PointStore store(folder.path());
  const RunIdentity identity = sample_identity(1);
  const fs::path run = store.folder(identity.id());
  store_point(store, identity, 0.5);
  std::string_view fault = "/summary.json is not the file that was written";
  SECTION("with a figure that was edited") { write_summary(run, identity, 0.6); }
  SECTION("without a list") {
    fs::remove(run / "files.json");
    fault = " has no files.json that reads";
  }
  SECTION("without a file") {
    fs::remove(run / "layers.csv");
    fault = "/layers.csv is missing";
  }
  SECTION("with an empty file") {
    fs::resize_file(run / "energy.csv", 0);
    fault = "/energy.csv is not the file that was written";
  }
  SECTION("with nothing for other points to take") {
    fs::resize_file(run / "activity.json", 0);
    fault = "/activity.json is not the file that was written";
  }
  SECTION("with a summary that was cut off") { fs::resize_file(run / "summary.json", 40); }
  SECTION("with the results of another program") {
    RunIdentity other = identity;
    other.program.assign(1, 'q');
    store_point(store, other, 0.5);
    fault = " was computed by another program";
  }
  SECTION("with the results of something else") {
    const RunIdentity other = sample_identity(2);
    store_point(store, other, 0.5);
    fs::remove_all(run);
    fs::rename(store.folder(other.id()), run);
    fault = " holds the results of something else";
  }
  const StoredPoint found = store.look(identity);
  CHECK_FALSE(found.summary.has_value());
  CHECK(found.fault == fmt::format("{}{}", run.string(), fault));
}

TEST_CASE("a store that verifies reads every file", "[sweep]") {
  const TemporaryFolder folder;
  PointStore store(folder.path());
  const RunIdentity identity = sample_identity(1);
  store_point(store, identity, 0.5);
  write_file(store.folder(identity.id()) / "layers.csv", "Content\n");
  CHECK(store.has(identity));
  store.verify_all();
  CHECK_FALSE(store.has(identity));
}

TEST_CASE("one process at a time has a point", "[sweep]") {
  const TemporaryFolder folder;
  const PointStore store(folder.path());
  const std::string id = sample_identity(1).id();
  {
    const std::optional<PointLock> first = PointLock::take(store, id);
    REQUIRE(first.has_value());
    CHECK_FALSE(PointLock::take(store, id).has_value());
    CHECK(PointLock::take(store, sample_identity(2).id()).has_value());
  }
  CHECK(PointLock::take(store, id).has_value());
}

TEST_CASE("a process that keeps the file of a lock holds the point", "[sweep]") {
  const TemporaryFolder folder;
  const PointStore store(folder.path());
  const std::string id = sample_identity(1).id();
  int kept = -1;
  {
    const std::optional<PointLock> first = PointLock::take(store, id);
    REQUIRE(first.has_value());
    kept = dup(first->file());
    // A process that is killed removes nothing: as it was before, once the lock has gone.
    fs::create_hard_link(hidden(store, id, "lock"), folder.path() / "lock");
  }
  fs::create_hard_link(folder.path() / "lock", hidden(store, id, "lock"));
  CHECK_FALSE(PointLock::take(store, id).has_value());
  close(kept);
  CHECK(PointLock::take(store, id).has_value());
}

TEST_CASE("a store that cannot be written to is refused", "[sweep]") {
  const TemporaryFolder folder;
  write_whole_file(folder.path() / "file", "x");
  const PointStore store(folder.path() / "file");
  CHECK_THROWS_AS(PointLock::take(store, sample_identity(1).id()), UserError);
}

TEST_CASE("failures are kept until they are forgotten", "[sweep]") {
  const TemporaryFolder folder;
  const FailureLog log(folder.path());
  CHECK_FALSE(log.find("ab").has_value());
  log.add("ab", {"it \"crashed\"", "line\n\xff"});
  REQUIRE(log.find("ab").has_value());
  CHECK(log.find("ab")->reason == "it \"crashed\"");
  log.forget("ab");
  CHECK_FALSE(log.find("ab").has_value());
}

TEST_CASE("a failure of another program is none", "[sweep]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "failed" / "ab.json", R"({"reason": "x", "program": "of yesterday"})");
  CHECK_FALSE(FailureLog(folder.path()).find("ab").has_value());
}

TEST_CASE("a damaged record still says that the point failed", "[sweep]") {
  const TemporaryFolder folder;
  write_file(folder.path() / "failed" / "ab.json", R"({"reason": 3})");
  const std::optional<Failure> found = FailureLog(folder.path()).find("ab");
  REQUIRE(found.has_value());
  CHECK(found->reason.empty());
}

TEST_CASE("shards are read, or are none", "[sweep]") {
  CHECK(Shard::parse("3/40")->number == 3);
  CHECK(Shard::parse("3/40")->of == 40);
  for (const char* text : {"", "3", "0/4", "5/4", "a/4", "3/", "3/4x", "-1/4", "3/ 4"})
    CHECK_FALSE(Shard::parse(text).has_value());
}

}  // namespace
}  // namespace squeezebar::test
