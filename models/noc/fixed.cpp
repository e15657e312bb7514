// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "models/noc/noc.h"
#include "sim/base/cycles.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

struct FixedNocParams {
  Time latency;
  Bandwidth bandwidth;
};

Schema<FixedNocParams> schema() {
  return Schema<FixedNocParams>(
             "Gives each pair of connected layers a link of its own, of fixed latency and bandwidth.")
      .field("latency", &FixedNocParams::latency,
             {.min = 0,
              .max = 1_s,
              .doc = "Time from the last byte on the link to its arrival.",
              .affects = Affects::timing})
      .field("bandwidth", &FixedNocParams::bandwidth,
             {.min = 1_KBps,
              .max = 1000000_GBps,
              .doc = "Bytes per second of one link.",
              .affects = Affects::timing});
}

class FixedNoc final : public NocModel {
 public:
  explicit FixedNoc(const FixedNocParams& params) : params_(params) {}

  std::int64_t occupancy_cycles(std::int64_t bytes, Frequency clock) const override {
    return cycles_ceil_count(bytes, Rate(Frequency(params_.bandwidth.si())), clock);
  }
  std::int64_t latency_cycles(Frequency clock) const override { return cycles_ceil(params_.latency, clock); }

 private:
  FixedNocParams params_;
};

const Register<NocModel> reg{"fixed", schema,
                             [](const FixedNocParams& p) { return std::make_unique<FixedNoc>(p); }};

}  // namespace
}  // namespace squeezebar
