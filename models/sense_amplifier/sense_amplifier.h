// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/terms/description.h"

namespace squeezebar {

/// The comparator that converts where one bit is enough, in place of an ADC. The cost is that of one
/// instance.
struct SenseAmplifierParams : ComponentCost {};

}  // namespace squeezebar
