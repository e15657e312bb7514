// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <string>

#include <fmt/format.h>

#include "sim/sweep/engine.h"
#include "sim/sweep/point_command.h"

namespace squeezebar {
namespace {

struct PrintParams {
  std::int64_t shards = 1;
};

Schema<PrintParams> print_schema() {
  Schema<PrintParams> s(
      "One command for each share of the points, for GNU parallel, Snakemake or Kubernetes.");
  s.field("shards", &PrintParams::shards,
          {.def = 1, .min = 1, .max = 1'000'000, .doc = "Shares into which the points are split."});
  return s;
}

class PrintEngine final : public Engine {
 public:
  explicit PrintEngine(const PrintParams& params) : params_(params) {}

  SweepProgress run(const EngineWork& work) const override {
    const auto points = static_cast<std::int64_t>(work.plan.distinct().size());
    const std::int64_t shards = std::min(params_.shards, std::max<std::int64_t>(points, 1));
    std::string out;
    for (std::int64_t i = 1; i <= shards; ++i)
      out += share_command(work, "squeezebar", fmt::format("{}/{}", i, shards)) + "\n";
    work.print(out);
    return {};
  }
  [[nodiscard]] bool waits() const override { return false; }

 private:
  PrintParams params_;
};

const Register<Engine> reg{"print", print_schema,
                           [](const PrintParams& p) { return std::make_unique<PrintEngine>(p); }};

}  // namespace
}  // namespace squeezebar
