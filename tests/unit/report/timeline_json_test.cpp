// SPDX-License-Identifier: Apache-2.0
#include "sim/report/timeline_json.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>
#include <unistd.h>

#include "sim/base/diag.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

using Json = nlohmann::json;
namespace fs = std::filesystem;

constexpr std::int64_t kNanosecondFs = 1'000'000;

/// A timeline with one layer of one row group, which writes into a file of its own.
class Timeline {
 public:
  explicit Timeline(TimelineOptions options)
      : file_(fs::temp_directory_path() / fmt::format("squeezebar-timeline-{}.json", getpid())),
        json_(file_, std::move(options)) {}
  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;
  ~Timeline() { fs::remove(file_); }

  TimelineJson* operator->() { return &json_; }
  /// Completes the file and reads it.
  Json finish(std::int64_t end) {
    json_.finish(end);
    return Json::parse(text());
  }
  std::string text() const {
    std::ostringstream out;
    out << std::ifstream(file_).rdbuf();
    return out.str();
  }

 private:
  fs::path file_;
  TimelineJson json_;
};

TimelineOptions nanosecond_clock() {
  TimelineOptions out;
  out.clock_period_fs = kNanosecondFs;
  out.layers = {"first", "second"};
  return out;
}

Json events(const Json& trace, const std::string& phase) {
  Json out = Json::array();
  for (const Json& event : trace["traceEvents"]) {
    if (event["ph"] == phase) out.push_back(event);
  }
  return out;
}

std::vector<double> starts(const Json& spans) {
  std::vector<double> out;
  for (const Json& event : spans) out.push_back(event["ts"].get<double>());
  return out;
}

}  // namespace

TEST_CASE("femtoseconds are exact decimal microseconds") {
  CHECK(microseconds_text(0) == "0");
  CHECK(microseconds_text(1) == "0.000000001");
  CHECK(microseconds_text(833'333) == "0.000833333");
  CHECK(microseconds_text(100'000'000) == "0.1");
  CHECK(microseconds_text(1'000'000'000) == "1");
  CHECK(microseconds_text(20'000'000'000) == "20");
  CHECK(microseconds_text(9'223'372'036'854'775'807) == "9223372036.854775807");
}

TEST_CASE("an empty timeline is whole") {
  Timeline timeline(nanosecond_clock());
  const Json trace = timeline.finish(10);
  CHECK(trace["traceEvents"].empty());
  CHECK(trace["displayTimeUnit"] == "ns");
  CHECK(trace["otherData"]["complete"] == true);
  CHECK(trace["otherData"]["clock_period_us"] == 0.001);
  CHECK(trace["otherData"]["end_us"] == 0.01);
}

TEST_CASE("spans have time, place and arguments") {
  Timeline timeline(nanosecond_clock());
  const int lane = timeline->add({.layer = 1,
                                  .tile = 7,
                                  .replica = 1,
                                  .replicas = 2,
                                  .per_image = 4,
                                  .name = "row group 3",
                                  .figures = {"bit_cycles", "skipped", "clipped"}});
  timeline->busy(lane, 9, 100, 350, std::vector<Count>{5, 3, 2});
  timeline->stall(lane, StallCause::partial_sum, 350, 360);
  const Json trace = timeline.finish(400);
  const Json spans = events(trace, "X");
  REQUIRE(spans.size() == 2);
  CHECK(spans[0] == Json::parse(R"({"name": "image 2", "cat": "busy", "ph": "X", "ts": 0.1, "dur": 0.25,
      "pid": 1, "tid": 1, "args": {"image": 2, "wave": 1, "bit_cycles": 5, "skipped": 3, "clipped": 2}})"));
  CHECK(spans[1]["cat"] == "stall_partial_sum");
  CHECK(spans[1]["dur"] == 0.01);
  const Json names = events(trace, "M");
  CHECK(names[0]["args"]["name"] == "second on tile 7");
  CHECK(names[2]["args"]["name"] == "row group 3 replica 1");
}

TEST_CASE("a part stands beside its lane and tells what passes") {
  Timeline timeline(nanosecond_clock());
  const Track lane{.layer = 1, .tile = 7, .replica = 1, .replicas = 2, .per_image = 4, .name = "row group 3"};
  timeline->add(lane);
  Track adcs = lane;
  adcs.kind = Track::Kind::part;
  adcs.name = "ADC bank 3";
  adcs.category = "conversion";
  adcs.figures = {"conversions", "clipped"};
  const int bank = timeline->add(adcs);
  adcs.replicas = 1;
  timeline->add(adcs);
  timeline->passes(bank, 9, 150, 370, std::vector<Count>{640, 2});
  const Json trace = timeline.finish(400);
  CHECK(events(trace, "X") ==
        Json::parse(R"([{"name": "image 2", "cat": "conversion", "ph": "X", "ts": 0.15, "dur": 0.22,
      "pid": 1, "tid": 2, "args": {"image": 2, "wave": 1, "conversions": 640, "clipped": 2}}])"));
  const Json names = events(trace, "M");
  CHECK(names[4]["args"]["name"] == "ADC bank 3 replica 1");
  CHECK(names[6]["args"]["name"] == "ADC bank 3");
}

TEST_CASE("links are one process and tell when a pixel arrives") {
  Timeline timeline(nanosecond_clock());
  const int from_input = timeline->add({.kind = Track::Kind::link, .layer = 0, .per_image = 9});
  const int between = timeline->add({.kind = Track::Kind::link, .layer = 1, .from_layer = 0, .per_image = 9});
  timeline->transfer(between, 10, 5, 7, 27);
  const Json trace = timeline.finish(30);
  const Json names = events(trace, "M");
  CHECK(from_input != between);
  CHECK(names[0]["args"]["name"] == "links");
  CHECK(names[2]["args"]["name"] == "input of the network to first");
  CHECK(names[4]["args"]["name"] == "first to second");
  const Json span = events(trace, "X")[0];
  CHECK(span["args"] == Json::parse(R"({"image": 1, "pixel": 1, "arrival_us": 0.027})"));
}

TEST_CASE("names are escaped, whatever they hold") {
  TimelineOptions options = nanosecond_clock();
  options.layers = {"a\"b\\c\n\t\x01", "not UTF-8: \xff"};
  Timeline timeline(std::move(options));
  timeline->add({.layer = 0});
  timeline->add({.layer = 1});
  const Json names = events(timeline.finish(1), "M");
  CHECK(names[0]["args"]["name"] == "a\"b\\c\n\t\x01 on tile 0");
  CHECK(names[4]["args"]["name"] == "not UTF-8: \xEF\xBF\xBD on tile 0");
}

TEST_CASE("only what overlaps the window is written") {
  TimelineOptions options = nanosecond_clock();
  options.from_fs = 10 * kNanosecondFs;
  options.to_fs = 20 * kNanosecondFs;
  Timeline timeline(std::move(options));
  const int lane = timeline->add({});
  timeline->busy(lane, 0, 0, 9, {});
  timeline->busy(lane, 1, 5, 10, {});   // ends where the window begins
  timeline->busy(lane, 2, 9, 11, {});   // reaches in
  timeline->busy(lane, 3, 10, 10, {});  // of no length, at the very beginning
  timeline->busy(lane, 4, 11, 15, {});
  timeline->busy(lane, 5, 19, 40, {});  // reaches out
  timeline->busy(lane, 6, 20, 21, {});  // begins where the window ends
  const Json trace = timeline.finish(50);
  CHECK(starts(events(trace, "X")) == std::vector<double>{0.009, 0.01, 0.011, 0.019});
  CHECK(trace["otherData"]["events"] == 4);
}

TEST_CASE("a buffer's fill is written once per moment, and where the window begins") {
  TimelineOptions options = nanosecond_clock();
  options.from_fs = 10 * kNanosecondFs;
  Timeline timeline(std::move(options));
  const int buffer = timeline->add({.kind = Track::Kind::output_buffer});
  timeline->fill(buffer, 1, 0);
  timeline->fill(buffer, 2, 4);
  timeline->fill(buffer, 3, 12);
  timeline->fill(buffer, 2, 12);
  timeline->fill(buffer, 5, 12);
  timeline->fill(buffer, 5, 14);  // nothing new
  timeline->fill(buffer, 0, 15);
  const Json fills = events(timeline.finish(20), "C");
  CHECK(starts(fills) == std::vector<double>{0.01, 0.012, 0.015});
  CHECK(fills[0]["name"] == "output buffer");
  CHECK(fills[0]["args"]["pixels"] == 2);
  CHECK(fills[1]["args"]["pixels"] == 5);
  CHECK(fills[2]["args"]["pixels"] == 0);
}

TEST_CASE("layers that were not chosen have no track, their links to chosen ones do") {
  TimelineOptions options = nanosecond_clock();
  options.chosen = {false, true};
  Timeline timeline(std::move(options));
  CHECK(timeline->add({.layer = 0}) == -1);
  CHECK(timeline->add({.kind = Track::Kind::link, .layer = 0}) == -1);
  CHECK(timeline->add({.layer = 1}) == 0);
  CHECK(timeline->add({.kind = Track::Kind::link, .layer = 1, .from_layer = 0}) == 1);
  CHECK(TimelineTrack(*timeline.operator->(), {.layer = 1}));
  CHECK_FALSE(TimelineTrack(*timeline.operator->(), {.layer = 0}));
}

TEST_CASE("at most as many events are written as are allowed, and the file says so") {
  TimelineOptions options = nanosecond_clock();
  options.most_events = 3;
  Timeline timeline(std::move(options));
  const int lane = timeline->add({});
  for (int wave = 0; wave < 3; ++wave) timeline->busy(lane, wave, 10 * wave, 10 * wave + 5, {});
  CHECK_FALSE(timeline->stopped());
  for (int wave = 3; wave < 6; ++wave) timeline->busy(lane, wave, 10 * wave, 10 * wave + 5, {});
  CHECK(timeline->stopped());
  const Json trace = timeline.finish(60);
  CHECK(events(trace, "X").size() == 3);
  CHECK(trace["otherData"]["complete"] == false);
  CHECK_THAT(trace["otherData"]["note"].get<std::string>(), ContainsSubstring("at 0.03 us"));
}

TEST_CASE("events are in the file before the end") {
  Timeline timeline(nanosecond_clock());
  const int lane = timeline->add({});
  for (int wave = 0; wave < 5000; ++wave) timeline->busy(lane, wave, wave, wave + 1, {});
  CHECK(timeline.text().size() > 100'000);
  CHECK(events(timeline.finish(5000), "X").size() == 5000);
}

TEST_CASE("a file that cannot be written is told") {
  CHECK_THROWS_AS(TimelineJson("/nonexistent/trace.json", nanosecond_clock()), UserError);
  if (!fs::exists("/dev/full")) return;
  TimelineJson full("/dev/full", nanosecond_clock());
  CHECK_THROWS_AS(full.finish(1), UserError);
}

}  // namespace squeezebar::test
