// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json.hpp>

namespace squeezebar {

/// What `explain` says of a topic: to people, and to programs.
struct Explanation {
  std::string text;
  nlohmann::ordered_json json = nlohmann::ordered_json::object();

  [[nodiscard]] bool empty() const { return text.empty(); }
};

}  // namespace squeezebar
