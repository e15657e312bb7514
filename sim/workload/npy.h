// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace squeezebar {

enum class DType { int8, uint8, int16, uint16, int32, int64, float64 };

std::string_view dtype_name(DType dtype);
std::size_t dtype_size(DType dtype);
/// Returns false for an unknown name.
bool parse_dtype(std::string_view name, DType& out);

/// Largest tensor file that is read (also the largest claim in a header that is believed).
inline constexpr std::uint64_t kLargestNpyFile = std::uint64_t{4} << 30;

/// A tensor in memory, little-endian, C order.
struct NpyArray {
  DType dtype = DType::uint8;
  std::vector<std::int64_t> shape;
  std::vector<char> data;

  [[nodiscard]] std::int64_t size() const;
  /// The values converted to T; the caller has checked that T holds every value of the dtype.
  template <class T>
  [[nodiscard]] std::vector<T> as() const;
};

/// Reads a NumPy .npy file (format 1.0 to 3.0, little-endian, C order, the dtypes above). On failure returns
/// a sentence that says what is wrong with the file; nothing is allocated before the header agrees with the
/// file's size.
std::string read_npy(const std::filesystem::path& path, NpyArray& out);
/// The same from memory.
std::string parse_npy(std::span<const char> bytes, NpyArray& out);

/// Writes format 1.0. Throws std::runtime_error with the reason.
void write_npy(const std::filesystem::path& path, DType dtype, std::span<const std::int64_t> shape,
               std::span<const char> data);

std::string shape_text(std::span<const std::int64_t> shape);

}  // namespace squeezebar
