// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <memory>
#include <stdexcept>
#include <vector>

#include <fmt/format.h>

#include "models/adc/adc.h"
#include "models/cost_fields.h"
#include "sim/base/registry.h"
#include "sim/terms/adc_transfer.h"

namespace squeezebar {
namespace {

enum class Extrapolate { none, linear };

struct TableAdcParams {
  std::string series;
  std::vector<int> series_bits;
  std::vector<Energy> series_energy;
  std::vector<Area> series_area;
  Extrapolate extrapolate = Extrapolate::none;
  Frequency cost_rate;
  Power leakage;
  Length cost_node;
};

template <class T>
bool non_decreasing(const std::vector<T>& values) {
  return std::is_sorted(values.begin(), values.end());
}

std::string fault(const TableAdcParams& p) {
  if (p.series_energy.size() != p.series_bits.size() || p.series_area.size() != p.series_bits.size()) {
    return "series_bits, series_energy and series_area must be equally long";
  }
  if (std::adjacent_find(p.series_bits.begin(), p.series_bits.end(), std::greater_equal<>()) !=
      p.series_bits.end()) {
    return "series_bits must increase";
  }
  if (!non_decreasing(p.series_energy)) return "series_energy must not decrease with bits";
  if (!non_decreasing(p.series_area)) return "series_area must not decrease with bits";
  return {};
}

Schema<TableAdcParams> schema() {
  return Schema<TableAdcParams>(
             "Published ADCs of one series, interpolated in the logarithm of energy and area.")
      .field("series", &TableAdcParams::series,
             {.def = "MNSIM", .doc = "Name of the series, for reports.", .affects = Affects::accounting})
      .field("series_bits", &TableAdcParams::series_bits,
             {.def = std::vector<int>{1, 4, 6, 8, 10},
              .min = 1,
              .max = kMaxAdcBits,
              .doc = "Resolutions of the series, in increasing order; it ends at the first and at the last.",
              .affects = Affects::accounting,
              .min_items = 1,
              .max_items = kMaxAdcBits})
      // MNSIM's table: a sense amplifier of 1.63 uW at 1 GS/s, then 0.7 mW at 1 GS/s, 1.26 mW at 1 GS/s, 2 mW
      // at 1.28 GS/s and 6.92 mW at 1.5 GS/s. A second ADC of 8 bits (4 mW at 1.1 GS/s, 1650 um2) is left
      // out.
      .field("series_energy", &TableAdcParams::series_energy,
             {.def = std::vector<Energy>{quantity<Energy>("1.63 fJ"), quantity<Energy>("0.7 pJ"),
                                         quantity<Energy>("1.26 pJ"), quantity<Energy>("1.5625 pJ"),
                                         quantity<Energy>("4.61333 pJ")},
              .max = 1_J,
              .above = 0,
              .doc = "Energy of one conversion at each of `series_bits`.",
              .affects = Affects::accounting,
              .min_items = 1})
      .field("series_area", &TableAdcParams::series_area,
             {.def = std::vector<Area>{1_um2, 500_um2, 580_um2, 1200_um2, 1600_um2},
              .max = 100_mm2,
              .above = 0,
              .doc = "Area of one ADC at each of `series_bits`.",
              .affects = Affects::accounting,
              .min_items = 1})
      .choice("extrapolate", &TableAdcParams::extrapolate,
              {{"none", Extrapolate::none}, {"linear", Extrapolate::linear}},
              {.def = Extrapolate::none,
               .doc = "Outside the series: refuse, or scale the nearest point in proportion to bits.",
               .affects = Affects::accounting})
      .field("cost_rate", &TableAdcParams::cost_rate,
             {.def = quantity<Frequency>("1.2 GHz"),
              .min = 1_kHz,
              .max = 1000_GHz,
              .doc = "Conversions per second of one ADC, which turns energy into nameplate power.",
              .affects = Affects::accounting})
      .field("leakage", &TableAdcParams::leakage,
             {.def = 0_W,
              .min = 0,
              .max = 1_W,
              .doc = "Power that one ADC draws all the time, at any resolution.",
              .affects = Affects::accounting})
      .field("cost_node", &TableAdcParams::cost_node, process_of_price())
      .rule("series_bits", [](const TableAdcParams& p) { return fault(p); });
}

class TableAdc final : public AdcModel {
 public:
  explicit TableAdc(const TableAdcParams& params) : params_(params) {}

  ComponentCost cost(int bits, Length /*node*/) const override {
    const auto& known = params_.series_bits;
    const bool outside = bits < known.front() || bits > known.back();
    if (outside && params_.extrapolate == Extrapolate::none) {
      throw std::invalid_argument(
          fmt::format("the ADC series '{}' has {} to {} bits, not {}; see adc.extrapolate", params_.series,
                      known.front(), known.back(), bits));
    }
    ComponentCost cost;
    cost.energy = at(params_.series_energy, bits);
    cost.power = cost.energy * params_.cost_rate;
    cost.leakage = params_.leakage;
    cost.area = at(params_.series_area, bits);
    cost.node = params_.cost_node;
    cost.extrapolated = outside;
    return cost;
  }
  std::string source() const override {
    const auto& known = params_.series_bits;
    return fmt::format(
        "series {}, {} to {} bits{}", params_.series, known.front(), known.back(),
        params_.extrapolate == Extrapolate::none ? "" : ", scaled in proportion to bits outside");
  }

 private:
  /// The value of a point, between two points their geometric interpolation, outside the nearest one in
  /// proportion.
  template <class Q>
  Q at(const std::vector<Q>& values, int bits) const {
    const auto& known = params_.series_bits;
    if (bits <= known.front()) return values.front() * (static_cast<double>(bits) / known.front());
    if (bits >= known.back()) return values.back() * (static_cast<double>(bits) / known.back());
    const auto above =
        static_cast<std::size_t>(std::lower_bound(known.begin(), known.end(), bits) - known.begin());
    if (known[above] == bits) return values[above];
    const double way = static_cast<double>(bits - known[above - 1]) / (known[above] - known[above - 1]);
    return values[above - 1] * std::pow(values[above] / values[above - 1], way);
  }

  TableAdcParams params_;
};

const Register<AdcModel> reg{"table", schema,
                             [](const TableAdcParams& p) { return std::make_unique<TableAdc>(p); }};

}  // namespace
}  // namespace squeezebar
