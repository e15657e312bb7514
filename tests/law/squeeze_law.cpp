// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <rapidcheck.h>

#include "sim/engine/crossbar/mapping/plane_counts.h"
#include "tests/law/crossbar_case.h"
#include "tests/program_reading.h"
#include "tests/squeeze_variants.h"

// Laws of squeeze-out, row grouping and zero skipping.

namespace squeezebar::test {
namespace {

rc::Gen<SqueezeOptions> squeezes(int planes, std::vector<SqueezePolicy> policies) {
  // At full size from the first case on: small cases have nothing to squeeze.
  return rc::gen::resize(
      rc::kNominalSize,
      rc::gen::build<SqueezeOptions>(
          rc::gen::set(&SqueezeOptions::policy, rc::gen::elementOf(std::move(policies))),
          rc::gen::set(&SqueezeOptions::degree, rc::gen::inRange(std::min(1, planes - 1), planes)),
          rc::gen::set(&SqueezeOptions::mode, rc::gen::element(SqueezeMode::mask, SqueezeMode::exact)),
          rc::gen::set(&SqueezeOptions::error_cap, rc::gen::element(0.0, 0.002, 0.05, 1.0)),
          rc::gen::set(&SqueezeOptions::sorted, rc::gen::arbitrary<bool>())));
}

/// With random weights squeezing seldom wins, so most cases squeeze regardless.
const std::vector<SqueezePolicy> kPolicies{SqueezePolicy::all, SqueezePolicy::all, SqueezePolicy::all,
                                           SqueezePolicy::winning, SqueezePolicy::automatic};

/// A random layer with signs that can be squeezed.
Case squeezable_case() {
  const auto seeds = rc::gen::resize(rc::kNominalSize, rc::gen::inRange<std::uint64_t>(0, 1'000'000));
  return random_case(*seeds, {"bit_sliced", true});
}

int planes_of(const Case& c) { return c.geometry.cells_per_weight(c.layer().weights); }

void squeeze(Case& c, const SqueezeOptions& options) {
  c.parameters = squeeze_yaml(options);
  c.map();
  program_adcs(c, std::min(16, lossless_bits(c)), AdcRange::clip);
}

std::int64_t allocated(const Case& c) {
  std::int64_t sum = 0;
  for (const MappedGroup& group : c.groups) sum += group.allocated();
  return sum;
}

std::int64_t cost(const MappedGroup& group, const Case& c) {
  const int bits = c.network.input.bits + group.program.shift_bits;
  return std::int64_t{group.allocated()} * ((bits + c.geometry.dac_bits - 1) / c.geometry.dac_bits);
}

/// Its rows in the order of their word lines, not squeezed.
Case unsqueezed_in_same_order(const Case& c) {
  Case out = c;
  WeightMatrix& weights = out.network.layers[0].weights;
  int position = 0;
  for (const MappedGroup& group : c.groups) {
    if (group.column_block != 0) continue;
    for (const std::int32_t row : group.program.rows) {
      for (int column = 0; column < weights.columns; ++column) {
        weights.values[static_cast<std::size_t>(column) * static_cast<std::size_t>(weights.rows) +
                       static_cast<std::size_t>(position)] =
            static_cast<std::int16_t>(c.layer().weights.at(row, column));
      }
      ++position;
    }
  }
  out.parameters = "{}";
  out.map();
  return out;
}

TEST_CASE("squeezing loses nothing where the bits that fall out are zero", "[law][mapping]") {
  int shifted_cases = 0;
  CHECK(rc::check([&] {
    Case c = squeezable_case();
    const SqueezeOptions options = *squeezes(planes_of(c), kPolicies);
    const int fall_out = options.degree * c.geometry.cell_bits;
    for (auto& weight : c.network.layers[0].weights.values)
      weight = static_cast<std::int16_t>(without_lowest_bits(weight, fall_out));
    squeeze(c, options);
    shifted_cases += std::any_of(c.groups.begin(), c.groups.end(),
                                 [](const MappedGroup& g) { return g.program.shift_bits > 0; });
    RC_ASSERT(c.error.squared_error == 0);
    RC_ASSERT(c.kept.layers[0].weights.values == c.network.layers[0].weights.values);
    RC_ASSERT(run(c).codes == reference_codes(c));
  }));
  CHECK(shifted_cases >= 20);
}

TEST_CASE("squeezing otherwise computes with the weights that are left, whose error it reports",
          "[law][mapping]") {
  int lossy_cases = 0;
  CHECK(rc::check([&] {
    Case c = squeezable_case();
    squeeze(c, *squeezes(planes_of(c), kPolicies));
    WeightError wanted;
    const auto& before = c.layer().weights.values;
    const auto& after = c.kept.layers[0].weights.values;
    for (std::size_t i = 0; i < before.size(); ++i) {
      const std::int64_t lost = before[i] - after[i];
      wanted.squared_error += lost * lost;
      wanted.squared_weight += std::int64_t{before[i]} * before[i];
    }
    lossy_cases += wanted.squared_error > 0;
    RC_ASSERT(c.error.squared_error == wanted.squared_error);
    RC_ASSERT(c.error.squared_weight == wanted.squared_weight);
    RC_ASSERT(run(c).codes == reference_codes(c));
  }));
  CHECK(lossy_cases >= 20);
}

TEST_CASE("grouping rows never changes outputs", "[law][mapping]") {
  // How far a row moves depends on its own weights in the column block, not on its neighbours.
  int moved_rows = 0;
  CHECK(rc::check([&] {
    Case c = squeezable_case();
    SqueezeOptions options = *squeezes(planes_of(c), {SqueezePolicy::all});
    options.sorted = false;
    squeeze(c, options);
    const Result original = run(c);
    const std::int64_t error = c.error.squared_error;
    options.sorted = true;
    squeeze(c, options);
    moved_rows += std::any_of(c.groups.begin(), c.groups.end(), [](const MappedGroup& g) {
      return !std::is_sorted(g.program.rows.begin(), g.program.rows.end());
    });
    RC_ASSERT(run(c).codes == original.codes);
    RC_ASSERT(c.error.squared_error == error);
  }));
  CHECK(moved_rows >= 10);
}

TEST_CASE("squeezing where it wins takes no more crossbars and no more crossbar cycles in any row group",
          "[law][mapping]") {
  int won = 0;
  CHECK(rc::check([&] {
    Case c = squeezable_case();
    const SqueezeOptions options =
        *squeezes(planes_of(c), {SqueezePolicy::winning, SqueezePolicy::automatic});
    squeeze(c, options);
    const Case off = unsqueezed_in_same_order(c);
    for (std::size_t g = 0; g < c.groups.size(); ++g) {
      RC_ASSERT(c.groups[g].allocated() <= off.groups[g].allocated());
      RC_ASSERT(cost(c.groups[g], c) <= cost(off.groups[g], off));
      won += cost(c.groups[g], c) < cost(off.groups[g], off);
    }
    RC_ASSERT(allocated(c) <= allocated(off));
  }));
  CHECK(won >= 20);
}

TEST_CASE("the automatic degree keeps every row group under the cap and is the cheapest that does",
          "[law][mapping]") {
  CHECK(rc::check([] {
    Case c = squeezable_case();
    SqueezeOptions options = *squeezes(planes_of(c), {SqueezePolicy::automatic});
    options.sorted = false;
    const auto group_error = [](const Case& mapped, const MappedGroup& group) {
      WeightError error;
      const RowGroupProgram& p = group.program;
      for (std::size_t r = 0; r < p.rows.size(); ++r) {
        for (int column = p.first_channel; column < p.first_channel + p.channels; ++column) {
          const std::int64_t weight = mapped.layer().weights.at(p.rows[r], column);
          const std::int64_t lost = weight - mapped.kept.layers[0].weights.at(p.rows[r], column);
          error += {lost * lost, weight * weight};
        }
      }
      return error.relative();
    };
    squeeze(c, options);
    const Case chosen = c;
    std::vector<Case> by_degree;
    for (int degree = 0; degree <= options.degree; ++degree) {
      SqueezeOptions fixed = options;
      fixed.policy = SqueezePolicy::all;
      fixed.degree = degree;
      squeeze(c, fixed);
      by_degree.push_back(c);
    }
    for (std::size_t g = 0; g < chosen.groups.size(); ++g) {
      RC_ASSERT(group_error(chosen, chosen.groups[g]) <= options.error_cap);
      for (const Case& other : by_degree) {
        const bool allowed = other.groups[g].allocated() <= by_degree[0].groups[g].allocated() &&
                             group_error(other, other.groups[g]) <= options.error_cap;
        if (allowed) RC_ASSERT(cost(chosen.groups[g], chosen) <= cost(other.groups[g], other));
      }
    }
  }));
}

TEST_CASE("skipping undriven bit-cycles changes nothing but what is executed", "[law][numerics]") {
  std::uint64_t skipped = 0;
  for_each_case(60, [&](Case& c, std::uint64_t) {
    program_adcs(c, std::max(1, lossless_bits(c) - 1), AdcRange::clip);
    const Result all = run(c);
    const Result some = run(c, 32, true);
    CHECK(some.codes == all.codes);
    CHECK(some.activity == slow_result(c, true).activity);
    bool same = true;
    for (std::size_t i = 0; i < all.activity.size(); ++i) {
      const WaveActivity& a = all.activity[i];
      const WaveActivity& s = some.activity[i];
      if (c.groups[i / static_cast<std::size_t>(c.layer().waves())].program.ou_rows > 0) {
        same = same && s == a;  // made of driven word lines only
        continue;
      }
      same = same && a.skipped == 0 && s.bit_cycles + s.skipped == a.bit_cycles && s.ones == a.ones &&
             s.clipped == a.clipped;
      skipped += s.skipped;
    }
    CHECK(same);
  });
  CHECK(skipped > 1000);
}

}  // namespace
}  // namespace squeezebar::test
