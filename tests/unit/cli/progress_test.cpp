// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/progress.h"

#include "tests/catch.h"

namespace squeezebar {
namespace {

constexpr double kSoon = 1.0;

Counted points(std::int64_t done, std::int64_t all) { return {.things = "points", .done = done, .all = all}; }

TEST_CASE("a log gets a line whenever another tenth is done", "[cli]") {
  ProgressLog log;
  int lines = 0;
  for (int done = 0; done <= 1000; ++done) {
    if (log.line(points(done, 1000), kSoon)) ++lines;
  }
  CHECK(lines == 10);
}

TEST_CASE("a log of few points gets a line for each", "[cli]") {
  ProgressLog log;
  CHECK_FALSE(log.line(points(0, 3), kSoon));
  for (int done = 1; done <= 3; ++done) {
    CHECK(log.line(points(done, 3), kSoon));
    CHECK_FALSE(log.line(points(done, 3), kSoon));
  }
}

TEST_CASE("a log gets a line a minute where nothing else is to be told", "[cli]") {
  ProgressLog log;
  CHECK_FALSE(log.line(points(0, 3), 59.0));
  CHECK(log.line(points(0, 3), 60.0) == "0 of 3 points");
  CHECK_FALSE(log.line(points(0, 3), 119.0));
  CHECK(log.line(points(1, 3), 119.0));
  CHECK_FALSE(log.line(points(1, 3), 178.0));
  CHECK(log.line(points(1, 3), 179.0));
}

TEST_CASE("a log of nothing says nothing", "[cli]") { CHECK_FALSE(ProgressLog().line(points(0, 0), kSoon)); }

}  // namespace
}  // namespace squeezebar
