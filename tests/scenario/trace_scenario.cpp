// SPDX-License-Identifier: Apache-2.0
// What an observer is told of a simulation agrees with the simulation's own account of time.
#include <algorithm>
#include <filesystem>
#include <map>
#include <tuple>

#include <fmt/format.h>
#include <unistd.h>

#include "tests/catch.h"
#include "tests/scenario/chip_bench.h"

using namespace squeezebar;
using namespace squeezebar::testing;

namespace {

struct Span {
  Cycles from;
  Cycles to;
  friend bool operator==(const Span&, const Span&) = default;
};

/// Everything that was told, by track.
class Record final : public TimelineObserver {
 public:
  int add(const Track& track) override {
    tracks.push_back(track);
    return static_cast<int>(tracks.size()) - 1;
  }
  void busy(int track, std::int64_t, std::int64_t from, std::int64_t to, std::span<const Count>) override {
    busy_spans[track].push_back({from, to});
  }
  void passes(int track, std::int64_t, std::int64_t from, std::int64_t to,
              std::span<const Count> figures) override {
    conversion_spans[track].push_back({from, to});
    conversions[track] += figures.front();
  }
  void stall(int track, StallCause cause, std::int64_t from, std::int64_t to) override {
    stalls[{track, cause}].push_back({from, to});
  }
  void output(int track, std::int64_t, std::int64_t from, std::int64_t to) override {
    outputs[track].push_back({from, to});
  }
  void transfer(int track, std::int64_t, std::int64_t from, std::int64_t to, std::int64_t arrival) override {
    transfers[track].push_back({from, to});
    latest_arrival = std::max(latest_arrival, arrival);
  }
  void fill(int track, std::int64_t pixels, std::int64_t) override {
    most_pixels[track] = std::max(most_pixels[track], pixels);
    last_pixels[track] = pixels;
  }

  /// All tracks of a kind in a layer.
  [[nodiscard]] std::vector<int> of(Track::Kind kind, int layer) const {
    std::vector<int> out;
    for (std::size_t i = 0; i < tracks.size(); ++i) {
      if (tracks[i].kind == kind && tracks[i].layer == layer) out.push_back(static_cast<int>(i));
    }
    return out;
  }
  /// Lanes of a layer: its row groups, or its vector unit if it has none.
  [[nodiscard]] std::vector<int> lanes(int layer) const {
    std::vector<int> out = of(Track::Kind::lane, layer);
    return out.empty() ? of(Track::Kind::vector_unit, layer) : out;
  }

  [[nodiscard]] std::vector<Span> busy_of(int track) const {
    const auto found = busy_spans.find(track);
    return found == busy_spans.end() ? std::vector<Span>{} : found->second;
  }
  [[nodiscard]] std::vector<Span> stalls_of(int track, StallCause cause) const {
    const auto found = stalls.find({track, cause});
    return found == stalls.end() ? std::vector<Span>{} : found->second;
  }

  std::vector<Track> tracks;
  std::map<int, std::vector<Span>> busy_spans;
  std::map<int, std::vector<Span>> conversion_spans;
  std::map<int, std::uint64_t> conversions;
  std::map<std::pair<int, StallCause>, std::vector<Span>> stalls;
  std::map<int, std::vector<Span>> outputs;
  std::map<int, std::vector<Span>> transfers;
  std::map<int, std::int64_t> most_pixels;
  std::map<int, std::int64_t> last_pixels;
  Cycles latest_arrival = 0;
};

std::uint32_t uneven(int layer, int lane, std::int64_t wave) {
  return static_cast<std::uint32_t>((layer * 5 + lane * 3 + wave * 7) % 9);
}

/// ADCs as a lane's step passes them; each step makes `conversions`.
void add_adcs(LanePlan& lane, Cycles start, Cycles time, Count conversions) {
  const PathPart adcs{"adc",      start,        time,
                      "ADC bank", "conversion", {{"conversions", {{kSteps, conversions}}}}};
  lane.stages.front().path = std::make_shared<const std::vector<PathPart>>(1, adcs);
}

Cycles length(const std::vector<Span>& spans) {
  Cycles sum = 0;
  for (const Span& span : spans) sum += span.to - span.from;
  return sum;
}

bool disjoint(std::vector<Span> spans) {
  std::sort(spans.begin(), spans.end(),
            [](const Span& a, const Span& b) { return std::tie(a.from, a.to) < std::tie(b.from, b.to); });
  for (std::size_t i = 1; i < spans.size(); ++i) {
    if (spans[i].from < spans[i - 1].to) return false;
  }
  return true;
}

bool inside(const std::vector<Span>& spans, Cycles end) {
  return std::all_of(spans.begin(), spans.end(),
                     [end](const Span& s) { return 0 <= s.from && s.from <= s.to && s.to <= end; });
}

/// Replicas, column blocks, a fork that joins again, small buffers and slow links: every lane waits for
/// every cause.
ChipBench crowded() {
  ChipBench bench;
  const int stem = bench.layer("stem", 9, {{2, 2, 0}, {1, 1, 0}, {3, 1, 1}}, 2, 6);
  const int branch = bench.layer("branch", 9, {{3}, {1}}, 1, 4);
  const int join = bench.vector_layer("join", 9, 4);
  const int slow = bench.layer("slow", 9, {{6}}, 0, 3);
  bench.connect_elementwise(-1, stem, 9, 3);
  bench.connect_elementwise(stem, branch, 9, 2);
  bench.connect_elementwise(stem, join, 9, 2);
  bench.connect_elementwise(branch, join, 9, 1);
  bench.connect_elementwise(join, slow, 9, 1);
  for (EdgePlan& edge : bench.plan.edges) {
    edge.occupancy = 4;
    edge.latency = 5;
  }
  for (LayerPlan& layer : bench.plan.layers) {
    layer.output_depth = 2;
    layer.interval = 2;
  }
  bench.set_depth(1);
  bench.plan.images = 3;
  return bench;
}

/// Spans told of every lane are disjoint and sum to the account of its layer.
void check_account(const ChipBench& bench, const ChipTiming& timing, const Record& record) {
  LaneTime all;
  for (std::size_t i = 0; i < bench.plan.layers.size(); ++i) {
    CAPTURE(bench.plan.layers[i].name);
    LaneTime told;
    for (const int lane : record.lanes(static_cast<int>(i))) {
      std::vector<Span> spans = record.busy_of(lane);
      told.busy += length(spans);
      const auto add = [&](StallCause cause, Cycles& sum) {
        const std::vector<Span> more = record.stalls_of(lane, cause);
        sum += length(more);
        spans.insert(spans.end(), more.begin(), more.end());
      };
      add(StallCause::input, told.stall_input);
      add(StallCause::partial_sum, told.stall_partial_sum);
      add(StallCause::output, told.stall_output);
      CHECK(disjoint(spans));
      CHECK(inside(spans, timing.end));
    }
    const LayerTiming& account = timing.layers[i];
    CHECK(told.busy == account.busy);
    CHECK(told.stall_input == account.stall_input);
    CHECK(told.stall_partial_sum == account.stall_partial_sum);
    CHECK(told.stall_output == account.stall_output);
    all += told;
  }
  CHECK(all.busy > 0);
  CHECK(all.stall_input > 0);
}

void check_same(const Outcome& one, const Outcome& other) {
  CHECK(one.error == other.error);
  CHECK(one.end == other.end);
  CHECK(one.image_ends == other.image_ends);
  REQUIRE(one.layers.size() == other.layers.size());
  for (std::size_t i = 0; i < one.layers.size(); ++i) {
    CHECK(one.layers[i].busy == other.layers[i].busy);
    CHECK(one.layers[i].idle == other.layers[i].idle);
    CHECK(one.layers[i].stall_input == other.layers[i].stall_input);
    CHECK(one.layers[i].stall_partial_sum == other.layers[i].stall_partial_sum);
    CHECK(one.layers[i].stall_output == other.layers[i].stall_output);
    CHECK(one.layers[i].last_result == other.layers[i].last_result);
  }
}

/// When the ADCs of a row group convert whose second of three waves has no bit-cycle.
std::vector<Span> conversions_of_two_waves(Cycles start) {
  ChipBench bench;
  const int layer = bench.layer("conv", 3, {{10}}, 0, 10);
  bench.connect_elementwise(-1, layer, 3);
  add_adcs(bench.plan.layers[0].engine.lanes[0], start, 8, 7);
  BenchSource source([](int, int, std::int64_t wave) { return wave == 1 ? 0U : 2U; });
  Record record;
  simulate(bench.plan, source, {}, {&record, nullptr});
  const int bank = record.of(Track::Kind::part, layer).at(0);
  CHECK(record.conversions.at(bank) == 2 * 2 * 7);
  return record.conversion_spans.at(bank);
}

}  // namespace

TEST_CASE("spans of lanes that wait for everything sum to the account of their layers") {
  const ChipBench bench = crowded();
  BenchSource source(uneven);
  Record record;
  const ChipTiming timing = simulate(bench.plan, source, {}, {&record, nullptr});
  check_account(bench, timing, record);
  Cycles partial_sum = 0;
  Cycles output = 0;
  for (const LayerTiming& layer : timing.layers) {
    partial_sum += layer.stall_partial_sum;
    output += layer.stall_output;
  }
  CHECK(partial_sum > 0);
  CHECK(output > 0);
}

TEST_CASE("spans of a layer-serial schedule leave out the time in which it holds lanes back") {
  ChipBench bench = crowded();
  bench.plan.layer_serial = true;
  for (EdgePlan& edge : bench.plan.edges) edge.depth = 9;
  for (LayerPlan& layer : bench.plan.layers) layer.output_depth = 9;
  BenchSource source(uneven);
  Record record;
  const ChipTiming timing = simulate(bench.plan, source, {}, {&record, nullptr});
  check_account(bench, timing, record);
}

TEST_CASE("a short row group's spans have the exact times of its waits") {
  ChipBench bench;
  const int layer = bench.layer("conv", 3, {{10}, {8}});
  bench.connect_elementwise(-1, layer, 3);
  bench.set_depth(1);
  BenchSource source(constant(1));
  Record record;
  simulate(bench.plan, source, {}, {&record, nullptr});
  const std::vector<int> lanes = record.lanes(layer);
  CHECK(record.busy_of(lanes[0]) == std::vector<Span>{{0, 10}, {10, 20}, {20, 30}});
  CHECK(record.busy_of(lanes[1]) == std::vector<Span>{{0, 8}, {10, 18}, {20, 28}});
  CHECK(record.stalls_of(lanes[1], StallCause::partial_sum) == std::vector<Span>{{8, 10}, {18, 20}});
  CHECK(record.stalls_of(lanes[1], StallCause::output).empty());
}

TEST_CASE("ADCs convert held samples during the next bit-cycle") {
  CHECK(conversions_of_two_waves(10) == std::vector<Span>{{10, 28}, {30, 48}});
}

TEST_CASE("without overlap ADCs convert in the rest of the same bit-cycle") {
  CHECK(conversions_of_two_waves(2) == std::vector<Span>{{2, 20}, {22, 40}});
}

TEST_CASE("what passes a part is a sum of counters, whatever the steps are") {
  ChipBench bench;
  const int layer = bench.layer("conv", 2, {{10}}, 0, 10);
  bench.connect_elementwise(-1, layer, 2);
  LanePlan& lane = bench.plan.layers[0].engine.lanes[0];
  const PathPart adcs{"adc",      10,           3,
                      "ADC bank", "conversion", {{"conversions", {{kSteps, 2}, {kSteps + 1, 3}}}}};
  lane.stages.front().path = std::make_shared<const std::vector<PathPart>>(1, adcs);
  // The second wave has no step.
  BenchSource source([](int, int, std::int64_t wave) { return wave == 1 ? 0U : 3U; }, 5);
  Record record;
  simulate(bench.plan, source, {}, {&record, nullptr});
  const int bank = record.of(Track::Kind::part, layer).at(0);
  CHECK(record.conversion_spans.at(bank) == std::vector<Span>{{10, 33}});
  CHECK(record.conversions.at(bank) == 3 * 2 + 3 * 5 * 3);
}

TEST_CASE("the ADCs of every replica convert one wave at a time") {
  ChipBench bench = crowded();
  for (LayerPlan& layer : bench.plan.layers) {
    layer.engine.tail = 6;
    for (LanePlan& lane : layer.engine.lanes) {
      const Cycles step = lane.stages.front().step;
      add_adcs(lane, step, step, 3);
    }
  }
  BenchSource source(uneven);
  Record record;
  const ChipTiming timing = simulate(bench.plan, source, {}, {&record, nullptr});
  for (const int layer : {0, 1, 3}) {
    const std::vector<int> lanes = record.of(Track::Kind::lane, layer);
    const std::vector<int> banks = record.of(Track::Kind::part, layer);
    REQUIRE(banks.size() == lanes.size());
    for (std::size_t i = 0; i < banks.size(); ++i) {
      CHECK(banks[i] == lanes[i] + 1);
      const std::vector<Span>& spans = record.conversion_spans.at(banks[i]);
      CHECK(disjoint(spans));
      CHECK(inside(spans, timing.end));
      CHECK(length(spans) == length(record.busy_of(lanes[i])));
    }
  }
}

TEST_CASE("links carry one pixel at a time, every pixel, inside the run") {
  const ChipBench bench = crowded();
  BenchSource source(uneven);
  Record record;
  const ChipTiming timing = simulate(bench.plan, source, {}, {&record, nullptr});
  std::size_t links = 0;
  for (std::size_t i = 0; i < record.tracks.size(); ++i) {
    if (record.tracks[i].kind != Track::Kind::link) continue;
    const std::vector<Span>& spans = record.transfers.at(static_cast<int>(i));
    ++links;
    CHECK(spans.size() == 9 * 3);
    CHECK(disjoint(spans));
    CHECK(inside(spans, timing.end));
    CHECK(length(spans) == 9 * 3 * 4);
  }
  CHECK(links == bench.plan.edges.size());
  CHECK(record.latest_arrival <= timing.end);
}

TEST_CASE("buffers fill up to their depth and are empty at the end") {
  const ChipBench bench = crowded();
  BenchSource source(uneven);
  Record record;
  simulate(bench.plan, source, {}, {&record, nullptr});
  for (std::size_t i = 0; i < bench.plan.layers.size(); ++i) {
    const LayerPlan& layer = bench.plan.layers[i];
    const std::vector<int> inputs = record.of(Track::Kind::input_buffer, static_cast<int>(i));
    REQUIRE(inputs.size() == layer.inputs.size());
    for (std::size_t k = 0; k < inputs.size(); ++k) {
      const EdgePlan& edge = bench.plan.edges[static_cast<std::size_t>(layer.inputs[k])];
      CHECK(record.most_pixels[inputs[k]] == edge.depth);
      CHECK(record.last_pixels[inputs[k]] == 0);
    }
    const int output = record.of(Track::Kind::output_buffer, static_cast<int>(i)).at(0);
    CHECK(record.most_pixels[output] <= layer.output_depth);
    CHECK(record.most_pixels[output] > 0);
    CHECK(record.last_pixels[output] == 0);
  }
}

TEST_CASE("the vector unit behind row groups handles a pixel at a time, the last one until the end") {
  const ChipBench bench = crowded();
  BenchSource source(uneven);
  Record record;
  const ChipTiming timing = simulate(bench.plan, source, {}, {&record, nullptr});
  for (const int layer : {0, 1, 3}) {
    const std::vector<Span>& spans = record.outputs.at(record.of(Track::Kind::vector_unit, layer).at(0));
    CHECK(spans.size() == 9 * 3);
    CHECK(disjoint(spans));
    CHECK(inside(spans, timing.end));
    CHECK(spans.back().to == timing.layers[static_cast<std::size_t>(layer)].last_result);
  }
}

TEST_CASE("an observer and waveforms with a window of any kind change no result") {
  const ChipBench bench = crowded();
  const Outcome alone = simulate_apart(bench.plan, Workload(uneven));
  const Cycles period = bench.plan.clock_period_fs;
  // Before, at and between events, over the end and behind it.
  const auto [from, to] =
      GENERATE(std::pair<Cycles, Cycles>{0, 40}, std::pair<Cycles, Cycles>{57, 58},
               std::pair<Cycles, Cycles>{60, 100000}, std::pair<Cycles, Cycles>{90000, 100000});
  CAPTURE(from, to);
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("squeezebar-waves-{}", getpid());
  std::filesystem::create_directories(folder);
  WaveformOptions options;
  options.file = (folder / "waves").string();
  options.modules = {"stem", "branch.row_group_1_0", "join"};
  options.from_fs = from * period + (from > 0 ? 1 : 0);
  options.to_fs = to * period;
  Record record;
  check_same(simulate_apart(bench.plan, Workload(uneven), {&record, &options}), alone);
  CHECK(std::filesystem::exists(options.file + ".vcd") == (from < alone.end));
  std::filesystem::remove_all(folder);
}
