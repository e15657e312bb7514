// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sim/report/writer.h"

namespace squeezebar {
namespace {

class ResolvedYaml final : public ReportWriter {
 public:
  std::string write(const RunResult& result) const override { return result.resolved_yaml; }
};

const Register<ReportWriter> reg{
    "resolved.yaml", "The complete config of the run, itself valid input, each value with its origin.",
    [] { return std::make_unique<ResolvedYaml>(); }};

}  // namespace
}  // namespace squeezebar
