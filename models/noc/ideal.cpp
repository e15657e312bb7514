// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "models/noc/noc.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

class IdealNoc final : public NocModel {
 public:
  std::int64_t occupancy_cycles(std::int64_t /*bytes*/, Frequency /*clock*/) const override { return 0; }
  std::int64_t latency_cycles(Frequency /*clock*/) const override { return 0; }
};

const Register<NocModel> reg{"ideal", "Delivers every message at once.",
                             [] { return std::make_unique<IdealNoc>(); }};

}  // namespace
}  // namespace squeezebar
