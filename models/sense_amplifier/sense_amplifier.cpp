// SPDX-License-Identifier: Apache-2.0
#include "models/sense_amplifier/sense_amplifier.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

const RegisterComponent<SenseAmplifierParams> component{
    "sense_amplifier",
    Schema<SenseAmplifierParams>("What converts to one bit, in place of an ADC (`adc.one_bit`)."),
    {.energy_key = "energy_per_decision", .energy_doc = "Energy of deciding one column sum."}};

}  // namespace
}  // namespace squeezebar
