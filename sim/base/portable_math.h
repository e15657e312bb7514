// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <bit>
#include <cstdint>

namespace squeezebar {

// Elementary functions made of additions, multiplications and divisions alone, each of which IEEE 754 rounds
// correctly: unlike those of libm they give the same bits on every machine (the build contracts no expression,
// see scripts/cmake/Toolchain.cmake). Relative errors stay below 2^-50. Plain loops over them vectorise.

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

}  // namespace detail

/// Natural logarithm of a positive normal number.
inline double portable_log(double x) {
  constexpr std::uint64_t kFraction = (std::uint64_t{1} << 52) - 1;
  const auto bits = std::bit_cast<std::uint64_t>(x);
  const auto fraction = std::bit_cast<double>((bits & kFraction) | (std::uint64_t{1023} << 52));
  const bool upper = fraction > 1.4142135623730951;  // keeps the series short on both sides of 1
  const double m = upper ? 0.5 * fraction : fraction;
  const double exponent = static_cast<double>(static_cast<std::int32_t>(bits >> 52) - 1023 + (upper ? 1 : 0));
  const double s = (m - 1.0) / (m + 1.0);
  const double series = 2.0 * s * detail::polynomial(detail::kArtanh, s * s);
  return exponent * detail::kLn2High + (series + exponent * detail::kLn2Low);
}

/// e^x for |x| <= 700.
inline double portable_exp(double x) {
  constexpr double kNoFraction = 6755399441055744.0;  // 1.5 * 2^52: adding it rounds to a whole number
  constexpr double kPerLn2 = 1.4426950408889634;
  const double whole = (x * kPerLn2 + kNoFraction) - kNoFraction;
  const double rest = (x - whole * detail::kLn2High) - whole * detail::kLn2Low;
  const auto power = static_cast<std::uint64_t>(static_cast<std::int64_t>(static_cast<std::int32_t>(whole)) + 1023)
                     << 52;
  return detail::polynomial(detail::kExponential, rest) * std::bit_cast<double>(power);
}

/// Cosine of x quarter turns, 0 <= x <= 1.
inline double portable_cos_quarter(double x) { return detail::polynomial(detail::kCosine, x * x); }

}  // namespace squeezebar
