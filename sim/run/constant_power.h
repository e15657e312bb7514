// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "sim/energy/account.h"

namespace squeezebar {

/// What a reader must know where most of a run's energy is power that the chip draws whatever it does: how
/// much it is, of which component, and what to do. Empty where it is at most half.
std::string constant_power_note(const CostTable& table, const EnergyResult& energy);

}  // namespace squeezebar
