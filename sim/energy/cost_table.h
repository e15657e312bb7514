// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/terms/actions.h"
#include "sim/terms/description.h"

namespace squeezebar {

/// The part of the chip whose every unit has the same components.
enum class Level { chip, tile, element, crossbar };

/// A component of the chip and what one instance of it costs. cost.energy is per `action`.
struct PricedComponent {
  std::string name;  ///< its config section
  Level level = Level::chip;
  double instances = 0.0;  ///< on the whole chip; a fraction of a shared one belongs to each unit of `level`
  ComponentCost cost;
  Power static_power;              ///< of one instance, drawn all the time and part of its nameplate power
  std::optional<ActionId> action;  ///< what it prices, if anything
  /// Energy per action by its size, where that decides it; takes the place of cost.energy.
  std::map<int, Energy> energy_by_size{};
  std::string less_constant_power;  ///< what to do where leakage and static power are too much, for notes
};

/// Everything that the chip consists of, priced.
struct CostTable {
  double tiles = 0.0;      ///< on the whole chip
  double elements = 0.0;   ///< on the whole chip
  double crossbars = 0.0;  ///< on the whole chip
  std::vector<PricedComponent> components;

  /// Units of a level on the whole chip.
  double units(Level level) const;
  /// The component, or nullptr.
  const PricedComponent* find(std::string_view name) const;
  /// The component; throws std::logic_error if there is none.
  PricedComponent& at(std::string_view name);
  const PricedComponent& at(std::string_view name) const;
};

/// Throws RunError unless every number is finite and non-negative, names are unique and no action has two
/// prices.
void check(const CostTable& table);

/// `value`; throws RunError naming `what` unless it is finite and non-negative.
double checked(double value, std::string_view what);
template <Dimension D>
Quantity<D> checked(Quantity<D> value, std::string_view what) {
  return Quantity<D>(checked(value.si(), what));
}

/// Throws RunError naming `what` unless the numbers agree within 1e-12 of the larger one.
void check_sum(double parts, double total, std::string_view what);

}  // namespace squeezebar
