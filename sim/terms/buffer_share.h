// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>

namespace squeezebar {

/// What one of those who share the buffers of one or more tiles has of them: `of` / `over` times the buffer
/// of one tile. Whole numbers, so that a size is enough or not to the byte.
struct BufferShare {
  std::int64_t of = 1;
  std::int64_t over = 1;

  /// Adds an equal share of the buffers of `tiles` more tiles that `sharers` have together.
  void add(std::int64_t tiles, std::int64_t sharers) {
    const std::int64_t common = std::lcm(over, sharers);
    of = of * (common / over) + tiles * (common / sharers);
    over = common;
  }
  /// The same for one of `parts` equal parts.
  [[nodiscard]] BufferShare part(std::int64_t parts) const { return {of, over * parts}; }

  /// Pixels that it holds where the buffer of a tile has `bytes`; a thousand million at most.
  [[nodiscard]] int pixels(std::int64_t bytes, std::uint64_t pixel_bytes) const {
    return static_cast<int>(std::min<Wide>(Wide{bytes} * of / (Wide{over} * pixel_bytes), 1'000'000'000));
  }
  /// The fewest bytes of a tile's buffer with which it holds that many pixels.
  [[nodiscard]] std::int64_t bytes_for(int pixels, std::uint64_t pixel_bytes) const {
    return static_cast<std::int64_t>((Wide{over} * pixel_bytes * pixels + of - 1) / of);
  }

 private:
  __extension__ using Wide = __int128;
};

}  // namespace squeezebar
