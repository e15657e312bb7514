// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/base/registry.h"
#include "sim/report/run_result.h"

namespace squeezebar {

/// One file of a run folder: one file under sim/report/, found under the name of the file it writes.
class ReportWriter {
 public:
  virtual ~ReportWriter() = default;
  /// The file's content; the same result gives the same bytes.
  [[nodiscard]] virtual std::string write(const RunResult& result) const = 0;
};

}  // namespace squeezebar
