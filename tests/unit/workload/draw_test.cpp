// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/draw.h"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "sim/base/hash.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

constexpr std::size_t kMany = 400'000;

Synthetic gaussian() {
  return {WeightDistribution::gaussian, 0, WeightScheme::uniform, 0, 1, InputDistribution::uniform};
}
Synthetic laplace() {
  return {WeightDistribution::laplace, 0, WeightScheme::uniform, 0, 1, InputDistribution::uniform};
}
Synthetic student_t(double degrees) {
  return {WeightDistribution::student_t, degrees, WeightScheme::s_window, 3, 1, InputDistribution::uniform};
}

/// Share of `values` in (low, high].
double share(const std::vector<double>& values, double low, double high) {
  const auto inside =
      std::count_if(values.begin(), values.end(), [&](double v) { return v > low && v <= high; });
  return static_cast<double>(inside) / static_cast<double>(values.size());
}

/// Distribution functions in closed form.
double gaussian_below(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }
double laplace_below(double x) { return x < 0 ? 0.5 * std::exp(x) : 1 - 0.5 * std::exp(-x); }
double t1_below(double x) { return 0.5 + std::atan(x) / 3.141592653589793; }
double t4_below(double x) {
  const double s = x / std::sqrt(4 + x * x);
  return 0.5 + 0.25 * s * (3 - s * s);
}

template <class Below>
void check_distribution(const Synthetic& synthetic, Below below) {
  const auto values = draw_reals(synthetic, 7, "layer", kMany);
  const std::vector<double> edges{-50, -8, -3, -1.5, -0.7, -0.2, 0, 0.1, 0.5, 1, 2, 4, 10, 100};
  for (std::size_t i = 0; i + 1 < edges.size(); ++i) {
    const double wanted = below(edges[i + 1]) - below(edges[i]);
    const double deviation = std::sqrt(wanted * (1 - wanted) / kMany);
    INFO(edges[i] << " to " << edges[i + 1]);
    CHECK(std::abs(share(values, edges[i], edges[i + 1]) - wanted) <= 4 * deviation + 1e-6);
  }
}

TEST_CASE("drawn weights have the distribution that was asked for") {
  check_distribution(gaussian(), gaussian_below);
  check_distribution(laplace(), laplace_below);
  check_distribution(student_t(1), t1_below);
  check_distribution(student_t(4), t4_below);
  // With many degrees of freedom the t-distribution is all but Gaussian.
  check_distribution(student_t(1000), [](double x) {
    return gaussian_below(x) -
           (x * x * x + x) / 4000 * std::exp(-x * x / 2) / std::sqrt(2 * 3.141592653589793);
  });
}

TEST_CASE("a weight depends on its number, the seed and the layer's name alone") {
  const auto all = draw_reals(student_t(4), 1, "conv1", 5000);
  for (const std::size_t count : std::initializer_list<std::size_t>{1, 2, 3, 1023, 1024, 1025, 2049}) {
    CHECK(std::equal(all.begin(), all.begin() + static_cast<std::ptrdiff_t>(count),
                     draw_reals(student_t(4), 1, "conv1", count).begin()));
  }
  CHECK(draw_reals(student_t(4), 2, "conv1", 5000) != all);
  CHECK(draw_reals(student_t(4), 1, "conv2", 5000) != all);
  CHECK(draw_reals(student_t(4), 1, "conv1", 0).empty());
}

std::string digest(const std::vector<std::int16_t>& codes) {
  std::string bytes;
  for (const std::int16_t code : codes) {
    bytes += static_cast<char>(code & 0xFF);
    bytes += static_cast<char>((code >> 8) & 0xFF);
  }
  return sha256_hex(bytes);
}

TEST_CASE("a uniform scheme fills its range, an s_window scheme keeps its pattern") {
  const auto reals = draw_reals(gaussian(), 1, "conv1", 10'000);
  const auto codes = quantise_weights(gaussian(), 7, reals);
  const auto [low, high] = std::minmax_element(codes.begin(), codes.end());
  CHECK(std::max<int>(-*low, *high) == 127);
  const auto windows = quantise_weights(student_t(4), 8, reals);
  CHECK(std::all_of(windows.begin(), windows.end(), [](int code) {
    int magnitude = std::abs(code);
    while (magnitude != 0 && magnitude % 2 == 0) magnitude /= 2;
    return magnitude <= 7 && std::abs(code) <= 224;
  }));
  CHECK(quantise_weights(gaussian(), 7, {0.0, 0.0}) == std::vector<std::int16_t>{0, 0});
  CHECK(quantise_weights(student_t(4), 2, {0.1, -1.0}).size() == 2);  // a window wider than the magnitude
}

TEST_CASE("drawn images use the input's codes, each image others") {
  Network network;
  network.input_name = "image";
  network.input_shape = {3, 40, 41};
  network.input = {8, true, 1.0, -100, -128, 127};
  const auto values = [&](InputDistribution distribution, int index) {
    const FeatureMap map = draw_input(distribution, 5, network, index);
    REQUIRE(map.shape == network.input_shape);
    std::vector<double> out;
    for (std::size_t i = 0; i < map.codes.size(); ++i) out.push_back(map.value(i, true));
    return out;
  };
  const auto uniform = values(InputDistribution::uniform, 0);
  CHECK(*std::min_element(uniform.begin(), uniform.end()) == -128);
  CHECK(*std::max_element(uniform.begin(), uniform.end()) == 127);
  CHECK(share(uniform, -129, -1) == Approx(0.5).margin(0.03));
  CHECK(values(InputDistribution::uniform, 0) == uniform);
  CHECK(values(InputDistribution::uniform, 1) != uniform);
  const auto half = values(InputDistribution::half_normal, 0);
  CHECK(*std::min_element(half.begin(), half.end()) == -100);
  // A deviation of a quarter of the 227 codes above the zero point.
  CHECK(share(half, -101, -100 + 227.0 / 4) == Approx(0.683).margin(0.03));
  CHECK(share(half, -101, -100 + 227.0 / 2) == Approx(0.954).margin(0.015));
}

TEST_CASE("every machine draws these weights") {
  // Digests of the first 100,000 codes of a layer; a change breaks the comparison of results between
  // versions.
  CHECK(digest(quantise_weights(gaussian(), 7, draw_reals(gaussian(), 1, "conv1", 100'000))) ==
        "43039e3b91e5439eeadb760150cc11230f4e41a12f5ac32449a0c1add76e4fcb");
  CHECK(digest(quantise_weights(laplace(), 7, draw_reals(laplace(), 1, "conv1", 100'000))) ==
        "d1d18959dfafd83ec1e5c485d9bfcbea4a9818ede4a9af24effe423a624797f6");
  CHECK(digest(quantise_weights(student_t(4), 8, draw_reals(student_t(4), 1, "conv1", 100'000))) ==
        "a3d001e955ffbf3202238f233f983e647653e530af1a46086105ddc685ad103f");
}

}  // namespace
}  // namespace squeezebar::test
