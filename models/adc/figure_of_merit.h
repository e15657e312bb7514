// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <cmath>
#include <concepts>

#include "models/cost_fields.h"
#include "sim/base/schema.h"
#include "sim/terms/adc_transfer.h"
#include "sim/terms/description.h"

namespace squeezebar {

/// What a figure of merit does not say about an ADC.
struct AdcBesideFigure {
  double lost_bits = 0.0;
  Area area;
  int area_bits = 8;
  Frequency cost_rate;
  Power leakage;
  Length cost_node;

  /// Effective number of bits.
  [[nodiscard]] double enob(int bits) const { return std::max(0.0, bits - lost_bits); }
  /// The cost of an ADC with this energy per conversion, whose area is in proportion to bits.
  [[nodiscard]] ComponentCost with(Energy energy, int bits) const {
    ComponentCost cost;
    cost.energy = energy;
    cost.power = energy * cost_rate + leakage;
    cost.leakage = leakage;
    cost.area = area * (static_cast<double>(bits) / area_bits);
    cost.node = cost_node;
    return cost;
  }
};

/// Completes a model's schema with the fields of AdcBesideFigure.
template <class P>
requires std::derived_from<P, AdcBesideFigure> Schema<P> with_fields_beside(Schema<P> schema) {
  schema.field("lost_bits", &AdcBesideFigure::lost_bits,
               {.def = 0.0,
                .min = 0,
                .max = kMaxAdcBits,
                .doc = "Bits by which the effective number of bits (ENOB) is below the resolution.",
                .affects = Affects::accounting});
  schema.field("area", &AdcBesideFigure::area,
               {.def = 1200_um2,
                .min = 0,
                .max = 100_mm2,
                .doc = "Area of one ADC of `area_bits`, in proportion to bits at other resolutions.",
                .affects = Affects::accounting});
  schema.field("area_bits", &AdcBesideFigure::area_bits,
               {.def = 8,
                .min = 1,
                .max = kMaxAdcBits,
                .doc = "Resolution of the ADC whose area is given.",
                .affects = Affects::accounting});
  schema.field("cost_rate", &AdcBesideFigure::cost_rate,
               {.def = quantity<Frequency>("1.2 GHz"),
                .min = 1_kHz,
                .max = 1000_GHz,
                .doc = "Conversions per second of one ADC, which turns energy into nameplate power.",
                .affects = Affects::accounting});
  schema.field("leakage", &AdcBesideFigure::leakage,
               {.def = 0_W,
                .min = 0,
                .max = 1_W,
                .doc = "Power that one ADC draws all the time, at any resolution.",
                .affects = Affects::accounting});
  schema.field("cost_node", &AdcBesideFigure::cost_node, process_of_price());
  return schema;
}

}  // namespace squeezebar
