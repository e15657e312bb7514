// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>

#include "models/cost_fields.h"
#include "sim/base/schema.h"
#include "sim/terms/adc_transfer.h"
#include "sim/terms/description.h"

namespace squeezebar {

/// One ADC whose cost is known, for models that scale it to other resolutions. The defaults are ISAAC's
/// (Table I).
struct AdcReferencePoint {
  int reference_bits = 8;
  Power power;
  Area area;
  Frequency cost_rate;
  Power leakage;
  Length cost_node;
};

/// Completes a model's schema with the fields of its reference point.
template <class P>
requires std::derived_from<P, AdcReferencePoint> Schema<P> with_reference_point(Schema<P> schema) {
  schema.field("reference_bits", &AdcReferencePoint::reference_bits,
               {.def = 8,
                .min = 1,
                .max = kMaxAdcBits,
                .doc = "Resolution of the ADC whose cost is given.",
                .affects = Affects::accounting});
  schema.field("power", &AdcReferencePoint::power,
               {.def = 2_mW,
                .min = 0,
                .max = 1_W,
                .doc = "Nameplate power of one ADC of `reference_bits` at `cost_rate`, leakage included.",
                .affects = Affects::accounting});
  schema.field("area", &AdcReferencePoint::area,
               {.def = 1200_um2,
                .min = 0,
                .max = 100_mm2,
                .doc = "Area of one ADC of `reference_bits`.",
                .affects = Affects::accounting});
  schema.field("cost_rate", &AdcReferencePoint::cost_rate,
               {.def = quantity<Frequency>("1.2 GHz"),
                .min = 1_kHz,
                .max = 1000_GHz,
                .doc = "Conversions per second at which `power` holds: a conversion costs power / cost_rate.",
                .affects = Affects::accounting});
  schema.field("leakage", &AdcReferencePoint::leakage,
               {.def = 0_W,
                .min = 0,
                .max = 1_W,
                .doc = "Power that one ADC of `reference_bits` draws all the time; it scales as the area.",
                .affects = Affects::accounting});
  schema.field("cost_node", &AdcReferencePoint::cost_node, process_of_price());
  return schema;
}

/// The cost of an ADC that takes `power_factor` times the power and `area_factor` times the area of the
/// reference.
inline ComponentCost scaled(const AdcReferencePoint& reference, double power_factor, double area_factor) {
  ComponentCost cost;
  cost.power = reference.power * power_factor;
  cost.energy = cost.power / reference.cost_rate;
  cost.leakage = reference.leakage * area_factor;
  cost.area = reference.area * area_factor;
  cost.node = reference.cost_node;
  return cost;
}

}  // namespace squeezebar
