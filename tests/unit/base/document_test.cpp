// SPDX-License-Identifier: Apache-2.0
#include "sim/base/document.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace squeezebar {
namespace {

std::string refusal(const std::string& text) {
  Diagnostics diagnostics;
  const auto json = parse_json_object(text, "f.json", "is damaged", "make it again", diagnostics);
  return json ? "" : diagnostics.text();
}

TEST_CASE("what is no JSON object is told in words of our own, where it ceases to be one", "[document]") {
  CHECK(refusal("{\"a\": 1}").empty());
  CHECK(refusal(" \n") == "f.json:1:1: error: is damaged (the file is empty); make it again\n");
  CHECK(refusal("[1]") == "f.json:1:1: error: is damaged (it holds no JSON object); make it again\n");
  CHECK(refusal("{\"a\":\n 1, b}") ==
        "f.json:2:5: error: is damaged (it is not JSON from here on); make it again\n");
  CHECK(refusal("{\"a\":\n") == "f.json:2:1: error: is damaged (the text ends too early); make it again\n");
}

TEST_CASE("a number that no double holds is a fault of the file", "[document]") {
  for (const std::string& number : {std::string("1e999"), std::string("-1e999"), std::string(400, '9')})
    CHECK(refusal("{\"a\": " + number + "}") ==
          "f.json:1:1: error: is damaged (a number in it is too large for JSON); make it again\n");
}

}  // namespace
}  // namespace squeezebar
