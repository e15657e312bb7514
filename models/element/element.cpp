// SPDX-License-Identifier: Apache-2.0
#include "models/element/element.h"

#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterSection<ElementParams> section{
    "element",
    Schema<ElementParams>("A processing element: crossbars that share registers and shift-and-add units.")
        .field("crossbars", &ElementParams::crossbars,
               {.min = 1,
                .max = 4096,
                .doc = "Crossbars of one processing element.",
                .affects = Affects::timing})};

}  // namespace
}  // namespace squeezebar
