// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/npy.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/whole_file.h"

namespace squeezebar {
namespace {

struct DTypeInfo {
  DType dtype;
  std::string_view name;
  std::string_view descr;
  std::size_t size;
};

constexpr std::array kDTypes{
    DTypeInfo{DType::int8, "int8", "|i1", 1},       DTypeInfo{DType::uint8, "uint8", "|u1", 1},
    DTypeInfo{DType::int16, "int16", "<i2", 2},     DTypeInfo{DType::uint16, "uint16", "<u2", 2},
    DTypeInfo{DType::int32, "int32", "<i4", 4},     DTypeInfo{DType::int64, "int64", "<i8", 8},
    DTypeInfo{DType::float64, "float64", "<f8", 8},
};

const DTypeInfo& info(DType dtype) { return kDTypes[static_cast<std::size_t>(dtype)]; }

constexpr std::string_view kMagic{"\x93NUMPY", 6};

/// Reads the header's Python dictionary literal: exactly the keys descr, fortran_order and shape.
class HeaderParser {
 public:
  explicit HeaderParser(std::string_view text) : text_(text) {}

  std::string parse(NpyArray& out) {
    if (!take('{')) return "its header is not a dictionary";
    bool descr = false;
    bool order = false;
    bool shape = false;
    while (!take('}')) {
      std::string_view key;
      if (!quoted(key) || !take(':')) return "its header cannot be read";
      std::string error;
      if (key == "descr" && !descr) {
        descr = true;
        error = parse_descr(out);
      } else if (key == "fortran_order" && !order) {
        order = true;
        error = parse_order();
      } else if (key == "shape" && !shape) {
        shape = true;
        error = parse_shape(out);
      } else {
        error = fmt::format("its header has an unexpected key '{}'", key);
      }
      if (!error.empty()) return error;
      if (!take(',') && peek() != '}') return "its header cannot be read";
    }
    if (!descr || !order || !shape) return "its header lacks descr, fortran_order or shape";
    skip_space();
    return at_ == text_.size() ? "" : "its header has text after the dictionary";
  }

 private:
  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
  }
  char peek() {
    skip_space();
    return at_ < text_.size() ? text_[at_] : '\0';
  }
  bool take(char wanted) {
    if (peek() != wanted) return false;
    ++at_;
    return true;
  }
  bool word(std::string_view wanted) {
    skip_space();
    if (text_.substr(at_, wanted.size()) != wanted) return false;
    at_ += wanted.size();
    return true;
  }
  bool quoted(std::string_view& out) {
    const char quote = peek();
    if (quote != '\'' && quote != '"') return false;
    const auto end = text_.find(quote, at_ + 1);
    if (end == std::string_view::npos) return false;
    out = text_.substr(at_ + 1, end - at_ - 1);
    at_ = end + 1;
    return true;
  }
  std::string parse_descr(NpyArray& out) {
    std::string_view descr;
    if (!quoted(descr)) return "its dtype is not a simple one";
    for (const auto& entry : kDTypes) {
      if (descr.empty() || descr.substr(1) != entry.descr.substr(1)) continue;
      // One byte has no order; more than one must be little-endian.
      if (descr[0] == entry.descr[0] || (entry.size == 1 && (descr[0] == '<' || descr[0] == '='))) {
        out.dtype = entry.dtype;
        return "";
      }
    }
    return fmt::format(
        "dtype '{}' is not supported (little-endian int8, uint8, int16, uint16, int32, int64, float64 are)",
        descr.substr(0, 16));
  }
  std::string parse_order() {
    if (word("False")) return "";
    return word("True") ? "it is in Fortran order; save it in C order" : "its header cannot be read";
  }
  std::string parse_shape(NpyArray& out) {
    if (!take('(')) return "its shape cannot be read";
    while (!take(')')) {
      std::uint64_t extent = 0;
      bool digits = false;
      for (char c = peek(); c >= '0' && c <= '9'; c = at_ < text_.size() ? text_[at_] : '\0') {
        extent = extent * 10 + static_cast<std::uint64_t>(c - '0');
        if (extent > kLargestNpyFile) return "its shape is too large";
        digits = true;
        ++at_;
      }
      if (!digits || out.shape.size() >= 8) return "its shape cannot be read";
      out.shape.push_back(static_cast<std::int64_t>(extent));
      if (!take(',') && peek() != ')') return "its shape cannot be read";
    }
    return "";
  }

  std::string_view text_;
  std::size_t at_ = 0;
};

/// Bytes that the header's dtype and shape stand for, or false when that is more than any file may hold.
bool payload_size(const NpyArray& array, std::uint64_t& out) {
  out = dtype_size(array.dtype);
  for (const std::int64_t extent : array.shape) {
    if (extent == 0) {
      out = 0;
      return true;
    }
    if (out > kLargestNpyFile / static_cast<std::uint64_t>(extent)) return false;
    out *= static_cast<std::uint64_t>(extent);
  }
  return true;
}

template <class From, class To>
std::vector<To> convert(const std::vector<char>& data) {
  std::vector<To> out(data.size() / sizeof(From));
  for (std::size_t i = 0; i < out.size(); ++i) {
    From value;
    std::memcpy(&value, data.data() + i * sizeof(From), sizeof(From));
    out[i] = static_cast<To>(value);
  }
  return out;
}

}  // namespace

std::string_view dtype_name(DType dtype) { return info(dtype).name; }
std::size_t dtype_size(DType dtype) { return info(dtype).size; }

bool parse_dtype(std::string_view name, DType& out) {
  for (const auto& entry : kDTypes) {
    if (entry.name == name) {
      out = entry.dtype;
      return true;
    }
  }
  return false;
}

std::int64_t NpyArray::size() const {
  std::int64_t n = 1;
  for (const std::int64_t extent : shape) n *= extent;
  return n;
}

template <class T>
std::vector<T> NpyArray::as() const {
  switch (dtype) {
    case DType::int8:
      return convert<std::int8_t, T>(data);
    case DType::uint8:
      return convert<std::uint8_t, T>(data);
    case DType::int16:
      return convert<std::int16_t, T>(data);
    case DType::uint16:
      return convert<std::uint16_t, T>(data);
    case DType::int32:
      return convert<std::int32_t, T>(data);
    case DType::int64:
      return convert<std::int64_t, T>(data);
    case DType::float64:
      return convert<double, T>(data);
  }
  return {};
}

template std::vector<std::int16_t> NpyArray::as() const;
template std::vector<std::int32_t> NpyArray::as() const;
template std::vector<std::int64_t> NpyArray::as() const;
template std::vector<double> NpyArray::as() const;

std::string parse_npy(std::span<const char> bytes, NpyArray& out) {
  out = {};
  const std::string_view text(bytes.data(), bytes.size());
  if (text.size() < 10 || text.substr(0, kMagic.size()) != kMagic) return "it is not a .npy file";
  const auto byte = [&](std::size_t i) { return static_cast<std::uint8_t>(text[i]); };
  const int version = byte(6);
  if (version < 1 || version > 3 || byte(7) != 0) {
    return fmt::format(".npy format {}.{} is not supported", version, byte(7));
  }
  const std::size_t length_size = version == 1 ? 2 : 4;
  if (text.size() < 8 + length_size) return "it is truncated";
  std::size_t header_length = 0;
  for (std::size_t i = 0; i < length_size; ++i) header_length |= std::size_t{byte(8 + i)} << (8 * i);
  const std::size_t start = 8 + length_size;
  if (header_length > text.size() - start) return "it is truncated";
  if (std::string error = HeaderParser(text.substr(start, header_length)).parse(out); !error.empty())
    return error;
  std::uint64_t payload = 0;
  if (!payload_size(out, payload)) return fmt::format("its shape {} is too large", shape_text(out.shape));
  const std::uint64_t present = text.size() - start - header_length;
  if (present != payload) {
    return fmt::format("it is {}: {} of {} bytes of data are there",
                       present < payload ? "truncated" : "too long", present, payload);
  }
  out.data.assign(bytes.begin() + static_cast<std::ptrdiff_t>(start + header_length), bytes.end());
  return "";
}

std::string read_npy(const std::filesystem::path& path, NpyArray& out) {
  std::error_code ec;
  if (!std::filesystem::is_regular_file(path, ec)) return "there is no such file";
  const auto size = std::filesystem::file_size(path, ec);
  if (ec) return ec.message();
  if (size > kLargestNpyFile) return "it is larger than 4 GiB";
  std::ifstream in(path, std::ios::binary);
  std::vector<char> bytes(static_cast<std::size_t>(size));
  if (!in || !in.read(bytes.data(), static_cast<std::streamsize>(bytes.size()))) return "it cannot be read";
  return parse_npy(bytes, out);
}

void write_npy(const std::filesystem::path& path, DType dtype, std::span<const std::int64_t> shape,
               std::span<const char> data) {
  std::string header = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': {}, }}",
                                   info(dtype).descr, shape_text(shape));
  // NumPy aligns the data to 64 bytes.
  const std::size_t unpadded = 10 + header.size() + 1;
  header.append((64 - unpadded % 64) % 64, ' ');
  header.push_back('\n');
  errno = 0;
  std::ofstream out(path, std::ios::binary);
  out << kMagic << '\1' << '\0' << static_cast<char>(header.size() & 0xFF)
      << static_cast<char>(header.size() >> 8) << header;
  out.write(data.data(), static_cast<std::streamsize>(data.size()));
  out.close();
  if (!out) throw cannot_write(path, errno);
}

std::string shape_text(std::span<const std::int64_t> shape) {
  return fmt::format("({}{})", fmt::join(shape, ", "), shape.size() == 1 ? "," : "");
}

}  // namespace squeezebar
