// SPDX-License-Identifier: Apache-2.0
#include "models/cell/cell.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterVariantSection<CellParams, CellModel> section{
    "cell", Schema<CellParams>("The memory cells of the crossbars.")
                .field("bits", &CellParams::bits,
                       {.min = 1, .max = 4, .doc = "Weight bits stored in one cell; it has 2^bits levels."})};

}  // namespace
}  // namespace squeezebar
