// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace squeezebar {

// Elementary functions made of additions, multiplications and divisions alone, each of which IEEE 754 rounds
// correctly: unlike those of libm they give the same bits on every machine (the build contracts no
// expression, see scripts/cmake/Toolchain.cmake). Relative errors stay below 2^-50. Plain loops over them
// vectorise.

namespace detail {

/// first + x * (next + x * (...)).
template <std::size_t N>
constexpr double polynomial(const std::array<double, N>& coefficients, double x) {
  double sum = coefficients[N - 1];
  for (std::size_t i = N - 1; i-- > 0;) sum = sum * x + coefficients[i];
  return sum;
}

/// 1 / (2i + 1): of the inverse hyperbolic tangent, over x.
constexpr auto kArtanh = [] {
  std::array<double, 12> c{};
  for (std::size_t i = 0; i < c.size(); ++i) c[i] = 1.0 / static_cast<double>(2 * i + 1);
  return c;
}();

/// 1 / i!.
constexpr auto kExponential = [] {
  std::array<double, 15> c{1.0};
  for (std::size_t i = 1; i < c.size(); ++i) c[i] = c[i - 1] / static_cast<double>(i);
  return c;
}();

/// (-1)^i (pi / 2)^2i / (2i)!: of the cosine of x quarter turns, in x^2.
constexpr auto kCosine = [] {
  constexpr double kQuarter = 1.5707963267948966;
  std::array<double, 13> c{1.0};
  for (std::size_t i = 1; i < c.size(); ++i)
    c[i] = -c[i - 1] * (kQuarter * kQuarter) / static_cast<double>((2 * i - 1) * (2 * i));
  return c;
}();

inline constexpr double kLn2High = 0x1.62e42fee00000p-1;  // 32 bits of ln 2, then the rest
inline constexpr double kLn2Low = 0x1.a39ef35793c76p-33;
inline constexpr std::uint64_t kFractionBits = (std::uint64_t{1} << 52) - 1;
inline constexpr double kTwo52 = 0x1p52;         // has no room for a fraction: adding it rounds
inline constexpr double kThreeTwo51 = 0x1.8p52;  // the same for numbers of either sign

}  // namespace detail

/// Of a whole number below 2^52.
inline double portable_double(std::uint64_t value) {
  return std::bit_cast<double>(value | std::bit_cast<std::uint64_t>(detail::kTwo52)) - detail::kTwo52;
}

/// Natural logarithm of a positive normal number.
inline double portable_log(double x) {
  // x = 2^exponent * m with m in [sqrt(1/2), sqrt(2)), by a shift of the bits that begins at sqrt(1/2).
  constexpr auto kRootHalf = std::bit_cast<std::uint64_t>(0.70710678118654757);
  constexpr auto kOne = std::bit_cast<std::uint64_t>(1.0);
  const std::uint64_t shifted = std::bit_cast<std::uint64_t>(x) + (kOne - kRootHalf);
  const double exponent = portable_double(shifted >> 52) - 1023.0;
  const auto m = std::bit_cast<double>((shifted & detail::kFractionBits) + kRootHalf);
  const double s = (m - 1.0) / (m + 1.0);
  const double series = 2.0 * s * detail::polynomial(detail::kArtanh, s * s);
  return exponent * detail::kLn2High + (series + exponent * detail::kLn2Low);
}

/// e^x for |x| <= 700.
inline double portable_exp(double x) {
  constexpr double kPerLn2 = 1.4426950408889634;
  const double shifted = x * kPerLn2 + detail::kThreeTwo51;  // its low bits hold the whole number
  const double whole = shifted - detail::kThreeTwo51;
  const double rest = (x - whole * detail::kLn2High) - whole * detail::kLn2Low;
  const std::uint64_t power = (std::bit_cast<std::uint64_t>(shifted) + 1023) << 52;
  return detail::polynomial(detail::kExponential, rest) * std::bit_cast<double>(power);
}

/// Cosine of x quarter turns, 0 <= x <= 1.
inline double portable_cos_quarter(double x) { return detail::polynomial(detail::kCosine, x * x); }

}  // namespace squeezebar
