// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "models/row_pipeline/row_pipeline.h"
#include "sim/engine/crossbar/lanes.h"
#include "sim/engine/crossbar/row_group_work.h"
#include "sim/workload/bundle.h"
#include "tests/catch.h"
#include "tests/rate.h"

namespace squeezebar::test {
namespace {

const std::string kRoot = SQUEEZEBAR_SOURCE_DIR;

/// The digits network, 70 % pruned, mapped as an example has it.
struct Mapped {
  explicit Mapped(const std::vector<std::string>& overrides, const std::string& example = "digits_sme")
      : config(load_config(kRoot + "/configs/examples/" + example + ".yaml", overrides)),
        bundle(load_bundle(kRoot + "/workloads/digits/p70", diagnostics)),
        mapped(map_network(config, bundle.network, diagnostics)) {
    give_adcs(config, bundle.network, mapped, diagnostics);
  }
  [[nodiscard]] LayerLanes lanes(std::size_t layer = 0) const {
    return crossbar_lanes(config, mapped, mapped.layers[layer],
                          bundle.network.quantisation(bundle.network.layers[layer].inputs[0]));
  }
  /// Of every lane of the network.
  template <class Visit>
  void for_each(Visit visit) const {
    for (std::size_t i = 0; i < mapped.layers.size(); ++i) {
      const LayerLanes all = lanes(i);
      for (std::size_t g = 0; g < all.lanes.size(); ++g)
        visit(all.lanes[g], mapped.layers[i].mapping.groups[g]);
    }
  }

  Diagnostics diagnostics;
  Config config;
  Bundle bundle;
  MappedNetwork mapped;
};

TEST_CASE("splicing adds every allocated plane but the first, shift-and-add follows once per column") {
  int seen = 0;
  Mapped({}).for_each([&](const LanePlan& lane, const MappedGroup& group) {
    const auto planes = static_cast<Count>(group.allocated());
    CHECK(rate(lane.rates, "splice", "add", kBitCycles) == 128 * (planes - 1));
    CHECK(rate(lane.rates, "shift_add", "add", kBitCycles) == 128);
    CHECK(rate(lane.rates, "adc", "convert", kBitCycles) == 128 * planes);
    ++seen;
  });
  CHECK(seen > 5);
}

TEST_CASE("a skipped bit-cycle costs the test of its input bits and nothing else") {
  int checks = 0;
  Mapped({"row_pipeline.input_zero_skip=true"}).for_each([&](const LanePlan& lane, const MappedGroup&) {
    for (const auto& one : lane.rates.actions) {
      if (one.counter != kSkipped) continue;
      CHECK(info(one.what.action).component == "zero_detect");
      CHECK(one.n == 1);
      ++checks;
    }
    CHECK(rate(lane.rates, "zero_detect", "check", kBitCycles) == 1);
    CHECK(lane.stages.front().least_steps == 0);
  });
  CHECK(checks > 5);
  Mapped({}).for_each([](const LanePlan& lane, const MappedGroup&) {
    CHECK(rate(lane.rates, "zero_detect", "check", kSkipped) == 0);
    CHECK(lane.stages.front().least_steps == 8);
  });
}

TEST_CASE("word lines are charged as mapped or as driven") {
  Mapped({"dac.charge=rows"}).for_each([](const LanePlan& lane, const MappedGroup& group) {
    const auto lines = static_cast<Count>(group.allocated()) * static_cast<Count>(group.rows());
    CHECK(rate(lane.rates, "dac", "drive", kBitCycles) == lines);
    CHECK(rate(lane.rates, "dac", "drive", kOnes) == 0);
  });
  Mapped({"dac.charge=ones"}).for_each([](const LanePlan& lane, const MappedGroup& group) {
    CHECK(rate(lane.rates, "dac", "drive", kBitCycles) == 0);
    CHECK(rate(lane.rates, "dac", "drive", kOnes) == static_cast<Count>(group.allocated()));
  });
}

TEST_CASE("every conversion is tallied by the bound of its sums") {
  for (const char* example : {"digits_sme", "digits_isaac", "digits_sre"}) {
    INFO(example);
    Mapped({}, example).for_each([](const LanePlan& lane, const MappedGroup&) {
      std::map<int, Count> converted;
      std::map<int, Count> tallied;
      for (const auto& one : lane.rates.actions) {
        if (one.what.action == action_id("adc", "convert")) converted[one.counter] += one.n;
      }
      for (const auto& one : lane.rates.tallies) {
        REQUIRE(one.what.first == kConversionsByBound);
        tallied[one.counter] += one.n;
      }
      CHECK_FALSE(converted.empty());
      CHECK(converted == tallied);
    });
  }
}

TEST_CASE("the parts inside a step give its length") {
  const auto check = [](const std::vector<std::string>& overrides, bool overlap) {
    int seen = 0;
    Mapped(overrides).for_each([&](const LanePlan& lane, const MappedGroup&) {
      const Stage& stage = lane.stages.front();
      REQUIRE(stage.path);
      Cycles read = 0;
      Cycles converted = 0;
      for (const PathPart& part : *stage.path) {
        if (part.component == "crossbar") read = part.from + part.time;
        if (part.component == "adc") converted = overlap ? part.time : part.from + part.time;
      }
      REQUIRE((read > 0 && converted > 0));
      CHECK(stage.step == std::max(read, converted));
      ++seen;
    });
    CHECK(seen > 5);
  };
  check({"sample_hold.overlap=true"}, true);
  check({"sample_hold.overlap=true", "crossbar.read_time=10 us"}, true);
  check({"sample_hold.overlap=false"}, false);
  check({"sample_hold.overlap=false", "crossbar.read_time=333 ns", "chip.clock=0.7 GHz"}, false);
}

}  // namespace
}  // namespace squeezebar::test
