// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#if __has_include(<kainjow/mustache.hpp>)
#include <kainjow/mustache.hpp>
#else
#include <mustache.hpp>
#endif

namespace squeezebar {

/// A page that stands alone: style and charts are inside, nothing is loaded. `body` is a mustache template
/// filled from `content`, which also gives `title` and `footer`; `{{>chart_sections}}` in it stands for the
/// list `charts`.
std::string html_page(const std::string& body, kainjow::mustache::data content);

/// The list `charts` of a page.
class ChartSections {
 public:
  /// `chart` is an element; an empty one, of a chart with nothing to draw, is left out with its heading.
  void add(const std::string& heading, const std::string& hint, const std::string& chart);
  [[nodiscard]] const kainjow::mustache::data& list() const { return list_; }

 private:
  kainjow::mustache::data list_{kainjow::mustache::data::type::list};
};

/// Texts in order, each `{{.}}` inside its section.
template <class Texts>
kainjow::mustache::data text_list(const Texts& texts) {
  kainjow::mustache::data out(kainjow::mustache::data::type::list);
  for (const std::string& text : texts) out.push_back(text);
  return out;
}

/// Colours for light and dark screens and for paper.
extern const char* const kPageStyle;

}  // namespace squeezebar
