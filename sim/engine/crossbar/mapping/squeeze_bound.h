// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>

namespace squeezebar {

/// The most rows of a crossbar with `rows` rows that may be squeezed by `degree` planes while squeezing still
/// saves cell-cycles: A <= K * Ma / (Mw - D) (SME, arXiv 2103.01705, equation 3), rounded down. Extra cycles
/// are charged to the squeezed rows alone, so the result may exceed `rows`: then squeezing always pays. Needs
/// 0 <= degree < weight_bits.
constexpr std::int64_t most_squeezed_rows(std::int64_t rows, std::int64_t activation_bits,
                                          std::int64_t weight_bits, std::int64_t degree) {
  return rows * activation_bits / (weight_bits - degree);
}

}  // namespace squeezebar
