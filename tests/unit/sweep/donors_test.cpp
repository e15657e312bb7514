// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/donors.h"

#include "sim/report/run_files.h"
#include "tests/catch.h"
#include "tests/temporary_folder.h"
#include "tests/unit/sweep/stored_point.h"

namespace squeezebar::test {
namespace {

using Part = Donors::Part;

/// A sweep of points that compute the same values: [time][price].
class Fixture {
 public:
  Fixture(int times, int prices) {
    for (int time = 0; time < times; ++time) {
      for (int price = 0; price < prices; ++price) {
        RunIdentity identity = sample_identity(price);
        identity.timing = std::to_string(time);
        plan.points.push_back(
            {.labels = {}, .overrides = {}, .identity = identity, .id = identity.id(), .bundle = ""});
        work.pending.push_back(plan.points.size() - 1);
      }
    }
  }
  void store_it(std::size_t point, bool with_values) const {
    store_point(store, plan.points[point].identity, 0.5);
    if (with_values) write_file(values_of(point), "values");
  }
  [[nodiscard]] std::filesystem::path values_of(std::size_t point) const {
    return store.folder(plan.points[point].id) / kValuesFile;
  }

  TemporaryFolder folder;
  Plan plan;
  PointStore store{folder.path()};
  EngineWork work{
      .plan = plan, .store = store, .folder = folder.path(), .pending = {}, .progress = {}, .print = {}};
};

TEST_CASE("points wait for the one that shares their time, and take all from it", "[sweep]") {
  Fixture sweep(1, 3);
  Donors donors(sweep.work, true);
  CHECK_FALSE(donors.of(0).has_value());
  CHECK_FALSE(donors.wants_values(0));
  donors.started(0);
  CHECK(donors.is_coming(1));
  sweep.store_it(0, false);
  donors.finished(0, true);
  CHECK_FALSE(donors.is_coming(1));
  REQUIRE(donors.of(1).has_value());
  CHECK(donors.of(1)->part == Part::timing);
  CHECK(donors.of(1)->id == sweep.plan.points[0].id);
}

TEST_CASE("points of other times wait for values, which go when nobody needs them", "[sweep]") {
  Fixture sweep(3, 1);
  Donors donors(sweep.work, true);
  CHECK(donors.wants_values(0));
  donors.started(0);
  CHECK(donors.is_coming(1));
  CHECK(donors.is_coming(2));
  sweep.store_it(0, true);
  donors.finished(0, true);
  CHECK_FALSE(donors.wants_values(1));
  for (const std::size_t point : {1U, 2U}) {
    REQUIRE(donors.of(point).has_value());
    CHECK(donors.of(point)->part == Part::values);
    CHECK_FALSE(donors.is_coming(point));
    donors.started(point);
  }
  CHECK(std::filesystem::exists(sweep.values_of(0)));
  donors.finished(2, true);
  CHECK(std::filesystem::exists(sweep.values_of(0)));
  donors.finished(1, false);
  CHECK_FALSE(std::filesystem::exists(sweep.values_of(0)));
  CHECK(sweep.store.has(sweep.plan.points[0].identity));
}

TEST_CASE("a point that failed leaves its part to the next one", "[sweep]") {
  Fixture sweep(2, 2);
  Donors donors(sweep.work, true);
  donors.started(0);
  donors.finished(0, false);
  for (const std::size_t point : {1U, 2U, 3U}) {
    CHECK_FALSE(donors.is_coming(point));
    CHECK_FALSE(donors.of(point).has_value());
  }
  CHECK(donors.wants_values(1));
}

TEST_CASE("a point that gave up takes nothing, and the values stay for it until it is done", "[sweep]") {
  Fixture sweep(3, 1);
  Donors donors(sweep.work, true);
  donors.started(0);
  sweep.store_it(0, true);
  donors.finished(0, true);
  donors.started(1);
  donors.finished(1, false);
  donors.give_up(1);
  CHECK_FALSE(donors.of(1).has_value());
  CHECK_FALSE(donors.is_coming(1));
  CHECK(donors.of(2).has_value());
  donors.started(2);
  donors.finished(2, true);
  donors.started(1);
  donors.finished(1, true);
  CHECK_FALSE(std::filesystem::exists(sweep.values_of(0)));
}

TEST_CASE("values that are too large are not waited for again", "[sweep]") {
  Fixture sweep(3, 1);
  Donors donors(sweep.work, true);
  donors.started(0);
  sweep.store_it(0, false);
  donors.finished(0, true);
  CHECK_FALSE(donors.of(1).has_value());
  CHECK_FALSE(donors.wants_values(1));
  donors.started(1);
  CHECK_FALSE(donors.is_coming(2));
}

TEST_CASE("values are not kept where nobody asks for them", "[sweep]") {
  Fixture sweep(2, 1);
  Donors donors(sweep.work, false);
  CHECK_FALSE(donors.wants_values(0));
  donors.started(0);
  CHECK_FALSE(donors.is_coming(1));
}

TEST_CASE("what an earlier sweep left is used", "[sweep]") {
  Fixture sweep(2, 2);
  sweep.store_it(0, true);
  sweep.work.pending = {1, 2, 3};
  Donors donors(sweep.work, true);
  CHECK(donors.of(1)->part == Part::timing);
  CHECK(donors.of(2)->part == Part::values);
  donors.started(2);
  CHECK(donors.is_coming(3));
}

TEST_CASE("a point that another process has computed is one for this one, too", "[sweep]") {
  Fixture sweep(2, 1);
  Donors donors(sweep.work, true);
  sweep.store_it(0, true);
  donors.found(0);
  REQUIRE(donors.of(1).has_value());
  CHECK(donors.of(1)->part == Part::values);
  donors.found(1);
  CHECK_FALSE(std::filesystem::exists(sweep.values_of(0)));
}

TEST_CASE("a point that takes all does not stand for the one that keeps values", "[sweep]") {
  Fixture sweep(3, 1);
  sweep.store_it(0, false);
  sweep.plan.points.push_back(sweep.plan.points[0]);
  RunIdentity& dearer = sweep.plan.points.back().identity;
  dearer.accounting = "dearer";
  sweep.plan.points.back().id = dearer.id();
  sweep.work.pending = {1, 2, 3};
  Donors donors(sweep.work, true);
  donors.started(1);  // keeps values for point 2
  CHECK(donors.of(3)->part == Part::timing);
  donors.started(3);
  donors.finished(3, true);
  CHECK(donors.is_coming(2));
}

}  // namespace
}  // namespace squeezebar::test
