// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "sim/base/hash.h"
#include "sim/workload/npy.h"

namespace squeezebar::test {

template <class T>
void write_tensor(const std::filesystem::path& path, DType dtype, const std::vector<std::int64_t>& shape,
                  const std::vector<T>& values) {
  std::vector<char> data(values.size() * sizeof(T));
  if (!data.empty()) std::memcpy(data.data(), values.data(), data.size());
  write_npy(path, dtype, shape, data);
}

/// The tensors of the bundle below.
inline void write_tiny_tensors(const std::filesystem::path& folder) {
  write_tensor<std::int8_t>(folder / "conv.weight.npy", DType::int8, {2, 1, 2, 2},
                            {1, -2, 3, 0, -127, 127, 64, -1});
  write_tensor<std::int32_t>(folder / "conv.bias.npy", DType::int32, {2}, {10, -300});
  write_tensor<double>(folder / "conv.multiplier.npy", DType::float64, {2}, {0.5, 0.125});
  write_tensor<double>(folder / "conv.scale.npy", DType::float64, {2}, {0.01, 0.02});
  write_tensor<std::int16_t>(folder / "fc.weight.npy", DType::int16, {3, 8},
                             {255, -255, 0, 1,  2,  3,   4,  5,  //
                              -9,  8,    7, -6, -5, 4,   3,  2,  //
                              100, 0,    0, 0,  0,  200, -1, -1});
  write_tensor<std::int32_t>(folder / "fc.bias.npy", DType::int32, {3}, {0, 100, -100});
  write_tensor<double>(folder / "fc.multiplier.npy", DType::float64, {3}, {0.25, 1.0, 0.75});
  write_tensor<double>(folder / "fc.scale.npy", DType::float64, {3}, {1.0, 1.0, 1.0});
  write_tensor<std::uint8_t>(folder / "inputs.npy", DType::uint8, {2, 1, 3, 3},
                             {0, 255, 3, 4, 5, 60, 7, 8, 90, 9, 8, 70, 6, 5, 4, 30, 2, 1});
  write_tensor<std::uint8_t>(folder / "labels.npy", DType::uint8, {2}, {0, 2});
  write_tensor<double>(folder / "real.npy", DType::float64, {2}, {0.0, 1e300});
}

/// network.yaml with @name for the digest of name.npy. A fork of conv joins again in sum: every operator but
/// requantise.
inline const char* const kTinyNetwork = R"(format: squeezebar-bundle
version: 1
name: tiny
input: {name: image, shape: [1, 3, 3], bits: 8, signed: false, scale: 0.5, zero_point: 3}
output: fc
layers:
  - name: conv
    op: conv2d
    inputs: [image]
    attributes: {stride: [1, 1], padding: [1, 1, 0, 0]}
    magnitude_bits: 7
    weight: {file: conv.weight.npy, dtype: int8, shape: [2, 1, 2, 2], sha256: @conv.weight}
    bias: {file: conv.bias.npy, dtype: int32, shape: [2], sha256: @conv.bias}
    multiplier: {file: conv.multiplier.npy, dtype: float64, shape: [2], sha256: @conv.multiplier}
    weight_scale: {file: conv.scale.npy, dtype: float64, shape: [2], sha256: @conv.scale}
    output: {bits: 8, signed: true, scale: 0.1, zero_point: -5, min: -128, max: 127}
  - name: positive
    op: relu
    inputs: [conv]
    output: {bits: 8, signed: true, scale: 0.1, zero_point: -5, min: -128, max: 127}
  - name: sum
    op: add
    inputs: [conv, positive]
    attributes: {multipliers: [0.5, 0.25]}
    output: {bits: 8, signed: false, scale: 0.2, zero_point: 7, min: 0, max: 255}
  - name: largest
    op: max_pool
    inputs: [sum]
    attributes: {kernel: [2, 2], stride: [1, 1], padding: [0, 0, 0, 0]}
    output: {bits: 8, signed: false, scale: 0.2, zero_point: 7, min: 0, max: 255}
  - name: mean
    op: average_pool
    inputs: [largest]
    attributes: {kernel: [2, 2], stride: [1, 1], padding: [1, 0, 0, 1],
                 count_include_pad: false, multiplier: 0.25}
    output: {bits: 8, signed: false, scale: 0.2, zero_point: 0, min: 0, max: 255}
  - name: fc
    op: linear
    inputs: [mean]
    magnitude_bits: 8
    weight: {file: fc.weight.npy, dtype: int16, shape: [3, 8], sha256: @fc.weight}
    bias: {file: fc.bias.npy, dtype: int32, shape: [3], sha256: @fc.bias}
    multiplier: {file: fc.multiplier.npy, dtype: float64, shape: [3], sha256: @fc.multiplier}
    weight_scale: {file: fc.scale.npy, dtype: float64, shape: [3], sha256: @fc.scale}
    output: {bits: 16, signed: true, scale: 1.0, zero_point: 0, min: -32768, max: 32767}
samples:
  inputs: {file: inputs.npy, dtype: uint8, shape: [2, 1, 3, 3], sha256: @inputs}
  labels: {file: labels.npy, dtype: uint8, shape: [2], sha256: @labels}
)";

/// Replaces every @name by the digest of `folder`/name.npy; other @ stay.
inline std::string with_digests(std::string text, const std::filesystem::path& folder) {
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    if (entry.path().extension() != ".npy") continue;
    const std::string token = fmt::format("@{}", entry.path().stem().string());
    for (std::size_t at = text.find(token); at != std::string::npos; at = text.find(token, at)) {
      text.replace(at, token.size(), sha256_hex_of_file(entry.path()).value_or(""));
    }
  }
  return text;
}

}  // namespace squeezebar::test
