// SPDX-License-Identifier: Apache-2.0
#include "sim/numerics/s_window.h"

#include <algorithm>
#include <cmath>

namespace squeezebar {

int SWindow::magnitude(double a) const {
  if (!(a >= std::ldexp(1.0, -(bits + 1)))) return 0;
  int exponent = 0;
  std::frexp(a, &exponent);  // 2^(exponent - 1) <= a < 2^exponent
  const int leading = std::max(1, 1 - exponent);
  const int last = std::min(leading + window - 1, bits);
  const double most = std::ldexp(largest(), last - bits);
  // nearbyint rounds half to even; the result counts steps of 2^-last.
  const double steps = std::min(std::nearbyint(std::ldexp(a, last)), most);
  return static_cast<int>(steps) << (bits - last);
}

double SWindow::scale(double largest_weight) const {
  if (largest_weight <= 0.0) return 1.0;
  int exponent = 0;
  const double fraction = std::frexp(largest_weight / (1.0 - std::ldexp(1.0, -window)), &exponent);
  return std::ldexp(1.0, fraction == 0.5 ? exponent - 1 : exponent);
}

std::vector<std::int16_t> s_window_codes(std::span<const double> weights, const SWindow& pattern,
                                         double scale) {
  std::vector<std::int16_t> out;
  out.reserve(weights.size());
  for (const double weight : weights) {
    const int magnitude = pattern.magnitude(std::abs(weight) / scale);
    out.push_back(static_cast<std::int16_t>(weight < 0.0 ? -magnitude : magnitude));
  }
  return out;
}

}  // namespace squeezebar
