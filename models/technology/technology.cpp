// SPDX-License-Identifier: Apache-2.0
#include "models/technology/technology.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterSection<TechnologyParams> section{
    "technology",
    Schema<TechnologyParams>("The manufacturing process.")
        .field(
            "node", &TechnologyParams::node,
            {.min = 1_nm,
             .max = 10_um,
             .doc = "Feature size, for cost models that depend on it; cost tables hold for their own node.",
             .affects = Affects::accounting})};

}  // namespace
}  // namespace squeezebar
