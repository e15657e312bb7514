// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// What the HTML report of a run holds, as a mustache template for html_page(); report_html.cpp fills it.
extern const char* const kReportTemplate;

}  // namespace squeezebar
