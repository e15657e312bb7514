// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// The HTML report as a mustache template; report_html.cpp fills it. Styles and charts are inside: nothing is
/// loaded.
extern const char* const kReportTemplate;

/// Its style sheet, with colours for light and dark screens and for paper.
extern const char* const kReportStyle;

}  // namespace squeezebar
