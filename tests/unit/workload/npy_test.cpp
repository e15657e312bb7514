// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/npy.h"

#include <cstring>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>

#include <fmt/format.h>
#include <rapidcheck.h>

#include "tests/catch.h"

namespace squeezebar::test {
namespace {

const std::filesystem::path kFolder = std::filesystem::temp_directory_path();

std::string file(const std::string& header, const std::string& payload, int major = 1, int minor = 0) {
  std::string out = "\x93NUMPY";
  out += static_cast<char>(major);
  out += static_cast<char>(minor);
  for (int i = 0; i < (major == 1 ? 2 : 4); ++i) out += static_cast<char>((header.size() >> (8 * i)) & 0xFF);
  out += header;
  out += payload;
  return out;
}

std::string header(const std::string& descr, const std::string& shape, const std::string& order = "False") {
  return fmt::format("{{'descr': '{}', 'fortran_order': {}, 'shape': {}, }}\n", descr, order, shape);
}

/// The reader's complaint, or empty.
std::string complaint(const std::string& bytes) {
  NpyArray array;
  return parse_npy(bytes, array);
}

struct Fault {
  const char* what;
  std::string bytes;
  const char* complaint;
};

TEST_CASE("malformed .npy bytes are refused with a reason") {
  const std::string good = file(header("<i2", "(2,)"), "abcd");
  REQUIRE(complaint(good).empty());
  const std::vector<Fault> faults{
      {"nothing", "", "not a .npy file"},
      {"only the magic", good.substr(0, 8), "not a .npy file"},
      {"wrong magic", fmt::format("\x94{}", good.substr(1)), "not a .npy file"},
      {"version 0", file(header("<i2", "(2,)"), "abcd", 0), ".npy format 0.0 is not supported"},
      {"version 4", file(header("<i2", "(2,)"), "abcd", 4), ".npy format 4.0 is not supported"},
      {"version 1.1", file(header("<i2", "(2,)"), "abcd", 1, 1), ".npy format 1.1 is not supported"},
      {"header cut off", good.substr(0, 30), "truncated"},
      {"header length beyond the file", std::string("\x93NUMPY\1\0\xFF\xFF{", 11), "truncated"},
      {"version 2 without its length", std::string("\x93NUMPY\2\0\0\0", 10), "truncated"},
      {"one byte short", good.substr(0, good.size() - 1), "truncated: 3 of 4 bytes of data are there"},
      {"one byte long", fmt::format("{}x", good), "too long: 5 of 4 bytes of data are there"},
      {"Fortran order", file(header("<i2", "(2,)", "True"), "abcd"), "Fortran order"},
      {"order is no boolean", file(header("<i2", "(2,)", "0"), "abcd"), "header cannot be read"},
      {"big-endian", file(header(">i2", "(2,)"), "abcd"), "dtype '>i2' is not supported"},
      {"float32", file(header("<f4", "(1,)"), "abcd"), "dtype '<f4' is not supported"},
      {"objects", file(header("|O", "(1,)"), "abcd"), "dtype '|O' is not supported"},
      {"empty dtype", file(header("", "(2,)"), "abcd"), "dtype '' is not supported"},
      {"one letter as dtype", file(header("<", "(2,)"), "abcd"), "dtype '<' is not supported"},
      {"structured dtype",
       file("{'descr': [('a', '<i2')], 'fortran_order': False, 'shape': (2,), }\n", "abcd"),
       "dtype is not a simple one"},
      {"no dictionary", file("descr\n", "abcd"), "header is not a dictionary"},
      {"empty header", file("", "abcd"), "header is not a dictionary"},
      {"missing shape", file("{'descr': '<i2', 'fortran_order': False}\n", "abcd"), "lacks descr"},
      {"key given twice",
       file("{'descr': '<i2', 'descr': '<i2', 'fortran_order': False, 'shape': (2,)}\n", "abcd"),
       "unexpected key 'descr'"},
      {"unknown key", file("{'descr': '<i2', 'order': False, 'shape': (2,)}\n", "abcd"),
       "unexpected key 'order'"},
      {"unclosed key", file("{'descr", "abcd"), "header cannot be read"},
      {"unclosed dictionary", file("{'descr': '<i2', ", "abcd"), "header cannot be read"},
      {"missing comma", file("{'descr': '<i2' 'fortran_order': False, 'shape': (2,)}\n", "abcd"),
       "header cannot be read"},
      {"text after the dictionary", file(fmt::format("{}x", header("<i2", "(2,)")), "abcd"),
       "text after the dictionary"},
      {"shape is a list", file(header("<i2", "[2]"), "abcd"), "shape cannot be read"},
      {"shape has a sign", file(header("<i2", "(-2,)"), "abcd"), "shape cannot be read"},
      {"shape has no number", file(header("<i2", "(,)"), "abcd"), "shape cannot be read"},
      {"shape is not closed", file(header("<i2", "(2, "), "abcd"), "shape cannot be read"},
      {"nine dimensions", file(header("<i2", "(1, 1, 1, 1, 1, 1, 1, 1, 2)"), "abcd"), "shape cannot be read"},
      {"extent beyond 64 bits", file(header("<i2", "(99999999999999999999,)"), "abcd"), "shape is too large"},
      {"more than a file may hold", file(header("<i8", "(4294967296, 4294967296)"), "abcd"), "is too large"},
      {"eight huge extents",
       file(header("|i1", "(65536, 65536, 65536, 65536, 65536, 65536, 65536, 65536)"), ""), "is too large"},
      {"more than is there", file(header("<i2", "(2000000000,)"), "abcd"),
       "truncated: 4 of 4000000000 bytes"},
  };
  for (const Fault& fault : faults) {
    INFO(fault.what);
    NpyArray array;
    CHECK_THAT(parse_npy(fault.bytes, array), ContainsSubstring(fault.complaint));
    CHECK(array.data.capacity() == 0);  // nothing is allocated for a claim that does not hold
  }
}

TEST_CASE("every cut of a .npy file is noticed") {
  const std::string good = file(header("<i4", "(2, 3)"), std::string(24, 'x'));
  REQUIRE(complaint(good).empty());
  for (std::size_t n = 0; n < good.size(); ++n) CHECK_FALSE(complaint(good.substr(0, n)).empty());
}

TEST_CASE("headers may be written in any way that means the same") {
  for (const std::string& text :
       {header("<i2", "(2,)"), header("<i2", "( 2 )"), fmt::format("{}   \n\n", header("<i2", "(1, 2)")),
        std::string("{\"shape\":(2,1),\"fortran_order\":False,\"descr\":\"<i2\"}")}) {
    INFO(text);
    for (const int version : {1, 2, 3}) CHECK(complaint(file(text, "abcd", version)).empty());
  }
  NpyArray scalar;
  CHECK(parse_npy(file(header("<i2", "()"), "\x05\xFF"), scalar).empty());
  CHECK(scalar.shape.empty());
  CHECK(scalar.size() == 1);
  CHECK(scalar.as<std::int32_t>() == std::vector<std::int32_t>{-251});
  NpyArray empty;
  CHECK(parse_npy(file(header("<f8", "(0, 4294967296)"), ""), empty).empty());
  CHECK(empty.size() == 0);
}

TEST_CASE("arbitrary bytes never crash the .npy reader") {
  const std::string good = file(header("<i2", "(2,)"), "abcd");
  CHECK(rc::check("changed bytes", [&] {
    std::string bytes = good;
    for (int n = *rc::gen::inRange(1, 6); n > 0; --n) {
      bytes[*rc::gen::inRange<std::size_t>(0, bytes.size())] = *rc::gen::arbitrary<char>();
    }
    NpyArray array;
    if (!parse_npy(bytes, array).empty()) return;
    RC_ASSERT(array.data.size() == static_cast<std::size_t>(array.size()) * dtype_size(array.dtype));
  }));
}

TEST_CASE("what is written is read back") {
  const auto path = kFolder / "squeezebar_unit_workload_round_trip.npy";
  for (const DType dtype :
       {DType::int8, DType::uint8, DType::int16, DType::uint16, DType::int32, DType::int64, DType::float64}) {
    DType parsed{};
    REQUIRE(parse_dtype(dtype_name(dtype), parsed));
    CHECK(parsed == dtype);
    for (const std::vector<std::int64_t>& shape : {std::vector<std::int64_t>{},
                                                   {0},
                                                   {7},
                                                   {2, 3},
                                                   {2, 0, 4},
                                                   {1, 2, 3, 4, 5},
                                                   {1, 1, 1, 1, 1, 1, 1, 2}}) {
      INFO(dtype_name(dtype) << ' ' << shape_text(shape));
      std::int64_t values = 1;
      for (const auto extent : shape) values *= extent;
      std::string data;
      for (std::size_t i = 0; i < static_cast<std::size_t>(values) * dtype_size(dtype); ++i)
        data += static_cast<char>(37 * i);
      write_npy(path, dtype, shape, data);
      NpyArray array;
      CHECK(read_npy(path, array) == "");
      CHECK(array.dtype == dtype);
      CHECK(array.shape == shape);
      CHECK(std::string(array.data.begin(), array.data.end()) == data);
      // NumPy wants the data at a multiple of 64 bytes.
      CHECK((std::filesystem::file_size(path) - data.size()) % 64 == 0);
    }
  }
  std::filesystem::remove(path);
}

TEST_CASE("values keep their meaning in every type") {
  const auto converted = [](DType dtype, const auto& values) {
    NpyArray array{dtype, {static_cast<std::int64_t>(values.size())}, {}};
    array.data.resize(values.size() * sizeof(values[0]));
    std::memcpy(array.data.data(), values.data(), array.data.size());
    return array.as<double>();
  };
  CHECK(converted(DType::int8, std::vector<std::int8_t>{-128, 127}) == std::vector<double>{-128, 127});
  CHECK(converted(DType::uint8, std::vector<std::uint8_t>{0, 255}) == std::vector<double>{0, 255});
  CHECK(converted(DType::int16, std::vector<std::int16_t>{-32768, 32767}) ==
        std::vector<double>{-32768, 32767});
  CHECK(converted(DType::uint16, std::vector<std::uint16_t>{65535}) == std::vector<double>{65535});
  CHECK(converted(DType::int32, std::vector<std::int32_t>{-2147483647, 5}) ==
        std::vector<double>{-2147483647, 5});
  CHECK(converted(DType::int64, std::vector<std::int64_t>{-(1LL << 53)}) ==
        std::vector<double>{-9007199254740992.0});
  CHECK(converted(DType::float64, std::vector<double>{0.1, -1e300}) == std::vector<double>{0.1, -1e300});
}

TEST_CASE("files that NumPy made are read") {
  const std::filesystem::path folder = SQUEEZEBAR_SOURCE_DIR "/workloads/digits";
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
    if (entry.path().extension() != ".npy") continue;
    INFO(entry.path());
    NpyArray array;
    CHECK(read_npy(entry.path(), array) == "");
    CHECK(array.data.size() == static_cast<std::size_t>(array.size()) * dtype_size(array.dtype));
    ++files;
  }
  CHECK(files >= 4 * 20);
}

TEST_CASE("what is no readable file is refused") {
  NpyArray array;
  CHECK(read_npy(kFolder / "squeezebar_there_is_no_such.npy", array) == "there is no such file");
  CHECK(read_npy(kFolder, array) == "there is no such file");
  const auto huge = kFolder / "squeezebar_unit_workload_huge.npy";
  std::ofstream{huge};
  std::filesystem::resize_file(huge, kLargestNpyFile + 1);  // sparse
  CHECK(read_npy(huge, array) == "it is larger than 4 GiB");
  std::filesystem::remove(huge);
}

TEST_CASE("a tensor that cannot be written is an error") {
  const std::string data(1 << 20, 'x');
  const std::vector<std::int64_t> shape{1 << 20};
  CHECK_THROWS_AS(write_npy(kFolder / "squeezebar_no_such_folder" / "a.npy", DType::int8, shape, data),
                  std::runtime_error);
  if (std::filesystem::exists("/dev/full")) {
    CHECK_THROWS_AS(write_npy("/dev/full", DType::int8, shape, data), std::runtime_error);
  }
}

}  // namespace
}  // namespace squeezebar::test
