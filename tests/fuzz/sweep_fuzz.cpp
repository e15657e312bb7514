// SPDX-License-Identifier: Apache-2.0
// Reads arbitrary bytes as a sweep spec and, behind the first byte that is 0xFF, as a plan. No exception may
// escape; a spec that reads must expand to points with a label for each column, and a plan must read back as
// it was written.
#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "sim/sweep/plan.h"

using namespace squeezebar;

namespace {

/// What a fuzzer's spec may ask for without taking all the time.
constexpr std::size_t kMostPoints = 20'000;

bool is_small(const SweepSpec& spec) {
  auto points =
      static_cast<std::size_t>(spec.replicates) * static_cast<std::size_t>(std::max(spec.sample.points, 1));
  for (const Axis& axis : spec.axes) {
    points *= std::max<std::size_t>(axis.values.size(), 1);
    if (points > kMostPoints) return false;
  }
  return points * (spec.sample.axes.size() + 1) <= kMostPoints;
}

void read_spec(const std::string& text) {
  Diagnostics diagnostics;
  const SweepSpec spec = parse_sweep_spec(text, "spec.yaml", diagnostics);
  static_cast<void>(diagnostics.text());
  if (diagnostics.has_errors() || !is_small(spec)) return;
  const SweepPoints points = expand(spec, 1, diagnostics);
  for (const SweepPoint& point : points.points) {
    if (point.labels.size() != points.columns.size()) std::abort();
  }
}

void read_plan(const std::string& text) {
  Diagnostics diagnostics;
  const std::optional<Plan> plan = parse_plan(text, "plan.json", diagnostics);
  if (plan.has_value() == diagnostics.has_errors()) std::abort();
  if (!plan) return;
  Diagnostics again;
  const std::optional<Plan> reread = parse_plan(plan_json(*plan), "plan.json", again);
  if (!reread || reread->points.size() != plan->points.size()) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  const std::size_t split = bytes.find('\xFF');
  read_spec(bytes.substr(0, split));
  if (split != std::string::npos) read_plan(bytes.substr(split + 1));
  return 0;
}
