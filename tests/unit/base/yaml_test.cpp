// SPDX-License-Identifier: Apache-2.0
#include "sim/base/yaml.h"

#include <filesystem>
#include <fstream>

#include <fmt/core.h>
#include <rapidcheck.h>

#include "sim/base/text_check.h"
#include "tests/catch.h"

namespace squeezebar {
namespace {

YamlNode parse_good(const std::string& text) {
  Diagnostics diagnostics;
  const std::optional<YamlNode> node = parse_yaml(text, "f", diagnostics);
  INFO(diagnostics.text());
  REQUIRE(node);
  CHECK(diagnostics.empty());
  return *node;
}

std::string errors_of(const std::string& text) {
  Diagnostics diagnostics;
  parse_yaml(text, "f", diagnostics);
  CHECK(diagnostics.has_errors());
  return diagnostics.text();
}

YamlNode scalar(const std::string& text) {
  YamlNode node;
  node.kind = YamlNode::Kind::scalar;
  node.text = text;
  return node;
}

TEST_CASE("places count from one") {
  const YamlNode root = parse_good("a: 1\nmap:\n  key: [x, 'y z']\n");
  REQUIRE(root.is_map());
  const YamlEntry* map = root.find("map");
  REQUIRE(map != nullptr);
  CHECK(to_string(map->key_place) == "f:2:1");
  const YamlNode* list = map->value.value("key");
  REQUIRE(list != nullptr);
  CHECK(to_string(list->place) == "f:3:8");
  REQUIRE(list->items.size() == 2);
  CHECK(list->items[1].text == "y z");
  CHECK(list->items[1].quoted);
  CHECK(to_string(list->items[1].place) == "f:3:12");
  CHECK(root.find("none") == nullptr);
  CHECK(root.value("none") == nullptr);
}

TEST_CASE("anchors and aliases work, at the alias's place") {
  const YamlNode root = parse_good("a: &x {k: 1}\nb: *x\n");
  const YamlNode* b = root.value("b");
  REQUIRE(b != nullptr);
  REQUIRE(b->value("k") != nullptr);
  CHECK(b->value("k")->text == "1");
  CHECK(to_string(b->place) == "f:2:4");
}

TEST_CASE("what YAML allows and we do not") {
  CHECK(errors_of("a: 1\nb: 2\na: 3\na: 4\n") ==
        "f:3:1: error: key 'a' given twice (first at line 1)\n"
        "f:4:1: error: key 'a' given twice (first at line 1)\n");
  CHECK(errors_of("m: {k: 1, k: 2}") == "f:1:11: error: m: key 'k' given twice (first at line 1)\n");
  CHECK(errors_of("a: &x {k: 1}\nb: {<<: *x}\n") ==
        "f:2:5: error: b: merge keys ('<<') are not supported; use include\n");
  CHECK(errors_of("a: 1\n---\nb: 2\n") == "f:2:1: error: only one YAML document per file is allowed\n");
  CHECK(errors_of("a: !!str 5\n").find("YAML tags are not allowed") != std::string::npos);
  CHECK(errors_of("? [a, b]\n: 1\n").find("a key must be a plain word") != std::string::npos);
  CHECK(errors_of("a: &a [*a]\n").find("inside its own anchor") != std::string::npos);
  CHECK(errors_of("x: &a 1\n*a : 2\n").find("an alias cannot be a key") != std::string::npos);
  CHECK(errors_of("~: 1\n").find("empty key") != std::string::npos);
}

TEST_CASE("the parser's own errors have a place") {
  CHECK_THAT(errors_of("a: [1, 2\nb: 3\n"),
             ContainsSubstring("f:") && ContainsSubstring("error: not valid YAML: "));
  CHECK_THAT(errors_of("a: b: c\n"), ContainsSubstring("f:1:5: error: not valid YAML: "));
  CHECK_THAT(errors_of("a: *missing\n"), ContainsSubstring("f:1:4: error: not valid YAML: "));
}

TEST_CASE("bytes that are no text are refused where they stand") {
  CHECK(errors_of("a: 1\n\tb: 2\n") == "f:2:1: error: a tab cannot be used for indentation\n");
  CHECK(errors_of(std::string("a: \0", 4)) == "f:1:4: error: control character 0x00 is not allowed\n");
  CHECK(errors_of("a: \xFF\xFE") == "f:1:4: error: byte 0xFF is not UTF-8 text\n");
  CHECK(errors_of("\x7F"
                  "ELF") == "f:1:1: error: control character 0x7F is not allowed\n");
  CHECK(parse_good("\xEF\xBB\xBF"
                   "a: 1\n")
            .find("a") != nullptr);
  CHECK(parse_good("a: 1\nb:\t2 \t# comment\n").find("b") != nullptr);
  CHECK(parse_good("a: \u00b5\r\nb: 1\r\n").value("a")->text == "\u00b5");
}

TEST_CASE("overlong and surrogate UTF-8 is refused") {
  CHECK(utf8_length("\xC0\x80") == 0);
  CHECK(utf8_length("\xE0\x80\x80") == 0);
  CHECK(utf8_length("\xED\xA0\x80") == 0);
  CHECK(utf8_length("\xF4\x90\x80\x80") == 0);
  CHECK(utf8_length("\xF0\x9F\x98\x80") == 4);
  CHECK(utf8_length("\xE2\x82") == 0);
  CHECK(utf8_length("") == 0);
}

TEST_CASE("size, depth and alias bombs are stopped") {
  std::string bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n";
  for (int i = 1; i < 10; ++i) {
    bomb += fmt::format("a{0}: &a{0} [*a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}, *a{1}]\n", i, i - 1);
  }
  CHECK_THAT(errors_of(bomb), ContainsSubstring("more than 250000 values (aliases expanded)"));
  CHECK_THAT(errors_of(std::string(65, '[') + std::string(65, ']')),
             ContainsSubstring("nested deeper than 64 levels"));
  std::string chain = "a0: &a0 [1]\n";
  for (int i = 1; i < 80; ++i) chain += fmt::format("a{0}: &a{0} [*a{1}]\n", i, i - 1);
  CHECK_THAT(errors_of(chain), ContainsSubstring("nested deeper than 64 levels"));
  CHECK_THAT(errors_of(std::string(kYamlMaxBytes + 1, ' ')), ContainsSubstring("larger than 16 MiB"));
}

TEST_CASE("an empty document is null") {
  CHECK(parse_good("").is_null());
  CHECK(parse_good("# only a comment\n").is_null());
}

TEST_CASE("whole numbers are read strictly") {
  CHECK(scalar_int(scalar("-12")).value == -12);
  CHECK(scalar_int(scalar("0")).value == 0);
  CHECK(scalar_int(scalar("9223372036854775807")).ok());
  CHECK(scalar_int(scalar("9223372036854775808")).error == "'9223372036854775808' does not fit 64 bits");
  CHECK(scalar_int(scalar("010")).error == "leading zeros are not allowed ('010')");
  CHECK(scalar_int(scalar("0o10")).error == "must be a decimal whole number, not '0o10'");
  CHECK(scalar_int(scalar("0x1F")).error == "must be a decimal whole number, not '0x1F'");
  CHECK(scalar_int(scalar("1e3")).error == "must be a whole number, not '1e3'");
  CHECK(scalar_int(scalar("2.5")).error == "must be a whole number, not '2.5'");
  CHECK(scalar_int(scalar("+5")).error == "must be a whole number, not '+5'");
  CHECK(scalar_int(scalar("1_000")).error == "must be a whole number, not '1_000'");
  CHECK(scalar_int(scalar("8 ns")).error == "takes no unit, but '8 ns' is given");
  CHECK(scalar_int(scalar(".nan")).error == "must be a finite number");
  YamlNode quoted = scalar("8");
  quoted.quoted = true;
  CHECK(scalar_int(quoted).error == "must be a whole number, not text in quotes");
  CHECK(scalar_int(YamlNode{}).error == "needs a value (a whole number)");
  CHECK(scalar_int(parse_good("[1]")).error == "must be a whole number, not a list");
  CHECK(scalar_int(parse_good("{a: 1}")).error == "must be a whole number, not a map");
}

TEST_CASE("booleans are only true and false") {
  CHECK(scalar_bool(scalar("true")).value);
  CHECK_FALSE(scalar_bool(scalar("false")).value);
  for (const char* text : {"yes", "On", "TRUE", "True", "1", "no"})
    CHECK_FALSE(scalar_bool(scalar(text)).ok());
}

TEST_CASE("quoted text reads back as itself") {
  for (const char* text :
       {"plain", "null", "yes", "", "1", "a b", "../x", "a: b", "# no", "\"q\"\\", "tab\there", "\u00e9"}) {
    const YamlNode node = parse_good("k: " + yaml_quote(text));
    REQUIRE(node.value("k") != nullptr);
    CHECK(node.value("k")->text == text);
    CHECK(node.value("k")->is_scalar());
  }
  CHECK(yaml_quote("configs/chip.yaml") == "configs/chip.yaml");
  CHECK(rc::check("printable and control characters", [] {
    const std::string text = *rc::gen::container<std::string>(rc::gen::inRange<char>(1, 127));
    Diagnostics diagnostics;
    const std::optional<YamlNode> node = parse_yaml("k: " + yaml_quote(text) + "\n", "f", diagnostics);
    RC_ASSERT(node.has_value());
    RC_ASSERT(node->value("k")->text == text);
  }));
}

TEST_CASE("files that cannot be read say why") {
  Diagnostics diagnostics;
  CHECK_FALSE(load_yaml("/nonexistent/x.yaml", diagnostics));
  CHECK_FALSE(load_yaml(std::filesystem::temp_directory_path(), diagnostics));
  CHECK_FALSE(read_text_file("/dev/null", diagnostics, {"top", 1, 2}));
  CHECK_THAT(diagnostics.text(),
             ContainsSubstring("/nonexistent/x.yaml: error: cannot be read: No such file or directory") &&
                 ContainsSubstring("it is a folder") &&
                 ContainsSubstring("top:1:2: error: cannot read '/dev/null'"));
  const std::filesystem::path path = std::filesystem::temp_directory_path() / "squeezebar_unit_base_yaml.txt";
  std::ofstream(path) << "a: 1\n";
  Diagnostics none;
  CHECK(load_yaml(path, none).has_value());
  CHECK(none.empty());
  CHECK_FALSE(read_text_file(path, none, {}, 2));
  std::filesystem::remove(path);
}

}  // namespace
}  // namespace squeezebar
