// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <map>
#include <string>
#include <string_view>

namespace squeezebar {

/// The largest squeeze degree that can be asked for.
inline constexpr int kMostSqueezedPlanes = 15;

/// Squeeze degrees of single layers, from a text like "conv1=2, fc=0".
class LayerDegrees {
 public:
  LayerDegrees() = default;
  /// Throws std::invalid_argument with what is wrong with the text. Blanks around names and degrees do not
  /// count; the last '=' of an item parts them.
  explicit LayerDegrees(std::string_view text);

  /// The layer's degree, or `otherwise` if it has none of its own.
  [[nodiscard]] int of(const std::string& layer, int otherwise) const;
  [[nodiscard]] const std::map<std::string, int, std::less<>>& degrees() const { return degrees_; }

 private:
  std::map<std::string, int, std::less<>> degrees_;
};

}  // namespace squeezebar
