// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <string>

#include <fmt/format.h>
#include <rapidcheck.h>

#include "sim/numerics/integer_layer.h"
#include "sim/workload/operator.h"
#include "tests/catch.h"
#include "tests/random.h"

// The vector-unit operators against naive loops over (channel, y, x).

namespace squeezebar::test {
namespace {

std::unique_ptr<Operator> make(const std::string& name, const std::string& attributes = "{}") {
  return Registry<Operator>::instance().create(name, attributes);
}

Quantisation random_quantisation(Random& random) {
  const bool is_signed = random.chance(50);
  const int bits = random.between(2, 16);
  const int low = is_signed ? -(1 << (bits - 1)) : 0;
  return {bits, is_signed, 1.0, low + random.between(0, (1 << bits) - 1), low, low + (1 << bits) - 1};
}

FeatureMap random_map(Random& random, FeatureShape shape, const Quantisation& q) {
  FeatureMap map{shape, {}};
  for (std::int64_t i = 0; i < shape.size(); ++i)
    map.codes.push_back(static_cast<std::uint16_t>(random.between(q.min, q.max)));
  return map;
}

std::int32_t at(const FeatureMap& map, const Quantisation& q, int c, int y, int x) {
  return map.value(static_cast<std::size_t>((c * map.shape.height + y) * map.shape.width + x), q.is_signed);
}

std::int32_t clamped(double value, const Quantisation& q) {
  const double rounded = std::nearbyint(value) + q.zero_point;
  return static_cast<std::int32_t>(std::min(std::max(rounded, double(q.min)), double(q.max)));
}

FeatureMap evaluate(const Operator& op, std::vector<OperatorInput> inputs, const Quantisation& output) {
  const FeatureShape& in = inputs[0].map->shape;
  const Window w = op.window(in, {});
  FeatureMap out{{in.channels, w.output_height(in), w.output_width(in)}, {}};
  out.codes.resize(static_cast<std::size_t>(out.shape.size()));
  op.evaluate(inputs, output, out);
  return out;
}

/// Random kernel, stride and padding that fit a random shape, and the YAML text of an operator with them.
struct Pooling {
  FeatureShape shape;
  int kernel[2], stride[2], padding[4];
  [[nodiscard]] std::string text(const std::string& more = "") const {
    return fmt::format("{{kernel: [{}, {}], stride: [{}, {}], padding: [{}, {}, {}, {}]{}}}", kernel[0],
                       kernel[1], stride[0], stride[1], padding[0], padding[1], padding[2], padding[3], more);
  }
};

Pooling random_pooling(Random& random) {
  Pooling p{};
  p.shape = {random.between(1, 3), random.between(3, 7), random.between(3, 7)};
  for (int i = 0; i < 2; ++i) {
    p.kernel[i] = random.between(1, 3);
    p.stride[i] = random.between(1, 3);
    p.padding[i] = random.between(0, p.kernel[i] - 1);
    p.padding[i + 2] = random.between(0, p.kernel[i] - 1);
  }
  return p;
}

/// Codes under output pixel (y, x) of channel c.
std::vector<std::int32_t> under(const Pooling& p, const FeatureMap& in, const Quantisation& q, int c, int y,
                                int x) {
  std::vector<std::int32_t> out;
  for (int row = y * p.stride[0] - p.padding[0]; row < y * p.stride[0] - p.padding[0] + p.kernel[0]; ++row) {
    for (int column = x * p.stride[1] - p.padding[1]; column < x * p.stride[1] - p.padding[1] + p.kernel[1];
         ++column) {
      if (row >= 0 && row < in.shape.height && column >= 0 && column < in.shape.width)
        out.push_back(at(in, q, c, row, column));
    }
  }
  return out;
}

template <class Expected>
void check_pooling(const Operator& op, const Pooling& p, const FeatureMap& in, const Quantisation& q,
                   const Quantisation& to, Expected expected) {
  const FeatureMap out = evaluate(op, {{&in, &q}}, to);
  RC_ASSERT(out.shape.height ==
            (p.shape.height + p.padding[0] + p.padding[2] - p.kernel[0]) / p.stride[0] + 1);
  RC_ASSERT(out.shape.width == (p.shape.width + p.padding[1] + p.padding[3] - p.kernel[1]) / p.stride[1] + 1);
  for (int c = 0; c < out.shape.channels; ++c) {
    for (int y = 0; y < out.shape.height; ++y) {
      for (int x = 0; x < out.shape.width; ++x)
        RC_ASSERT(at(out, to, c, y, x) == expected(under(p, in, q, c, y, x)));
    }
  }
}

TEST_CASE("max_pool takes the largest code that is not padding") {
  CHECK(rc::check("random windows", [] {
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    const Pooling p = random_pooling(random);
    const Quantisation q = random_quantisation(random);
    const FeatureMap in = random_map(random, p.shape, q);
    check_pooling(*make("max_pool", p.text()), p, in, q, q, [](const std::vector<std::int32_t>& codes) {
      return *std::max_element(codes.begin(), codes.end());
    });
  }));
}

TEST_CASE("average_pool rounds the mean once, with or without padding") {
  CHECK(rc::check("random windows", [] {
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    const Pooling p = random_pooling(random);
    const Quantisation q = random_quantisation(random);
    const Quantisation to = random_quantisation(random);
    const FeatureMap in = random_map(random, p.shape, q);
    const bool with_padding = random.chance(50);
    const double multiplier = random.pick({0.25, 0.5, 1.0 / 9, 0.37});
    const auto op =
        make("average_pool",
             p.text(fmt::format(", count_include_pad: {}, multiplier: {}", with_padding, multiplier)));
    check_pooling(*op, p, in, q, to, [&](const std::vector<std::int32_t>& codes) {
      std::int64_t sum = 0;
      for (const std::int32_t code : codes) sum += code - q.zero_point;
      const double all = p.kernel[0] * p.kernel[1];
      const double factor = with_padding ? multiplier : multiplier * all / static_cast<double>(codes.size());
      return clamped(static_cast<double>(sum) * factor, to);
    });
  }));
}

TEST_CASE("average_pool rounds halves to even codes") {
  const Quantisation q{8, false, 1.0, 0, 0, 255};
  const FeatureMap in{{1, 1, 4}, {1, 2, 2, 3}};
  const auto op = make(
      "average_pool",
      "{kernel: [1, 2], stride: [1, 2], padding: [0, 0, 0, 0], count_include_pad: true, multiplier: 0.5}");
  CHECK(evaluate(*op, {{&in, &q}}, q).codes == std::vector<std::uint16_t>{2, 2});  // 1.5 and 2.5
}

TEST_CASE("add rescales both inputs and rounds their sum once") {
  CHECK(rc::check("random maps", [] {
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    const Quantisation qa = random_quantisation(random);
    const Quantisation qb = random_quantisation(random);
    const Quantisation to = random_quantisation(random);
    const FeatureShape shape{random.between(1, 3), random.between(1, 4), random.between(1, 4)};
    const FeatureMap a = random_map(random, shape, qa);
    const FeatureMap b = random_map(random, shape, qb);
    const double ma = random.pick({0.5, 0.3, 1.7});
    const double mb = random.pick({0.5, 0.1, 2.0});
    const FeatureMap out =
        evaluate(*make("add", fmt::format("{{multipliers: [{}, {}]}}", ma, mb)), {{&a, &qa}, {&b, &qb}}, to);
    for (std::size_t i = 0; i < out.codes.size(); ++i) {
      const double first = (a.value(i, qa.is_signed) - qa.zero_point) * ma;
      const double second = (b.value(i, qb.is_signed) - qb.zero_point) * mb;
      RC_ASSERT(out.value(i, to.is_signed) == clamped(first + second, to));
    }
  }));
}

TEST_CASE("relu cuts at the zero point") {
  const Quantisation q{8, true, 1.0, -3, -128, 127};
  const FeatureMap in{{1, 1, 5}, {0xFF80, 0xFFFC, 0xFFFD, 0, 127}};
  CHECK(evaluate(*make("relu"), {{&in, &q}}, q).codes ==
        std::vector<std::uint16_t>{0xFFFD, 0xFFFD, 0xFFFD, 0, 127});
}

TEST_CASE("subsample takes every stride-th pixel and pads channels with the zero point") {
  const Quantisation q{8, true, 1.0, -3, -128, 127};
  const FeatureMap in{{2, 3, 2}, {1, 2, 3, 4, 5, 6, 0xFF80, 8, 9, 10, 11, 12}};
  const auto op = make("subsample", "{stride: [2, 1], channel_padding: [1, 2]}");
  CHECK(op->window(in.shape, {}).output_height(in.shape) == 2);
  CHECK(op->output_channels(in.shape, {}) == 5);
  CHECK(op->pool_ops() + op->activation_ops() == 0);
  FeatureMap out{{5, 2, 2}, std::vector<std::uint16_t>(20)};
  const OperatorInput input{&in, &q};
  op->evaluate({&input, 1}, q, out);
  CHECK(out.codes == std::vector<std::uint16_t>{
                         0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD,                              // before
                         1,      2,      5,      6,      0xFF80, 8,      11,     12,  // rows 0 and 2
                         0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD, 0xFFFD});
}

TEST_CASE("subsample refuses an output that is stored differently or cannot hold its zeros") {
  const Quantisation q{8, true, 1.0, -3, -128, 127};
  const Quantisation above{8, true, 1.0, -3, 0, 127};
  const Quantisation other{8, true, 1.0, 0, -128, 127};
  const std::vector<FeatureShape> shapes{{2, 3, 2}};
  const auto check = [&](const char* attributes, const Quantisation& in, const Quantisation& out) {
    return make("subsample", attributes)->check(shapes, std::vector{in}, {}, out);
  };
  CHECK(check("{stride: [2, 2], channel_padding: [0, 1]}", q, q) == "");
  CHECK_THAT(check("{stride: [2, 2], channel_padding: [0, 0]}", q, other), ContainsSubstring("keeps codes"));
  CHECK(check("{stride: [2, 2], channel_padding: [0, 0]}", above, above) == "");
  CHECK_THAT(check("{stride: [2, 2], channel_padding: [0, 1]}", above, above),
             ContainsSubstring("which its output cannot hold"));
}

TEST_CASE("requantise changes scale, zero point and width") {
  CHECK(rc::check("random maps", [] {
    Random random(*rc::gen::arbitrary<std::uint64_t>());
    const Quantisation q = random_quantisation(random);
    const Quantisation to = random_quantisation(random);
    const FeatureMap in = random_map(random, {2, 3, 3}, q);
    const double multiplier = random.pick({0.5, 0.25, 1.0, 3.3});
    const FeatureMap out =
        evaluate(*make("requantise", fmt::format("{{multiplier: {}}}", multiplier)), {{&in, &q}}, to);
    for (std::size_t i = 0; i < out.codes.size(); ++i) {
      RC_ASSERT(out.value(i, to.is_signed) ==
                clamped((in.value(i, q.is_signed) - q.zero_point) * multiplier, to));
    }
  }));
}

TEST_CASE("the largest output wins, the first among equals") {
  const Quantisation is_signed{16, true, 1.0, 0, -32768, 32767};
  const Quantisation is_unsigned{16, false, 1.0, 0, 0, 65535};
  const FeatureMap map{{4, 1, 1}, {5, 0xFFFF, 7, 7}};
  CHECK(top1(map, is_signed) == 2);
  CHECK(top1(map, is_unsigned) == 1);
}

}  // namespace
}  // namespace squeezebar::test
