// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diag.h"

namespace squeezebar {

/// One value of a JSON file. The key is the path to it, its parts joined by dots:
/// "crossbars.allocated.total"; elements of a list have their number as a part.
struct Figure {
  enum class Kind { null, truth, number, text };

  std::string key;
  Kind kind = Kind::null;
  double number = 0.0;  ///< rounded if it is a count beyond 2^53
  std::string text;     ///< as it stands in the file; without quotes

  friend bool operator==(const Figure& a, const Figure& b) {
    return a.key == b.key && a.kind == b.kind && a.text == b.text;
  }
};

/// The values of a JSON object in the order of the file.
class Figures {
 public:
  /// False if the key is there already.
  bool add(Figure figure);

  [[nodiscard]] const std::vector<Figure>& all() const { return all_; }
  [[nodiscard]] const Figure* find(std::string_view key) const;
  /// Nothing for a key that is absent, null or no number.
  [[nodiscard]] std::optional<double> number(std::string_view key) const;
  /// Empty for a key that is absent or no text.
  [[nodiscard]] std::string text(std::string_view key) const;
  /// Names of the members of an object that holds plain values: "adc", "dac" of energy_by_component_j.
  [[nodiscard]] std::vector<std::string> members(const std::string& object) const;

 private:
  std::vector<Figure> all_;
  std::map<std::string, std::size_t, std::less<>> by_key_;  ///< indices into all_
};

/// Reads a JSON object. Refused with their place: text that is not JSON (also one that was cut off), keys
/// that repeat, another value than an object at the top, and nesting beyond any file of a run folder.
std::optional<Figures> parse_figures(std::string_view text, const std::string& file,
                                     Diagnostics& diagnostics);

}  // namespace squeezebar
