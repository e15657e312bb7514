// SPDX-License-Identifier: Apache-2.0
#include "sim/terms/work.h"

#include <limits>
#include <stdexcept>

#include "sim/base/diag.h"
#include "sim/terms/rates.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

constexpr Count kMost8 = std::numeric_limits<std::uint8_t>::max();
constexpr Count kMost16 = std::numeric_limits<std::uint16_t>::max();
constexpr Count kMost32 = std::numeric_limits<std::uint32_t>::max();
constexpr Count kMost64 = std::numeric_limits<std::uint64_t>::max();

const RegisterAction write{"memory", "write", "one word"};
const RegisterAction spin{"motor", "spin", "one turn"};

TEST_CASE("a count is as wide as its most") {
  const WorkLayout layout({{"a", kMost8}, {"b", kMost8 + 1}, {"c", kMost16 + 1}, {"d", kMost32 + 1}}, 2, 3);
  CHECK(layout.width(1) == 1);
  CHECK(layout.width(2) == 2);
  CHECK(layout.width(3) == 4);
  CHECK(layout.width(4) == 8);
  CHECK(layout.counters().front().name == "waves");
  CHECK(layout.counter("c") == 3);
  CHECK_THROWS_AS(layout.counter("e"), std::logic_error);
}

TEST_CASE("what is the same in all waves takes no room") {
  const std::vector<FixedCount> fixed{{1, 0, 7}, {1, 1, 9}, {2, 1, 0}};
  const WorkLayout layout({{"a", kMost32}, {"b", kMost16}}, 2, 5, fixed);
  CHECK(layout.bytes() == 5 * 2);  // of "b" in the first lane
  CHECK(layout.fixed(1, 0));
  CHECK(layout.value(1, 1) == 9);
  CHECK_FALSE(layout.fixed(2, 0));
  CHECK_THROWS_AS(WorkLayout({{"a", 1}}, 1, 1, std::vector<FixedCount>{{2, 0, 0}}), std::logic_error);
  CHECK_THROWS_AS(WorkLayout({{"a", 1}}, 1, 1, std::vector<FixedCount>{{1, 1, 0}}), std::logic_error);
}

TEST_CASE("counts come back from columns of every width, to their most") {
  const auto layout = std::make_shared<const WorkLayout>(
      std::vector<Counter>{{"a", kMost8}, {"b", kMost16}, {"c", kMost32}, {"d", kMost64}}, 3, 4);
  WorkTable table(layout);
  const auto value = [&](int counter, int lane, int wave) {
    const Count most = layout->counters()[static_cast<std::size_t>(counter)].most;
    return most - static_cast<Count>(lane * 4 + wave);
  };
  for (int counter = 1; counter <= 4; ++counter) {
    for (int lane = 0; lane < 3; ++lane) {
      for (int wave = 0; wave < 4; ++wave) table.set(counter, lane, wave, value(counter, lane, wave));
    }
  }
  for (int counter = 1; counter <= 4; ++counter) {
    for (int lane = 0; lane < 3; ++lane) {
      Count sum = 0;
      for (int wave = 0; wave < 4; ++wave) {
        CHECK(table.at(counter, lane, wave) == value(counter, lane, wave));
        CHECK(WaveWork(table, lane, wave)[counter] == value(counter, lane, wave));
        sum += value(counter, lane, wave);
      }
      if (counter < 4) CHECK(table.total(counter, lane) == sum);
    }
  }
  CHECK(table.at(kWaves, 2, 3) == 1);
  CHECK(table.total(kWaves, 2) == 4);
}

TEST_CASE("a count that its layout excludes is an error of the engine") {
  const std::vector<FixedCount> fixed{{1, 0, 7}};
  WorkTable table(std::make_shared<const WorkLayout>(std::vector<Counter>{{"a", 9}, {"b", 9}}, 1, 2, fixed));
  CHECK_NOTHROW(table.set(1, 0, 0, 7));
  CHECK_THROWS_WITH(table.set(1, 0, 1, 8),
                    ContainsSubstring("wave 1 of lane 0 has 8 a, but all its waves have 7"));
  CHECK_THROWS_WITH(table.set(2, 0, 1, 10), ContainsSubstring("no wave may have more than 9"));
}

TEST_CASE("work becomes counts by rates, whatever images it comes from") {
  const std::vector<FixedCount> fixed{{2, 1, 3}};
  const auto layout =
      std::make_shared<const WorkLayout>(std::vector<Counter>{{"steps", 100}, {"words", 100}}, 2, 2, fixed);
  WorkTotals totals(2, 3);
  for (int image = 0; image < 2; ++image) {
    WorkTable table(layout);
    for (int lane = 0; lane < 2; ++lane) {
      for (int wave = 0; wave < 2; ++wave) {
        table.set(1, lane, wave, static_cast<Count>(10 * lane + wave + image));
        if (lane == 0) table.set(2, lane, wave, 5);
      }
    }
    totals.add(table);
  }
  CHECK(totals.of(0)[1] == 0 + 1 + 1 + 2);
  CHECK(totals.of(1)[1] == 10 + 11 + 11 + 12);
  CHECK(totals.of(1)[2] == 4 * 3);
  CHECK(totals.sum(1) == 48);
  Rates rates;
  rates.add(action_id("motor", "spin"), kWaves, 2);
  rates.add(action_id("motor", "spin"), 1, 1);
  rates.add(SizedAction{action_id("memory", "write"), 8}, 2, 3);
  rates.add(SizedAction{action_id("memory", "write"), 16}, 2, 1);
  rates.add(SizedAction{action_id("memory", "write"), 32}, 2, 0);
  rates.tally("words", 7, 2, 1);
  CountedWork counted;
  for (int lane = 0; lane < 2; ++lane) count(rates, totals.of(lane), counted);
  CHECK(counted.actions[action_id("motor", "spin")] == 2 * 8 + 48);
  CHECK(counted.actions.all().at({action_id("memory", "write"), 8}) == 3 * (20 + 12));
  CHECK(counted.actions[action_id("memory", "write")] == 4 * (20 + 12));
  CHECK(counted.actions.all().size() == 3);
  CHECK(counted.tallies.at("words").at(7) == 32);
}

TEST_CASE("counts that 64 bits do not hold are told") {
  Rates rates;
  rates.add(action_id("motor", "spin"), kWaves, kMost64 / 2);
  CountedWork counted;
  const Count three[] = {3};
  CHECK_THROWS_AS(count(rates, three, counted), RunError);
  const Count one[] = {1};
  count(rates, one, counted);
  count(rates, one, counted);
  CHECK_THROWS_AS(count(rates, one, counted), RunError);
}

}  // namespace
}  // namespace squeezebar::test
