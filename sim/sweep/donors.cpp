// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/donors.h"

#include <algorithm>
#include <filesystem>
#include <system_error>

#include "sim/report/run_files.h"

namespace squeezebar {

Donors::Donors(const EngineWork& work, bool keeps_values)
    : work_(work), keeps_values_(keeps_values), names_(work.plan.points.size()) {
  for (const std::size_t point : work.plan.distinct()) {
    const RunIdentity& identity = work.plan.points[point].identity;
    names_[point] = {identity.values_id(), identity.timing_id()};
  }
  const std::set<std::size_t> pending(work.pending.begin(), work.pending.end());
  for (const std::size_t point : pending) shared_[names_[point].values].waiting.insert(names_[point].timing);
  for (const std::size_t point : work.plan.distinct()) {
    if (pending.contains(point) || !shared_.contains(names_[point].values)) continue;
    if (work.store.has(work.plan.points[point].identity)) offer(point);
  }
}

std::optional<Donors::Donor> Donors::of(std::size_t point) const {
  if (alone_.contains(point)) return std::nullopt;
  if (const auto found = timings_.find(names_[point].timing); found != timings_.end())
    return Donor{Part::timing, found->second};
  const std::optional<std::string>& values = shared_.at(names_[point].values).donor;
  return values ? std::optional(Donor{Part::values, *values}) : std::nullopt;
}

bool Donors::is_coming(std::size_t point) const {
  if (alone_.contains(point)) return false;
  if (coming_timings_.contains(names_[point].timing)) return true;
  const Shared& shared = shared_.at(names_[point].values);
  return shared.coming && !timings_.contains(names_[point].timing);
}

bool Donors::wants_values(std::size_t point) const {
  const Shared& shared = shared_.at(names_[point].values);
  if (!keeps_values_ || shared.donor || !shared.kept) return false;
  return std::any_of(shared.waiting.begin(), shared.waiting.end(), [&](const std::string& timing) {
    return timing != names_[point].timing && !timings_.contains(timing);
  });
}

void Donors::started(std::size_t point) {
  const std::optional<Donor> donor = of(point);
  Shared& shared = shared_.at(names_[point].values);
  leave(point);
  if (!donor || donor->part != Part::timing) coming_timings_.insert(names_[point].timing);
  Role& role = running_.emplace(point, Role::neither).first->second;
  if (donor && donor->part == Part::values) {
    role = Role::reads_values;
    ++shared.users;
  } else if (!donor && wants_values(point)) {
    role = Role::keeps_values;
    shared.coming = true;
  }
}

void Donors::finished(std::size_t point, bool good) {
  Shared& shared = shared_.at(names_[point].values);
  const Role role = running_.at(point);
  running_.erase(point);
  coming_timings_.erase(names_[point].timing);
  if (good) offer(point);
  if (role == Role::reads_values) --shared.users;
  if (role == Role::keeps_values) {
    shared.coming = false;
    shared.kept = shared.donor.has_value() || !good;
  }
  clean(shared);
}

void Donors::give_up(std::size_t point) {
  alone_.insert(point);
  shared_.at(names_[point].values).waiting.insert(names_[point].timing);
}

void Donors::found(std::size_t point) {
  leave(point);
  offer(point);
  clean(shared_.at(names_[point].values));
}

void Donors::leave(std::size_t point) {
  auto& waiting = shared_.at(names_[point].values).waiting;
  if (const auto at = waiting.find(names_[point].timing); at != waiting.end()) waiting.erase(at);
}

void Donors::offer(std::size_t point) {
  const std::string& id = work_.plan.points[point].id;
  timings_.try_emplace(names_[point].timing, id);
  Shared& shared = shared_.at(names_[point].values);
  std::error_code error;
  if (!shared.donor && std::filesystem::exists(work_.store.folder(id) / kValuesFile, error))
    shared.donor = id;
}

void Donors::clean(Shared& shared) {
  if (!shared.donor || !shared.waiting.empty() || shared.users > 0) return;
  std::error_code ignored;
  std::filesystem::remove(work_.store.folder(*shared.donor) / kValuesFile, ignored);
  shared.donor.reset();
}

}  // namespace squeezebar
