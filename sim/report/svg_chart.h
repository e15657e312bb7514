// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace squeezebar {

/// One part of a bar. `color` is a number of the palette: the part is drawn with the CSS class "c<color>".
struct BarPart {
  double value = 0.0;
  int color = 0;
  std::string tooltip;
};

struct Bar {
  std::string label;
  std::string value;  ///< written at the end of the bar
  std::vector<BarPart> parts;
};

struct LegendEntry {
  std::string label;
  int color = 0;
};

/// Colours of the palette that are told apart; the next one after them is a grey for "other".
inline constexpr int kChartColors = 8;
inline constexpr int kOtherColor = kChartColors;

/// Horizontal stacked bars as an SVG element. The longest bar, or `full` if it is larger, fills the width;
/// values that are not finite or not positive are left out. All texts are escaped.
std::string stacked_bars(const std::string& title, const std::vector<Bar>& bars, double full = 0.0);

/// The legend as an HTML list; the colours are those of the charts.
std::string legend(const std::vector<LegendEntry>& entries);

}  // namespace squeezebar
