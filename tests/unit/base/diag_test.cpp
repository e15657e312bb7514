// SPDX-License-Identifier: Apache-2.0
#include "sim/base/diag.h"

#include <sstream>

#include "tests/catch.h"

namespace squeezebar {
namespace {

TEST_CASE("messages are sorted by place, files in load order") {
  Diagnostics diagnostics;
  diagnostics.add_file("z.yaml");
  diagnostics.error({"a.yaml", 1, 1}, "k", "third");
  diagnostics.error({"z.yaml", 10, 2}, "", "second");
  diagnostics.warning({"z.yaml", 9, 30}, "adc.bits", "first");
  diagnostics.error({"a.yaml", 1, 1}, "k", "third");
  diagnostics.error({"--set a.b=1", 0, 0}, "a.b", "last");
  CHECK(diagnostics.text() ==
        "z.yaml:9:30: warning: adc.bits: first\n"
        "z.yaml:10:2: error: second\n"
        "a.yaml:1:1: error: k: third\n"
        "--set a.b=1: error: a.b: last\n");
  CHECK(diagnostics.has_errors());
  std::ostringstream out;
  diagnostics.print(out);
  CHECK(out.str() == diagnostics.text());
}

TEST_CASE("a message is one line of bounded length") {
  CHECK(to_string(Diagnostic{{"f", 1, 2}, Severity::error, "", "key 'a\nb\x7F'"}) ==
        "f:1:2: error: key 'a\\x0ab\\x7f'");
  Diagnostics diagnostics;
  diagnostics.error({"f", 0, 0}, "", std::string(1'000'000, 'x'));
  const std::string text = to_string(diagnostics.sorted().front());
  CHECK(text.size() == 1003);
  CHECK_THAT(text, Catch::Matchers::EndsWith("x..."));
}

TEST_CASE("merging keeps the order of files") {
  Diagnostics first, second;
  first.error({"b", 1, 1}, "", "x");
  second.warning({"c", 1, 1}, "", "y");
  second.error({"a", 1, 1}, "", "z");
  first.merge(second);
  CHECK(first.text() == "b:1:1: error: x\nc:1:1: warning: y\na:1:1: error: z\n");
  CHECK(first.error_count() == 2);
}

TEST_CASE("a warning is no error") {
  Diagnostics diagnostics;
  CHECK(diagnostics.empty());
  diagnostics.warning({}, "", "only this");
  CHECK_FALSE(diagnostics.has_errors());
  CHECK(diagnostics.text() == "warning: only this\n");
}

TEST_CASE("a user error says what its diagnostics say") {
  const UserError error({"f", 3, 0}, "k", "m");
  CHECK(std::string(error.what()) == "f:3: error: k: m");
  CHECK(error.diagnostics().error_count() == 1);
}

TEST_CASE("the nearest name is proposed, a far one is not") {
  const std::vector<std::string> names = {"bits", "energy_per_conversion", "rows", "GHz"};
  CHECK(nearest("bit", names) == "bits");
  CHECK(nearest("energy_per_converson", names) == "energy_per_conversion");
  CHECK(nearest("rwos", names) == "rows");
  CHECK(nearest("ghz", names) == "GHz");
  CHECK(nearest("columns", names).empty());
  CHECK(nearest("", names).empty());
  CHECK(nearest(std::string(1000, 'x'), names).empty());
  CHECK(nearest("x", {"y"}).empty());
  CHECK(did_you_mean("rwos", names) == "; did you mean 'rows'?");
}

TEST_CASE("names are joined as in a sentence") {
  CHECK(join_names({}).empty());
  CHECK(join_names({"a"}) == "a");
  CHECK(join_names({"a", "b", "c"}) == "a, b and c");
}

}  // namespace
}  // namespace squeezebar
