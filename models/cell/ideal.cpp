// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "models/cell/cell.h"
#include "sim/base/registry.h"

namespace squeezebar {
namespace {

class IdealCell final : public CellModel {
 public:
  std::string devices() const override { return "ideal"; }
};

const Register<CellModel> reg{"ideal", "Reads back exactly the level that was written.",
                              [] { return std::make_unique<IdealCell>(); }};

}  // namespace
}  // namespace squeezebar
