// SPDX-License-Identifier: Apache-2.0
#include "models/vector_unit/vector_unit.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterSection<VectorUnitParams> section{
    "vector_unit",
    Schema<VectorUnitParams>("The unit that pools, adds and requantises values that leave the crossbars.")
        .field("lanes", &VectorUnitParams::lanes,
               {.min = 1,
                .max = 65536,
                .doc = "Values that the unit of a tile processes in one chip cycle.",
                .affects = Affects::timing})};

}  // namespace
}  // namespace squeezebar
