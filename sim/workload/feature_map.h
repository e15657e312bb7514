// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <vector>

namespace squeezebar {

/// Channels x height x width of one image's activations.
struct FeatureShape {
  int channels = 0;
  int height = 0;
  int width = 0;

  [[nodiscard]] int pixels() const { return height * width; }
  [[nodiscard]] std::int64_t size() const { return std::int64_t{channels} * height * width; }
  bool operator==(const FeatureShape&) const = default;
};

/// How real values are stored as integers: value = scale * (code - zero_point), code in [min, max].
struct Quantisation {
  int bits = 8;
  bool is_signed = false;
  double scale = 1.0;
  int zero_point = 0;
  int min = 0;
  int max = 255;

  bool operator==(const Quantisation&) const = default;
};

/// Stored codes of one feature map, [channel][y][x]; negative codes are in 16-bit two's complement.
struct FeatureMap {
  FeatureShape shape;
  std::vector<std::uint16_t> codes;

  [[nodiscard]] std::int32_t value(std::size_t i, bool is_signed) const {
    return is_signed ? static_cast<std::int32_t>(static_cast<std::int16_t>(codes[i]))
                     : std::int32_t{codes[i]};
  }
};

/// The window that one output pixel looks at.
struct Window {
  int kernel_height = 1;
  int kernel_width = 1;
  int stride_height = 1;
  int stride_width = 1;
  int top = 0;  ///< padding
  int left = 0;
  int bottom = 0;
  int right = 0;

  [[nodiscard]] int output_height(const FeatureShape& in) const {
    return (in.height + top + bottom - kernel_height) / stride_height + 1;
  }
  [[nodiscard]] int output_width(const FeatureShape& in) const {
    return (in.width + left + right - kernel_width) / stride_width + 1;
  }
  [[nodiscard]] int positions() const { return kernel_height * kernel_width; }
};

}  // namespace squeezebar
