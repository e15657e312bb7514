// SPDX-License-Identifier: Apache-2.0
#include "sim/base/schema.h"

#include "sim/base/registry.h"
#include "tests/catch.h"

namespace squeezebar {
namespace {

enum class Mode { fast, slow };

struct Base {
  Power leakage;
};

struct Params : Base {
  int bits = 0;
  bool on = false;
  double ratio = 0.0;
  Mode mode = Mode::fast;
  std::vector<std::string> names;
  std::vector<Energy> energies;
  std::string text;
};

Schema<Params> schema() {
  return Schema<Params>("Something.")
      .field("bits", &Params::bits, {.min = 1, .max = 14, .doc = "Resolution."})
      .field("leakage", &Params::leakage, {.def = 1_mW, .min = 0_W, .doc = "Static."})
      .field("on", &Params::on, {.def = true})
      .field("ratio", &Params::ratio, {.def = 0.25, .max = 1, .above = 0})
      .choice("mode", &Params::mode, {{"fast", Mode::fast}, {"slow", Mode::slow}}, {.def = Mode::slow})
      .field("names", &Params::names, {.def = std::vector<std::string>{"a b"}, .max_items = 2})
      .field("energies", &Params::energies, {.def = std::vector<Energy>{1_pJ}, .min = 1_fJ, .min_items = 1})
      .field("text", &Params::text, {.def = "x"})
      .rule([](const auto& p) { return p.on && p.bits == 7 ? "no seven" : nullptr; })
      .rule("ratio", [](const Params& p) { return p.ratio == 1.0 ? std::string("not one") : std::string(); });
}

std::string errors_of(const std::string& yaml) {
  Diagnostics diagnostics;
  CHECK(read_record(schema(), yaml, diagnostics, "f") == nullptr);
  return diagnostics.text();
}

TEST_CASE("defaults fill what is not given") {
  Diagnostics diagnostics;
  const Params p = read_params(schema(), "bits: 8", diagnostics);
  CHECK(diagnostics.empty());
  CHECK(p.bits == 8);
  CHECK(p.leakage == 1_mW);
  CHECK(p.on);
  CHECK(p.ratio == 0.25);
  CHECK(p.mode == Mode::slow);
  CHECK(p.names == std::vector<std::string>{"a b"});
  CHECK(p.energies == std::vector<Energy>{1_pJ});
}

TEST_CASE("every type is read and written back in canonical text") {
  Diagnostics diagnostics;
  const Schema<Params> s = schema();
  const Params p = read_params(s,
                               "{bits: 14, leakage: '2500 uW', on: false, ratio: 1e-1, mode: fast, names: "
                               "[x, '1'], energies: [1fJ, 2.0 nJ], text: 5}",
                               diagnostics);
  CHECK(diagnostics.text().empty());
  const auto text = [&](const char* field) { return s.find(field)->get(&p, nullptr); };
  CHECK(text("bits") == "14");
  CHECK(text("leakage") == "2.5 mW");
  CHECK(text("on") == "false");
  CHECK(text("ratio") == "0.1");
  CHECK(text("mode") == "fast");
  CHECK(text("names") == "[x, \"1\"]");
  CHECK(text("energies") == "[1 fJ, 2 nJ]");
  CHECK(text("text") == "\"5\"");
}

TEST_CASE("everything wrong is reported at once") {
  CHECK(errors_of("bits: 99\nleakage: 3\non: yes\nratio: 0\nmode: quick\nnames: [a, b, c]\nenergies: [1 pJ, "
                  "0 pJ, 2 ns]\n"
                  "text: [a]\nbit: 1\n") ==
        "f:1:7: error: bits: value 99 is outside [1, 14]\n"
        "f:2:10: error: leakage: needs a unit, e.g. '1.2 mW'\n"
        "f:3:5: error: on: must be true or false, not 'yes'\n"
        "f:4:8: error: ratio: value 0 is outside (0, 1]\n"
        "f:5:7: error: mode: must be one of fast, slow, not 'quick'\n"
        "f:6:8: error: names: takes at most 2 items, not 3\n"
        "f:7:18: error: energies: value 0 pJ is out of range; it must be >= 1 fJ\n"
        "f:7:24: error: energies: 'ns' is a time unit, but this is an energy, e.g. '1.2 pJ'\n"
        "f:8:7: error: text: must be text, not a list\n"
        "f:9:1: error: unknown key 'bit'; did you mean 'bits'?\n");
  CHECK(errors_of("{on: true}") == "f:1:1: error: bits: missing; give a value (whole number): Resolution.\n");
  CHECK(errors_of("{bits: 2, energies: []}") == "f:1:21: error: energies: needs at least 1 items, not 0\n");
  CHECK(errors_of("{bits: 2, energies: 1 pJ}") ==
        "f:1:21: error: energies: must be a list in brackets (list, each item: energy)\n");
  CHECK(errors_of("{bits: 2, leakage: {a: 1}, mode: }") ==
        "f:1:20: error: leakage: must be a value like '1.2 mW', not a map\n"
        "f:1:34: error: mode: needs a value (one of fast, slow)\n");
  CHECK(errors_of("[1]") == "f:1:1: error: must be a map of keys and values\n");
}

TEST_CASE("rules run on fields without errors") {
  CHECK(errors_of("{bits: 7}") == "f:1:1: error: no seven\n");
  CHECK(errors_of("{bits: 8, ratio: 1}") == "f:1:18: error: ratio: not one\n");
}

TEST_CASE("a declaration describes itself") {
  const Schema<Params> s = schema();
  CHECK(s.summary() == "Something.");
  CHECK(s.find("bits")->range_text() == "[1, 14]");
  CHECK(s.find("bits")->required());
  CHECK(s.find("leakage")->range_text() == ">= 0 W");
  CHECK(s.find("ratio")->range_text() == "(0, 1]");
  CHECK(s.find("text")->range_text().empty());
  CHECK(s.find("mode")->type_text() == "one of fast, slow");
  CHECK(s.find("mode")->default_text == "slow");
  CHECK(s.find("energies")->type_text() == "list, each item: energy");
  CHECK(s.find("nothing") == nullptr);
  CHECK(s.field_names().size() == 8);
}

TEST_CASE("a faulty declaration is refused") {
  struct P {
    int a = 0;
    std::int8_t small = 0;
    Mode mode = Mode::fast;
  };
  CHECK_THROWS_AS(Schema<P>("s").field("a", &P::a).field("a", &P::a), std::logic_error);
  CHECK_THROWS_AS(Schema<P>("s").field("model", &P::a), std::logic_error);
  CHECK_THROWS_AS(Schema<P>("s").field("a.b", &P::a), std::logic_error);
  CHECK_THROWS_AS(Schema<P>("s").field("a", &P::a, {.def = 3, .max = 2}), std::logic_error);
  CHECK_THROWS_AS(Schema<P>("s").field("a", &P::a, {.min = 3, .max = 2}), std::logic_error);
  CHECK_THROWS_AS(Schema<P>("s").field("a", &P::a, {.recorded = false}), std::logic_error);
  CHECK_THROWS_AS(Schema<P>("s").choice("mode", &P::mode, {}), std::logic_error);
  Diagnostics diagnostics;
  read_params(Schema<P>("s").field("small", &P::small), "small: 128", diagnostics, "f");
  CHECK(diagnostics.text() == "f:1:8: error: small: value 128 does not fit [-128, 127]\n");
}

struct Shape {
  virtual ~Shape() = default;
  virtual int sides() const = 0;
};

struct Polygon final : Shape {
  explicit Polygon(int n) : count(n) {}
  int sides() const override { return count; }
  int count;
};

TEST_CASE("a registry builds variants by name") {
  struct Sides {
    int count = 0;
  };
  const Register<Shape> polygon{
      "polygon", Schema<Sides>("Any.").field("count", &Sides::count, {.min = 3, .doc = "Sides."}),
      [](const Sides& s) { return std::make_unique<Polygon>(s.count); }};
  const Register<Shape> line{"line", "Two ends.", [] { return std::make_unique<Polygon>(2); }};
  Registry<Shape>& registry = Registry<Shape>::instance();
  CHECK(registry.names() == std::vector<std::string>{"line", "polygon"});
  CHECK(registry.create("polygon", "{count: 5}")->sides() == 5);
  CHECK(registry.create("line")->sides() == 2);
  CHECK(registry.find("line")->summary == "Two ends.");
  CHECK(registry.find("none") == nullptr);
  CHECK(registry.schema("none") == nullptr);
  CHECK_THROWS_AS(registry.create("polygn"), UserError);
  CHECK_THROWS_AS(registry.create("polygon", "{count: 2}"), UserError);
  CHECK_THROWS_AS(registry.build("none", nullptr), std::logic_error);
  CHECK_THROWS_AS((Register<Shape>{"line", "Again.", [] { return std::make_unique<Polygon>(2); }}),
                  std::logic_error);
}

}  // namespace
}  // namespace squeezebar
