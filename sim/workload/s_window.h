// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace squeezebar {

/// The bit-sparse weight pattern of SME (arXiv 2103.01705, equation 2): magnitudes of `bits` bits whose ones
/// stand within `window` neighbouring bits, beginning at the magnitude's own leading one.
struct SWindow {
  int bits = 8;    ///< Nq, 1 .. 15
  int window = 3;  ///< S, 1 .. bits

  /// The largest magnitude, 2^bits (1 - 2^-window).
  [[nodiscard]] int largest() const { return (1 << bits) - (1 << (bits - window)); }
  /// The magnitude nearest to a * 2^bits in the pattern, ties to the even multiple of the last bit of the
  /// window; a >= 0 is the weight's magnitude over the scale. Beyond the largest: the largest.
  [[nodiscard]] int magnitude(double a) const;
  /// The least power of two with which the largest magnitude holds max |w|; 1 if that is zero.
  [[nodiscard]] double scale(double largest_weight) const;
};

/// The signed integers of `weights` under one scale; a weight is about code * scale / 2^bits.
std::vector<std::int16_t> s_window_codes(std::span<const double> weights, const SWindow& pattern,
                                         double scale);

}  // namespace squeezebar
