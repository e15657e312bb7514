// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/compare/stored_run.h"
#include "tests/unit/report/sample_result.h"

namespace squeezebar::test {

/// The files of a run folder that comparing reads.
inline StoredRunTexts texts_of(const RunResult& result) {
  return {written("summary.json", result), written("layers.csv", result), written("energy.csv", result),
          written("resolved.yaml", result)};
}

inline StoredRun stored(const std::string& folder, const RunResult& result) {
  Diagnostics diagnostics;
  StoredRun run = parse_run(folder, texts_of(result), diagnostics);
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  return run;
}

}  // namespace squeezebar::test
