// SPDX-License-Identifier: Apache-2.0
#include "sim/base/units.h"

#include <bit>
#include <cmath>
#include <stdexcept>

#include <fmt/core.h>
#include <rapidcheck.h>
#include <regex.h>

#include "sim/base/unit_table.h"
#include "tests/catch.h"

namespace squeezebar {
namespace {

constexpr Dimension kDimensions[] = {Dimension::none,   Dimension::time,     Dimension::frequency,
                                     Dimension::energy, Dimension::power,    Dimension::area,
                                     Dimension::length, Dimension::capacity, Dimension::bandwidth};

std::string error_of(std::string_view text, Dimension dimension) {
  return parse_quantity(text, dimension).error;
}

double any_double() {
  const double value = std::bit_cast<double>(*rc::gen::arbitrary<std::uint64_t>());
  RC_PRE(std::isfinite(value));
  return value == 0.0 ? 0.0 : value;
}

TEST_CASE("a quantity is the double nearest to its decimal text") {
  CHECK(quantity<Time>("100 ns").si() == 1e-7);
  CHECK(quantity<Time>("100ns").si() == 1e-7);
  CHECK(quantity<Frequency>("1.28 GHz").si() == 1.28e9);
  CHECK(quantity<Energy>("0.535 pJ").si() == 0.535e-12);
  CHECK(quantity<Power>("-3e2 uW").si() == -3e-4);
  CHECK(quantity<Area>("0.00024 mm2").si() == 2.4e-10);
  CHECK(quantity<Length>("32 nm").si() == 32e-9);
  CHECK(quantity<Bandwidth>("1.5 GB/s").si() == 1.5e9);
  CHECK(quantity<Capacity>("64 KB").si() == 65536.0);
  CHECK(quantity<Capacity>("1.5 GB").si() == 1.5 * 1024 * 1024 * 1024);
  CHECK(quantity<Time>("12.5E+2 ps").si() == 1.25e-9);
  CHECK(quantity<Time>("-0 s").si() == 0.0);
  CHECK_FALSE(std::signbit(quantity<Time>("-0 s").si()));
}

TEST_CASE("micro and square may be written with their own signs") {
  CHECK(quantity<Time>("3 \u00b5s") == 3_us);
  CHECK(quantity<Time>("3 \u03bcs") == 3_us);
  CHECK(quantity<Area>("3 \u00b5m\u00b2") == 3_um2);
}

/// The patterns are POSIX extended regular expressions as well as those of ECMA 262.
class Pattern {
 public:
  explicit Pattern(const std::string& text) {
    REQUIRE(regcomp(&regex_, text.c_str(), REG_EXTENDED | REG_NOSUB) == 0);
  }
  ~Pattern() { regfree(&regex_); }
  Pattern(const Pattern&) = delete;
  Pattern& operator=(const Pattern&) = delete;
  bool matches(const std::string& text) const { return regexec(&regex_, text.c_str(), 0, nullptr, 0) == 0; }

 private:
  regex_t regex_{};
};

/// Every way to write a unit: its signs may be those of its name or their aliases.
std::vector<std::string> spellings(std::string_view name) {
  std::vector<std::string> out{""};
  for (const char c : name) {
    std::vector<std::string> signs{std::string(1, c)};
    if (c == 'u') signs.insert(signs.end(), {"\u00b5", "\u03bc"});
    if (c == '2') signs.emplace_back("\u00b2");
    std::vector<std::string> longer;
    for (const std::string& start : out) {
      for (const std::string& sign : signs) longer.push_back(start + sign);
    }
    out = std::move(longer);
  }
  return out;
}

TEST_CASE("every unit in each of its spellings is read, and what is written for it reads back") {
  for (const UnitName& unit : all_units()) {
    for (const std::string& name : spellings(unit.name)) {
      INFO(name);
      REQUIRE(find_written_unit(name) != nullptr);
      CHECK(find_written_unit(name)->name == unit.name);
      for (const std::string digits : {"1", "3", "0.25", "999", "1.7e3"}) {
        const double expected = std::stod(digits) * unit.size();
        for (const char* space : {"", " "}) {
          const ParsedNumber read = parse_quantity(digits + std::string(space).append(name), unit.dimension);
          REQUIRE(read.ok());
          CHECK(read.value == Approx(expected).epsilon(1e-15));
          CHECK(parse_quantity(format_quantity(read.value, unit.dimension), unit.dimension).value ==
                read.value);
        }
      }
      CHECK(Pattern(quantity_pattern(unit.dimension)).matches(fmt::format("3 {}", name)));
    }
  }
}

TEST_CASE("numbers are written in the unit in which they are short, and in no unit that is only read") {
  for (const UnitName& unit : all_units()) {
    const std::string text = format_quantity(2.0 * unit.size(), unit.dimension);
    INFO(unit.name);
    if (!unit.only_read) CHECK(text == fmt::format("2 {}", unit.name));
    for (const UnitName& other : units_of(unit.dimension)) {
      if (other.only_read) CHECK_FALSE(text.ends_with(fmt::format(" {}", other.name)));
    }
  }
}

TEST_CASE("a number in another unit of its dimension measures the same") {
  for (const UnitName& from : all_units()) {
    for (const UnitName& to : units_of(from.dimension))
      CHECK(in_unit(3.0, from, to) * to.size() == Approx(3.0 * from.size()).epsilon(1e-15));
  }
}

TEST_CASE("binary prefixes are powers of 1024, in bandwidths too, where the others are powers of 1000") {
  CHECK(quantity<Capacity>("1 KiB") == 1_KB);
  CHECK(quantity<Capacity>("3 MiB") == 3_MB);
  CHECK(quantity<Capacity>("1.5 GiB") == 1.5_GB);
  CHECK(quantity<Bandwidth>("1 KiB/s").si() == 1024.0);
  CHECK(quantity<Bandwidth>("1 MiB/s").si() == 1048576.0);
  CHECK(quantity<Bandwidth>("1.5 GiB/s").si() == 1610612736.0);
  CHECK(quantity<Bandwidth>("1.5 GB/s").si() == 1.5e9);
  CHECK(format_quantity(quantity<Bandwidth>("1 KiB/s")) == "1.024 KB/s");
}

TEST_CASE("literals mean what the same text means in a config") {
  CHECK((100_ns).si() == 1e-7);
  CHECK((0.535_pJ).si() == 0.535e-12);
  CHECK((1'000_B).si() == 1000.0);
  CHECK((2_KBps).si() == 2000.0);
}

TEST_CASE("quantities combine by their dimensions") {
  CHECK((2_mW * 3_ns).si() == Approx(6e-12));
  CHECK((6_pJ / 3_ns).si() == Approx(2e-3));
  CHECK(10_ns * 2_GHz == Approx(20.0));
  CHECK((1.0 / 1_GHz).si() == Approx(1e-9));
  CHECK((1024_B / 1_KBps).si() == Approx(1.024));
  CHECK(1_ns < 2_ns);
  CHECK(3_ns / 2_ns == Approx(1.5));
  CHECK((2_ns + 1_ns - 4_ns).si() == Approx(-1e-9));
  CHECK(-(2_ns) == Time(-2e-9));
}

TEST_CASE("what is wrong with a quantity is said precisely") {
  CHECK(error_of("3", Dimension::time) == "needs a unit, e.g. '1.2 ns'");
  CHECK(error_of("3 pJ", Dimension::time) == "'pJ' is an energy unit, but this is a time, e.g. '1.2 ns'");
  CHECK(error_of("3 Ghz", Dimension::frequency) ==
        "unknown unit 'Ghz'; a frequency is given in Hz, kHz, MHz and GHz; did you mean 'GHz'?");
  CHECK(error_of("fast", Dimension::time) == "must be a time like '1.2 ns', not 'fast'");
  CHECK(error_of(".inf", Dimension::time) == "must be finite");
  CHECK(error_of("nan s", Dimension::time) == "must be finite");
  CHECK(error_of("010 ns", Dimension::time) == "leading zeros are not allowed ('010 ns')");
  CHECK(error_of("1e999 s", Dimension::time) ==
        "is too large or too small for a 64-bit floating-point number");
  CHECK(error_of("1e99999999999 s", Dimension::time) != "");
  CHECK(error_of("1.7e308 GB", Dimension::capacity) == "is too large for a 64-bit floating-point number");
  CHECK(parse_number("3 ns").error == "takes no unit, but '3 ns' is given");
  CHECK(parse_number(".inf").error == "must be a finite number");
  CHECK(parse_number("1.").error == "must be a number, not '1.'");
  CHECK(error_of("0,5 mW", Dimension::power) ==
        "'0,5 mW' has a comma; decimals follow a point ('0.5 mW'), and digits are not grouped");
  CHECK(parse_number("0,5").error ==
        "'0,5' has a comma; decimals follow a point ('0.5'), and digits are not grouped");
  CHECK(parse_number("1,000,000").error ==
        "'1,000,000' has a comma; decimals follow a point, and digits are not grouped");
  CHECK(parse_number("0x10").error == "must be a number, not '0x10'");
  CHECK(parse_number("").error == "must be a number, not ''");
  CHECK_THROWS_AS(quantity<Time>("3"), std::invalid_argument);
}

TEST_CASE("a quantity is written with a readable unit") {
  CHECK(format_quantity(100_ns) == "100 ns");
  CHECK(format_quantity(1.28_GHz) == "1.28 GHz");
  CHECK(format_quantity(0.535_pJ) == "535 fJ");
  CHECK(format_quantity(Energy(1e-20)) == "0.01 aJ");
  CHECK(format_quantity(Energy(1e-24)) == "1.0e-6 aJ");
  CHECK(format_quantity(Energy(1234.5)) == "1.2345 kJ");
  CHECK(format_quantity(0_mm2) == "0 um2");
  CHECK(format_quantity(0.23_mm2) == "0.23 mm2");
  CHECK(format_quantity(240_um2) == "240 um2");
  CHECK(format_quantity(64_KB) == "64 KB");
  CHECK(format_quantity(1000_B) == "1000 B");
  CHECK(format_quantity(1536_B) == "1536 B");
  CHECK(format_quantity(0_s) == "0 s");
  CHECK(format_number(1e20) == "1.0e+20");
  CHECK(format_number(0.1) == "0.1");
  CHECK(format_number(-8) == "-8");
  CHECK(format_rounded(Time(1.23456789e-7)) == "123.5 ns");
  CHECK(format_rounded(Time(9.9999e-7), 3) == "1 us");
  CHECK(format_rounded(INFINITY, Dimension::time) == "inf");
}

TEST_CASE("text of any double reads back to the identical double") {
  for (const Dimension dimension : kDimensions) {
    CHECK(rc::check(std::string(dimension_name(dimension)), [dimension] {
      const double value = any_double();
      const ParsedNumber read = parse_quantity(format_quantity(value, dimension), dimension);
      RC_ASSERT(read.ok());
      RC_ASSERT(read.value == value);
    }));
  }
}

TEST_CASE("the JSON Schema pattern accepts exactly what is written and read") {
  for (const Dimension dimension : kDimensions) {
    if (dimension == Dimension::none) continue;
    const Pattern pattern(quantity_pattern(dimension));
    CHECK(rc::check(std::string(dimension_name(dimension)), [dimension, &pattern] {
      RC_ASSERT(pattern.matches(format_quantity(any_double(), dimension)));
    }));
    CHECK(pattern.matches(std::string(example_quantity(dimension))));
    CHECK_FALSE(pattern.matches("3"));
    CHECK_FALSE(pattern.matches("03 " + std::string(si_unit(dimension))));
  }
  CHECK(Pattern(quantity_pattern(Dimension::area)).matches("3 \u00b5m\u00b2"));
}

TEST_CASE("no text crashes the reader of quantities") {
  CHECK(rc::check("arbitrary text", [] {
    const std::string text = *rc::gen::arbitrary<std::string>();
    for (const Dimension dimension : kDimensions) {
      const ParsedNumber number = parse_quantity(text, dimension);
      RC_ASSERT(!number.ok() || std::isfinite(number.value));
    }
  }));
}

}  // namespace
}  // namespace squeezebar
