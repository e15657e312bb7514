// SPDX-License-Identifier: Apache-2.0
#include "sim/terms/actions.h"

#include <algorithm>
#include <stdexcept>
#include <tuple>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

struct Known {
  std::vector<ActionInfo> actions;
  bool sorted = false;
};

Known& known() {
  static Known all;
  return all;
}

auto key_of(const ActionInfo& action) {
  return std::tuple<std::string_view, std::string_view>(action.component, action.name);
}

Count checked_sum(Count a, Count b) {
  Count sum = 0;
  if (__builtin_add_overflow(a, b, &sum)) throw RunError("there are too many actions to count in 64 bits");
  return sum;
}

}  // namespace

const std::vector<ActionInfo>& actions() {
  Known& all = known();
  if (!all.sorted) {
    std::sort(all.actions.begin(), all.actions.end(),
              [](const ActionInfo& a, const ActionInfo& b) { return key_of(a) < key_of(b); });
    all.sorted = true;
  }
  return all.actions;
}

const ActionInfo& info(ActionId action) { return actions().at(static_cast<std::size_t>(action)); }

ActionId action_id(std::string_view component, std::string_view name) {
  const std::vector<ActionInfo>& all = actions();
  const auto wanted = std::tuple(component, name);
  const auto found = std::lower_bound(all.begin(), all.end(), wanted,
                                      [](const ActionInfo& a, const auto& key) { return key_of(a) < key; });
  if (found == all.end() || key_of(*found) != wanted) {
    throw std::logic_error("no component registered the action " + std::string(component) + "." +
                           std::string(name));
  }
  return static_cast<ActionId>(found - all.begin());
}

RegisterAction::RegisterAction(std::string component, std::string name, std::string what) {
  Known& all = known();
  if (all.sorted) throw std::logic_error("actions are registered before the first config is read");
  all.actions.push_back({std::move(component), std::move(name), std::move(what)});
}

void ActionCounts::add(SizedAction action, Count n) {
  if (n == 0) return;
  Count& count = counts_[action];
  count = checked_sum(count, n);
}

Count ActionCounts::operator[](ActionId action) const {
  Count sum = 0;
  for (auto at = counts_.lower_bound({action}); at != counts_.end() && at->first.action == action; ++at)
    sum = checked_sum(sum, at->second);
  return sum;
}

ActionCounts& ActionCounts::operator+=(const ActionCounts& other) {
  for (const auto& [action, count] : other.counts_) add(action, count);
  return *this;
}

}  // namespace squeezebar
