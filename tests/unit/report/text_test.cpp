// SPDX-License-Identifier: Apache-2.0
#include <limits>

#include "sim/report/number_text.h"
#include "sim/report/summary_text.h"
#include "sim/report/text_table.h"
#include "tests/catch.h"
#include "tests/unit/report/sample_result.h"

namespace squeezebar::test {
namespace {

TEST_CASE("numbers for people") {
  CHECK(count_text(std::uint64_t{0}) == "0");
  CHECK(count_text(std::uint64_t{999}) == "999");
  CHECK(count_text(std::uint64_t{1234567}) == "1,234,567");
  CHECK(count_text(std::int64_t{-12345}) == "-12,345");
  CHECK(count_text(std::numeric_limits<std::int64_t>::min()) == "-9,223,372,036,854,775,808");
  CHECK(rough_count_text(950) == "950");
  CHECK(rough_count_text(12345) == "12.3 thousand");
  CHECK(rough_count_text(999999) == "1 million");
  CHECK(rough_count_text(4.5e9) == "4.5 billion");
  CHECK(percent_text(0.0) == "0 %");
  CHECK(percent_text(0.00012) == "0.012 %");
  CHECK(percent_text(0.9883) == "98.83 %");
  CHECK(counted(1, "image", "images") == "1 image");
  CHECK(counted(2000, "image", "images") == "2,000 images");
  CHECK_FALSE(fraction_of(1.0, 0.0));
}

TEST_CASE("tables are aligned by characters and have no blanks at line ends") {
  TextTable table({Align::left, Align::right, Align::left});
  table.row({"name", "count", "unit"});
  table.rule();
  table.row({"\u00b5", "12"});
  table.row({"longer", "3", "x"});
  CHECK(table.text() ==
        "name    count  unit\n"
        "------  -----  ----\n"
        "\u00b5          12\n"
        "longer      3  x\n");
  CHECK(TextTable({Align::left}).text().empty());
}

TEST_CASE("the summary tells cost, values and notes") {
  const std::string text = summary_text(sample_result());
  for (const char* part : {"digits-p70, 599 images", "bit_sliced mapping, magnitude signs",
                           "3.2 ms (3,840,000 cycles)", "187 thousand images/s", "accuracy (top 1)",
                           "98.83 %", "31.25 dB", "optimistic: sign is free", "linear", "weight error",
                           "index storage", "permutation 4,431", "row masks 633", "stalled, of the time"}) {
    CHECK_THAT(text, ContainsSubstring(part));
  }
}

TEST_CASE("the summary of a run without timing tells so") {
  const std::string text = summary_text(sample_values_result());
  CHECK_THAT(text, ContainsSubstring("none (function: values)"));
  CHECK(text.find("energy") == std::string::npos);
}

}  // namespace
}  // namespace squeezebar::test
