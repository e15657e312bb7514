// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/layer_degrees.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

#include <fmt/format.h>

namespace squeezebar {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto first = text.find_first_not_of(" \t");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t") - first + 1);
}

int parse_degree(std::string_view text) {
  int degree = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), degree);
  if (error != std::errc() || end != text.data() + text.size() || degree < 0 || degree > kMostSqueezedPlanes)
    throw std::invalid_argument(fmt::format("'{}' is no squeeze degree, which is a whole number from 0 to {}",
                                            text, kMostSqueezedPlanes));
  return degree;
}

}  // namespace

LayerDegrees::LayerDegrees(std::string_view text) {
  if (trimmed(text).empty()) return;
  for (std::size_t first = 0; first <= text.size();) {
    const std::size_t last = std::min(text.find(',', first), text.size());
    const std::string_view item = trimmed(text.substr(first, last - first));
    first = last + 1;
    const std::size_t sign = item.rfind('=');
    const std::string_view name = trimmed(item.substr(0, sign));
    if (sign == std::string_view::npos || name.empty())
      throw std::invalid_argument(fmt::format("'{}' is not like layer=degree", item));
    const int degree = parse_degree(trimmed(item.substr(sign + 1)));
    if (!degrees_.emplace(name, degree).second)
      throw std::invalid_argument(fmt::format("layer '{}' is given twice", name));
  }
}

int LayerDegrees::of(const std::string& layer, int otherwise) const {
  const auto found = degrees_.find(layer);
  return found == degrees_.end() ? otherwise : found->second;
}

}  // namespace squeezebar
