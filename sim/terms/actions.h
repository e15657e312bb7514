// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace squeezebar {

using Count = std::uint64_t;

/// Something that a component of the hardware does and that costs energy.
struct ActionInfo {
  std::string component;  ///< its config section
  std::string name;       ///< of the action
  std::string what;       ///< one count of it is
};

/// Position of an action among all that are registered, sorted by component and name.
enum class ActionId : std::uint16_t {};

/// Every registered action. No more can be registered once this was asked for.
const std::vector<ActionInfo>& actions();
const ActionInfo& info(ActionId action);
/// Throws std::logic_error if no component registered it.
ActionId action_id(std::string_view component, std::string_view name);

/// Makes an action known, beside the declaration of its component.
class RegisterAction {
 public:
  RegisterAction(std::string component, std::string name, std::string what);
};

/// An action with the size that its price depends on: bits of a conversion, inputs of a table; 0: on none.
struct SizedAction {
  ActionId action{};
  int size = 0;

  auto operator<=>(const SizedAction&) const = default;
};

/// How often each action happened. Sums that do not fit 64 bits throw RunError.
class ActionCounts {
 public:
  void add(SizedAction action, Count n);
  void add(ActionId action, Count n) { add(SizedAction{action}, n); }
  /// Of all sizes.
  [[nodiscard]] Count operator[](ActionId action) const;
  /// Those that happened, in order.
  [[nodiscard]] const std::map<SizedAction, Count>& all() const { return counts_; }

  ActionCounts& operator+=(const ActionCounts& other);
  bool operator==(const ActionCounts&) const = default;

 private:
  std::map<SizedAction, Count> counts_;
};

}  // namespace squeezebar
