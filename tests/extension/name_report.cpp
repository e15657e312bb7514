// SPDX-License-Identifier: Apache-2.0
// One file, dropped into sim/report/, is a new file in every run folder.
#include <memory>

#include "sim/report/writer.h"

namespace squeezebar {
namespace {

class NameReport final : public ReportWriter {
 public:
  std::string write(const RunResult& result) const override { return result.workload + "\n"; }
};

const Register<ReportWriter> reg{"name.txt", "The network's name.",
                                 [] { return std::make_unique<NameReport>(); }};

}  // namespace
}  // namespace squeezebar
