// SPDX-License-Identifier: Apache-2.0
#include <cmath>
#include <stdexcept>

#include "models/adc/adc.h"
#include "sim/base/registry.h"
#include "sim/terms/actions.h"
#include "tests/catch.h"

// What every ADC model must keep; a new one is found by its registration and must build from its defaults.

namespace squeezebar::test {
namespace {

constexpr int kMostCostedBits = 12;
const Length kNode = 32_nm;

/// Calls `test(name, model)` for every registered ADC model with its default parameters.
template <class F>
void for_each_adc(F test) {
  const auto& registry = Registry<AdcModel>::instance();
  REQUIRE(registry.size() >= 5);
  for (const auto& [name, entry] : registry) {
    INFO("ADC model " << name);
    test(*registry.create(name));
  }
}

TEST_CASE("ADC costs are finite, non-negative and consistent", "[contract][adc]") {
  for_each_adc([](const AdcModel& adc) {
    int costed = 0;
    for (int bits = 1; bits <= kMostCostedBits; ++bits) {
      INFO(bits << " bits");
      ComponentCost cost;
      try {
        cost = adc.cost(bits, kNode);
      } catch (const std::invalid_argument&) {
        continue;
      }
      ++costed;
      CHECK((std::isfinite(cost.energy.si()) && cost.energy.si() > 0.0));
      CHECK((std::isfinite(cost.power.si()) && cost.power.si() > 0.0));
      CHECK((std::isfinite(cost.area.si()) && cost.area.si() > 0.0));
      CHECK((std::isfinite(cost.leakage.si()) && cost.leakage.si() >= 0.0));
      CHECK(cost.power.si() >= cost.leakage.si());
    }
    CHECK(costed > 0);
  });
}

TEST_CASE("ADC costs do not decrease with bits", "[contract][adc]") {
  for_each_adc([](const AdcModel& adc) {
    ComponentCost last;
    for (int bits = 1; bits <= kMostCostedBits; ++bits) {
      INFO(bits << " bits");
      ComponentCost cost;
      try {
        cost = adc.cost(bits, kNode);
      } catch (const std::invalid_argument&) {
        continue;
      }
      CHECK(cost.energy >= last.energy);
      CHECK(cost.power >= last.power);
      CHECK(cost.area >= last.area);
      last = cost;
    }
  });
}

/// Every registered model; those that end somewhere are asked to go on.
template <class F>
void for_each_endless_adc(F test) {
  for (const auto& [name, entry] : Registry<AdcModel>::instance()) {
    INFO("ADC model " << name);
    const bool ends = entry.schema->find("extrapolate") != nullptr;
    test(*Registry<AdcModel>::instance().create(name, ends ? "{extrapolate: linear}" : "{}"));
  }
}

TEST_CASE("every ADC model answers at 1 to 12 bits, and energy and area never fall", "[contract][adc]") {
  for_each_endless_adc([](const AdcModel& adc) {
    ComponentCost last;
    for (int bits = 1; bits <= kMostCostedBits; ++bits) {
      INFO(bits << " bits");
      const ComponentCost cost = adc.cost(bits, kNode);
      CHECK(cost.energy >= last.energy);
      CHECK(cost.area >= last.area);
      CHECK(cost.energy > 0_J);
      last = cost;
    }
  });
}

TEST_CASE("every ADC model answers at 1 to 3 bits by itself", "[contract][adc]") {
  for_each_adc([](const AdcModel& adc) {
    for (int bits = 1; bits <= 3; ++bits) CHECK_NOTHROW(adc.cost(bits, kNode));
  });
}

TEST_CASE("ADC codes are monotone, start at zero and saturate", "[contract][adc]") {
  for_each_adc([](const AdcModel& adc) {
    for (const AdcRange range : {AdcRange::clip, AdcRange::full}) {
      for (int bits = 1; bits <= 10; ++bits) {
        for (const std::int64_t bound : {0, 1, 63, 64, 384, 65535}) {
          INFO(bits << " bits, bound " << bound << (range == AdcRange::full ? ", full" : ", clip"));
          const AdcTransfer transfer = adc.transfer(bits, range, bound);
          CHECK(transfer.max_code >= 1);
          CHECK(transfer.max_code < (1 << bits));
          CHECK(transfer.step256 >= 256);
          bool monotone = true;
          for (std::int64_t sum = 1; sum <= std::min<std::int64_t>(bound, 2048); ++sum) {
            monotone = monotone && transfer.unsaturated(sum) >= transfer.unsaturated(sum - 1);
          }
          CHECK(monotone);
          CHECK(transfer.unsaturated(0) == 0);
          if (range == AdcRange::full) CHECK(transfer.unsaturated(bound) <= transfer.max_code);
        }
      }
    }
  });
}

TEST_CASE("ADCs with enough bits are lossless", "[contract][adc]") {
  for_each_adc([](const AdcModel& adc) {
    for (const AdcRange range : {AdcRange::clip, AdcRange::full}) {
      const AdcTransfer transfer = adc.transfer(8, range, 255);
      bool exact = true;
      for (std::int64_t sum = 0; sum <= 255; ++sum) {
        exact = exact && transfer.unsaturated(sum) == sum && sum <= transfer.max_code;
      }
      CHECK(exact);
    }
  });
}

TEST_CASE("ADCs take time and say where their numbers come from", "[contract][adc]") {
  for_each_adc([](const AdcModel& adc) {
    for (int bits = 1; bits <= kMaxAdcBits; ++bits)
      CHECK(cycles_ceil_count(1000000, adc.timing(bits, Rate(1_GHz)).rate, 1_GHz) > 0);
    CHECK_FALSE(adc.source().empty());
  });
}

}  // namespace
}  // namespace squeezebar::test
