// SPDX-License-Identifier: Apache-2.0
#include "tests/catch.h"
#include "tests/unit/base/test_sections.h"

namespace squeezebar::test {
namespace {

const std::string kVariants = std::string(kGood) + R"(
variants:
  short: {run: {label: brief}}
  plain:
)";

TEST_CASE("a config's name may end in a variant", "[config]") {
  CHECK(ConfigName::parse("a/b.yaml").variant.empty());
  CHECK(ConfigName::parse("a/b.yaml#x").file == "a/b.yaml");
  CHECK(ConfigName::parse("a/b.yml#x").variant == "x");
  CHECK(ConfigName::parse("a#b.yaml").file == "a#b.yaml");
  CHECK(ConfigName::parse("a.yaml#b.yaml#c").file == "a.yaml#b.yaml");
  CHECK(ConfigName::parse("a.yaml#").file == "a.yaml#");
}

TEST_CASE("a variant wins over the file, an override over the variant", "[config]") {
  const auto label = [](const std::string& name, const std::vector<std::string>& overrides) {
    Diagnostics diagnostics;
    const Config config = load({{"top.yaml", kVariants}}, overrides, diagnostics, name);
    INFO(diagnostics.text());
    REQUIRE(config.valid());
    return config.text("run.label");
  };
  const std::string plain = label("top.yaml", {});
  CHECK(label("top.yaml#plain", {}) == plain);
  CHECK(label("top.yaml#short", {}) == "brief");
  CHECK(label("top.yaml#short", {"run.label=own"}) == "own");
}

TEST_CASE("a variant may include files of its own", "[config]") {
  const std::string text = std::string(kGood) + "variants: {a: {include: [chip.yaml], run: {label: mine}}}\n";
  Diagnostics diagnostics;
  const Config config =
      load({{"top.yaml", text}, {"chip.yaml", "crossbar: {rows: 64}\nrun: {label: theirs}\n"}}, {},
           diagnostics, "top.yaml#a");
  INFO(diagnostics.text());
  REQUIRE(config.valid());
  CHECK(config.text("crossbar.rows") == "64");
  CHECK(config.text("run.label") == "mine");
}

TEST_CASE("what is wrong with variants is told with its place", "[config]") {
  const auto told = [](const std::string& name, const std::string& text) {
    Diagnostics diagnostics;
    load({{"top.yaml", text}, {"inner.yaml", kVariants}}, {}, diagnostics, name);
    return diagnostics.text();
  };
  CHECK_THAT(told("top.yaml#x", kVariants),
             ContainsSubstring("there is no variant 'x'; it has short and plain"));
  CHECK_THAT(told("top.yaml#x", kGood), ContainsSubstring("there is no variant 'x'; the file has none"));
  CHECK_THAT(told("top.yaml#a", std::string(kGood) + "variants: {a: {runn: {}}}\n"),
             ContainsSubstring("unknown section 'runn'; did you mean 'run'?"));
  CHECK_THAT(told("top.yaml", "version: 1\ninclude: [inner.yaml]\n"),
             ContainsSubstring("an included file cannot have variants"));
  CHECK_THAT(told("top.yaml", std::string(kGood) + "variants: {a: 3}\n"),
             ContainsSubstring("'a' must be a map of sections"));
  CHECK_THAT(told("top.yaml", std::string(kGood) + "variants: {}\n"),
             ContainsSubstring("must be a map of names"));
}

}  // namespace
}  // namespace squeezebar::test
