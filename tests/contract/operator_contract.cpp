// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/workload/operator.h"
#include "sim/workload/receptive_field.h"
#include "tests/catch.h"
#include "tests/random.h"

// What every network operator must keep; a new one is found by its registration and gets attributes from its
// declaration.

namespace squeezebar::test {
namespace {

/// YAML text of every required field of a schema: its least value plus `more`, lists as short as they may be.
std::string attributes(const RecordSchema& schema, int more) {
  std::vector<std::string> entries;
  for (const FieldInfo& field : schema.fields()) {
    if (!field.required()) continue;
    const double least = field.min.value_or(field.above ? *field.above + 0.5 : 1.0);
    std::string value = field.type == FieldType::boolean ? (more % 2 == 0 ? "true" : "false")
                                                         : fmt::format("{}", least + more);
    if (field.type == FieldType::choice) value = field.choices.front();
    if (field.type == FieldType::text) value = "text";
    if (field.list)
      value = fmt::format(
          "[{}]",
          fmt::join(std::vector<std::string>(std::max<std::size_t>(1, field.min_items), value), ", "));
    entries.push_back(fmt::format("{}: {}", field.name, value));
  }
  return fmt::format("{{{}}}", fmt::join(entries, ", "));
}

/// Calls `test(operator, window, random)` for every registered operator with two sets of attributes.
template <class F>
void for_each_operator(F test) {
  const auto& registry = Registry<Operator>::instance();
  REQUIRE(registry.size() >= 8);
  for (const auto& [name, entry] : registry) {
    for (const int more : {0, 1}) {
      const std::string text = attributes(*entry.schema, more);
      INFO(name << ' ' << text);
      const auto op = registry.create(name, text);
      for (std::uint64_t seed = 0; seed < 20; ++seed) {
        Random random(seed);
        test(*op, random);
      }
    }
  }
}

FeatureShape random_shape(Random& random) {
  return {random.between(1, 3), random.between(2, 6), random.between(2, 6)};
}

/// A weight tensor that fits `in`: kernels of 2 in both directions, or everything.
std::vector<std::int64_t> weight_shape(const Operator& op, const FeatureShape& in) {
  if (op.weight_dimensions() == 0) return {};
  if (op.weight_dimensions() == 2) return {5, in.size()};
  std::vector<std::int64_t> out{5, in.channels};
  while (static_cast<int>(out.size()) < op.weight_dimensions()) out.push_back(2);
  return out;
}

FeatureMap random_map(Random& random, const FeatureShape& shape, const Quantisation& q) {
  FeatureMap map{shape, {}};
  for (std::int64_t i = 0; i < shape.size(); ++i)
    map.codes.push_back(static_cast<std::uint16_t>(random.between(q.min, q.max)));
  return map;
}

FeatureMap evaluate(const Operator& op, const std::vector<FeatureMap>& maps, const Quantisation& q) {
  std::vector<OperatorInput> inputs;
  for (const FeatureMap& map : maps) inputs.push_back({&map, &q});
  const Window w = op.window(maps[0].shape, {});
  const FeatureShape& in = maps[0].shape;
  FeatureMap out{{op.output_channels(in, {}), w.output_height(in), w.output_width(in)}, {}};
  out.codes.resize(static_cast<std::size_t>(out.shape.size()), 0xBAD);
  op.evaluate(inputs, q, out);
  return out;
}

constexpr Quantisation kSigned{6, true, 0.5, -4, -32, 31};

TEST_CASE("operators describe themselves consistently", "[contract][operator]") {
  for_each_operator([](const Operator& op, Random& random) {
    CHECK(op.inputs() >= 1);
    CHECK(op.has_weights() == (op.weight_dimensions() > 0));
    if (op.has_weights()) {
      CHECK(op.weight_dimensions() >= 2);
      CHECK(op.inputs() == 1);
    }
    CHECK(op.pool_ops() >= 0);
    CHECK(op.activation_ops() >= 0);
    const FeatureShape in = random_shape(random);
    const Window w = op.window(in, weight_shape(op, in));
    CHECK(w.kernel_height >= 1);
    CHECK(w.kernel_width >= 1);
    CHECK(w.stride_height >= 1);
    CHECK(w.stride_width >= 1);
    CHECK(std::min({w.top, w.left, w.bottom, w.right}) >= 0);
    CHECK(op.output_channels(in, weight_shape(op, in)) >= 1);
  });
}

TEST_CASE("operators accept shapes that fit them", "[contract][operator]") {
  for_each_operator([](const Operator& op, Random& random) {
    const FeatureShape in = random_shape(random);
    const std::vector<FeatureShape> shapes(static_cast<std::size_t>(op.inputs()), in);
    const std::vector<Quantisation> quantisations(shapes.size(), kSigned);
    CHECK(op.check(shapes, quantisations, weight_shape(op, in), kSigned) == "");
  });
}

TEST_CASE("weights for another input are refused", "[contract][operator]") {
  for_each_operator([](const Operator& op, Random& random) {
    if (!op.has_weights()) return;
    const FeatureShape in = random_shape(random);
    auto shape = weight_shape(op, in);
    ++shape[1];
    CHECK_FALSE(op.check(std::vector{in}, std::vector{kSigned}, shape, kSigned).empty());
  });
}

TEST_CASE("vector-unit operators give codes in range, the same each time", "[contract][operator]") {
  for_each_operator([](const Operator& op, Random& random) {
    if (op.has_weights()) return;
    const FeatureShape in = random_shape(random);
    std::vector<FeatureMap> maps;
    for (int i = 0; i < op.inputs(); ++i) maps.push_back(random_map(random, in, kSigned));
    const FeatureMap out = evaluate(op, maps, kSigned);
    REQUIRE(out.codes.size() == static_cast<std::size_t>(out.shape.size()));
    bool in_range = true;
    for (std::size_t i = 0; i < out.codes.size(); ++i) {
      in_range = in_range && out.value(i, true) >= kSigned.min && out.value(i, true) <= kSigned.max;
    }
    CHECK(in_range);
    CHECK(evaluate(op, maps, kSigned).codes == out.codes);
  });
}

TEST_CASE("an output pixel depends on nothing outside its window", "[contract][operator]") {
  // Timing starts a pixel as soon as its window is there; what lies outside must not matter.
  for_each_operator([](const Operator& op, Random& random) {
    if (op.has_weights()) return;
    const FeatureShape in = random_shape(random);
    std::vector<FeatureMap> maps;
    for (int i = 0; i < op.inputs(); ++i) maps.push_back(random_map(random, in, kSigned));
    const FeatureMap before = evaluate(op, maps, kSigned);
    const Window w = op.window(in, {});
    const int row = random.between(0, in.height - 1);
    const int column = random.between(0, in.width - 1);
    for (FeatureMap& map : maps) {
      for (int c = 0; c < in.channels; ++c) {
        map.codes[static_cast<std::size_t>((c * in.height + row) * in.width + column)] =
            static_cast<std::uint16_t>(random.between(kSigned.min, kSigned.max));
      }
    }
    const FeatureMap after = evaluate(op, maps, kSigned);
    bool same = true;
    for (int c = 0; c < before.shape.channels; ++c) {
      for (int y = 0; y < before.shape.height; ++y) {
        for (int x = 0; x < before.shape.width; ++x) {
          const int top = y * w.stride_height - w.top;
          const int left = x * w.stride_width - w.left;
          const bool under =
              row >= top && row < top + w.kernel_height && column >= left && column < left + w.kernel_width;
          const auto i = static_cast<std::size_t>((c * before.shape.height + y) * before.shape.width + x);
          same = same && (under || before.codes[i] == after.codes[i]);
        }
      }
    }
    CHECK(same);
  });
}

}  // namespace
}  // namespace squeezebar::test
