// SPDX-License-Identifier: Apache-2.0
#include "tests/study/synthetic_resnet18.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "sim/numerics/s_window.h"

namespace squeezebar::test {
namespace {

struct Shape {
  int rows, columns;
};

constexpr std::array<Shape, 20> kConvolutions{
    {{27, 64},    {576, 64},   {576, 64},   {576, 64},   {576, 64},   {576, 128}, {1152, 128},
     {64, 128},   {1152, 128}, {1152, 128}, {1152, 256}, {2304, 256}, {128, 256}, {2304, 256},
     {2304, 256}, {2304, 512}, {4608, 512}, {256, 512},  {4608, 512}, {4608, 512}}};

/// The finaliser of SplitMix64: each output follows from its counter alone.
std::uint64_t mixed(std::uint64_t counter) {
  std::uint64_t z = counter * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30U)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27U)) * 0x94D049BB133111EBU;
  return z ^ (z >> 31U);
}

/// In (0, 1).
double uniform(std::uint64_t bits) { return (static_cast<double>(bits >> 11U) + 0.5) * 0x1p-53; }

double draw(Distribution distribution, std::uint64_t stream, std::uint64_t index) {
  const double u = uniform(mixed(stream + 2 * index));
  const double v = uniform(mixed(stream + 2 * index + 1));
  const double wave = std::cos(2.0 * std::numbers::pi * v);
  // Bailey's polar form of Student's t (Mathematics of Computation 62, 1994): the Gaussian's is its limit.
  const auto student = [&](double degrees) {
    return std::sqrt(degrees * std::expm1(-2.0 / degrees * std::log(u))) * wave;
  };
  switch (distribution) {
    case Distribution::gaussian:
      return std::sqrt(-2.0 * std::log(u)) * wave;
    case Distribution::laplace:
      return v < 0.5 ? std::log(u) : -std::log(u);
    case Distribution::student_t5:
      return student(5.0);
    case Distribution::student_t3:
      return student(3.0);
  }
  return 0.0;
}

}  // namespace

std::string distribution_name(Distribution distribution) {
  switch (distribution) {
    case Distribution::gaussian:
      return "Gaussian";
    case Distribution::laplace:
      return "Laplace";
    case Distribution::student_t5:
      return "t5";
    case Distribution::student_t3:
      return "t3";
  }
  return "";
}

std::vector<WeightMatrix> synthetic_resnet18(Distribution distribution, std::uint64_t seed) {
  const SWindow pattern{8, 3};
  std::vector<WeightMatrix> out;
  std::vector<double> weights;
  for (std::size_t layer = 0; layer < kConvolutions.size(); ++layer) {
    const auto [rows, columns] = kConvolutions[layer];
    const std::uint64_t stream = mixed(seed * 1000 + layer);
    weights.resize(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
    double largest = 0.0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      weights[i] = draw(distribution, stream, i);
      largest = std::max(largest, std::abs(weights[i]));
    }
    out.push_back({rows, columns, pattern.bits, s_window_codes(weights, pattern, pattern.scale(largest))});
  }
  return out;
}

}  // namespace squeezebar::test
