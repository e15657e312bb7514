// SPDX-License-Identifier: Apache-2.0
#include "sim/report/svg_chart.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/report/markup.h"
#include "sim/report/text_table.h"

namespace squeezebar {
namespace {

// In units of the view box, which is about as many pixels wide on a desktop screen.
constexpr double kWidth = 960.0;
constexpr double kRow = 24.0;
constexpr double kBar = 16.0;
constexpr double kLetter = 8.4;
constexpr double kGap = 8.0;
constexpr std::size_t kLongestLabel = 26;

bool drawable(double value) { return std::isfinite(value) && value > 0.0; }

double sum_of(const Bar& bar) {
  double sum = 0.0;
  for (const BarPart& part : bar.parts) sum += drawable(part.value) ? part.value : 0.0;
  return sum;
}

/// Where the bars begin and how many units one of their values takes.
struct Layout {
  double left = 0.0;
  double right = 0.0;  ///< room for the value texts
  double scale = 0.0;
};

double text_room(std::size_t letters) { return kLetter * static_cast<double>(letters) + kGap; }

Layout layout_of(const std::vector<Bar>& bars, double full) {
  std::size_t label = 0;
  std::size_t value = 0;
  for (const Bar& bar : bars) {
    label = std::max(label, std::min(text_width(bar.label), kLongestLabel));
    value = std::max(value, text_width(bar.value));
    full = std::max(full, sum_of(bar));
  }
  Layout out{text_room(label), text_room(value), 0.0};
  if (full > 0.0) out.scale = (kWidth - out.left - out.right) / full;
  return out;
}

/// A label that fits; the whole one is in the tooltip.
std::string shortened(const std::string& label) {
  if (text_width(label) <= kLongestLabel) return label;
  std::string out;
  for (const char c : label) {
    const bool starts_character = (static_cast<unsigned char>(c) & 0xC0U) != 0x80U;
    if (starts_character && text_width(out) == kLongestLabel - 1) break;
    out += c;
  }
  return out + "\u2026";
}

std::string draw_bar(const Bar& bar, const Layout& layout, double y) {
  const double middle = y + kRow / 2 + 4.5;
  std::string out =
      fmt::format("<text class=\"label\" x=\"{:.1f}\" y=\"{:.1f}\">{}<title>{}</title></text>",
                  layout.left - kGap, middle, escaped(shortened(bar.label)), escaped(bar.label));
  double x = layout.left;
  for (const BarPart& part : bar.parts) {
    if (!drawable(part.value)) continue;
    const double width = part.value * layout.scale;
    out += fmt::format(
        "<rect class=\"c{}\" x=\"{:.2f}\" y=\"{:.1f}\" width=\"{:.2f}\" "
        "height=\"{:.0f}\"><title>{}</title></rect>",
        part.color, x, y + (kRow - kBar) / 2, width, kBar, escaped(part.tooltip));
    x += width;
  }
  return out +
         fmt::format("<text x=\"{:.1f}\" y=\"{:.1f}\">{}</text>\n", x + kGap, middle, escaped(bar.value));
}

}  // namespace

std::string stacked_bars(const std::string& title, const std::vector<Bar>& bars, double full) {
  const Layout layout = layout_of(bars, full);
  const double height = kRow * static_cast<double>(bars.size());
  std::string out = fmt::format("<svg role=\"img\" aria-label=\"{}\" viewBox=\"0 0 {:.0f} {:.0f}\">\n",
                                escaped(title), kWidth, height);
  double y = 0.0;
  for (const Bar& bar : bars) {
    out += draw_bar(bar, layout, y);
    y += kRow;
  }
  return out + "</svg>";
}

std::string legend(const std::vector<LegendEntry>& entries) {
  std::string out = "<ul class=\"legend\">";
  for (const LegendEntry& entry : entries) {
    out += fmt::format(
        "<li><svg viewBox=\"0 0 12 12\"><rect class=\"c{}\" width=\"12\" height=\"12\"/></svg>{}</li>",
        entry.color, escaped(entry.label));
  }
  return out + "</ul>";
}

}  // namespace squeezebar
