// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/sweep.h"

#include <cerrno>
#include <charconv>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/document.h"
#include "sim/base/interrupt.h"
#include "sim/base/parallel.h"
#include "sim/base/whole_file.h"
#include "sim/base/yaml.h"
#include "sim/sweep/failures.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

/// 100,000 points of a large network still fit.
constexpr std::size_t kPlanMaxBytes = std::size_t{4} << 30;
constexpr const char* kStoreFile = "store.json";

[[noreturn]] void refuse(const fs::path& folder, const std::string& why) {
  throw UserError(Place{folder.string(), 0, 0}, "", why);
}

/// The store as the sweep's folder remembers it: relative to that folder, so that both can be moved together.
std::string store_text(const fs::path& folder, const fs::path& store) {
  const auto whole = [](const fs::path& path) { return fs::absolute(path).lexically_normal(); };
  return whole(store).lexically_relative(whole(folder)).string();
}

/// What store.json says; nothing if it does not read, which is told.
std::optional<std::string> points_of(const fs::path& folder, Diagnostics& diagnostics) {
  constexpr const char* kDamaged = "is damaged";
  constexpr const char* kRemedy = "run 'squeezebar sweep' with the spec again";
  const std::string file = (folder / kStoreFile).string();
  const std::optional<std::string> text = read_text_file(file, diagnostics);
  const auto json =
      text ? parse_json_object(*text, file, kDamaged, kRemedy, diagnostics) : std::optional<Json>();
  if (!json) return std::nullopt;
  const auto points = json->find("points");
  if (points != json->end() && points->is_string()) return points->get<std::string>();
  diagnostics.error({file, 1, 1}, "points", fmt::format("{}; {}", kDamaged, kRemedy));
  return std::nullopt;
}

bool has_points(const fs::path& folder) {
  Diagnostics ignored;
  return points_of(folder, ignored).has_value();
}

}  // namespace

std::optional<Shard> Shard::parse(const std::string& text) {
  Shard out;
  const char* end = text.data() + text.size();
  const auto [slash, error] = std::from_chars(text.data(), end, out.number);
  if (error != std::errc() || slash == end || *slash != '/') return std::nullopt;
  const auto [rest, second] = std::from_chars(slash + 1, end, out.of);
  if (second != std::errc() || rest != end || out.number < 1 || out.number > out.of) return std::nullopt;
  return out;
}

PlanHold PlanHold::with_others(const fs::path& plan_file) {
  for (;;) {
    PlanHold hold(open(plan_file.c_str(), O_RDONLY | O_CLOEXEC));
    if (hold.file_ < 0 || (flock(hold.file_, LOCK_SH) != 0 && errno != EINTR)) return hold;
    struct stat held {};
    struct stat named {};
    // Replaced meanwhile: what is held is the plan of before.
    const bool is_it =
        fstat(hold.file_, &held) == 0 && stat(plan_file.c_str(), &named) == 0 && held.st_ino == named.st_ino;
    if (is_it) return hold;
    throw_if_interrupted();
  }
}

std::optional<PlanHold> PlanHold::alone(const fs::path& plan_file) {
  PlanHold hold(open(plan_file.c_str(), O_RDWR | O_CLOEXEC));
  if (hold.file_ >= 0 && flock(hold.file_, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK)
    return std::nullopt;
  return hold;
}

PlanHold::PlanHold(PlanHold&& other) noexcept : file_(std::exchange(other.file_, -1)) {}

PlanHold& PlanHold::operator=(PlanHold&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

PlanHold::~PlanHold() {
  if (file_ >= 0) close(file_);
}

SweepFolder SweepFolder::open(const fs::path& folder) {
  const fs::path file = folder / kStoreFile;
  std::error_code error;
  if (!fs::exists(file, error)) refuse(folder, "is no folder of a sweep: it has no store.json");
  Diagnostics diagnostics;
  const std::optional<std::string> points = points_of(folder, diagnostics);
  if (!points) throw UserError(diagnostics);
  return {folder, (folder / *points).lexically_normal()};
}

/// Files of that name are also those of others.
bool SweepFolder::has_plan() const {
  Diagnostics ignored;
  const std::optional<std::string> text = read_text_file(plan_file(), ignored, {}, kPlanMaxBytes);
  return text && parse_plan(*text, plan_file().string(), ignored);
}

Plan SweepFolder::read_plan() const {
  Diagnostics diagnostics;
  const std::optional<std::string> text = read_text_file(plan_file(), diagnostics, {}, kPlanMaxBytes);
  std::optional<Plan> plan;
  if (text) plan = parse_plan(*text, plan_file().string(), diagnostics);
  if (!plan) throw UserError(diagnostics);
  return std::move(*plan);
}

PlanHold SweepFolder::write_plan(const Plan& plan) const {
  std::error_code error;
  if (fs::exists(folder_, error) && !fs::is_directory(folder_, error)) refuse(folder_, "is a file");
  const bool is_new = !fs::exists(folder_, error) || fs::is_empty(folder_, error);
  const auto has = [this](const char* name) {
    std::error_code ignored;
    return fs::exists(folder_ / name, ignored);
  };
  // A search has computed its generations when it makes the sweep of all of them.
  if (!is_new && !has_points(folder_) && !has("generations") && !has_plan())
    refuse(folder_, "holds something other than a sweep; choose another folder");
  const Json store{{"points", store_text(folder_, store_.root())}};
  const std::string store_json = store.dump(1) + "\n";
  const std::string text = plan_json(plan);
  const auto is_there = [&] {
    Diagnostics ignored;
    return read_text_file(folder_ / kStoreFile, ignored) == store_json &&
           read_text_file(plan_file(), ignored, {}, kPlanMaxBytes) == text;
  };
  constexpr const char* kBusy =
      "is the folder of a sweep of other points that is being computed; wait for it, or choose another "
      "folder "
      "with --output";
  if (!is_there()) {
    check_takes_files(folder_);
    const std::optional<PlanHold> older = PlanHold::alone(plan_file());
    // Another process may have written the same plan since.
    if (!older && !is_there()) refuse(folder_, kBusy);
    if (older) {
      write_whole_file(folder_ / kStoreFile, store_json);
      write_whole_file(plan_file(), text);
    }
  }
  PlanHold hold = hold_plan();
  if (!is_there()) refuse(folder_, kBusy);  // replaced before it was held
  return hold;
}

std::vector<std::size_t> pending_points(const Plan& plan, const SweepFolder& folder,
                                        const PendingOptions& options, std::vector<PointFault>* faults) {
  std::vector<std::size_t> share;
  const std::vector<std::size_t> distinct = plan.distinct();
  for (std::size_t i = options.shard.number - 1; i < distinct.size(); i += options.shard.of)
    share.push_back(distinct[i]);
  const FailureLog failures(folder.path());
  std::vector<char> wanted(share.size());
  std::vector<std::string> found(share.size());
  parallel_for(0, static_cast<int>(share.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    const PlannedPoint& point = plan.points[share[at]];
    if (options.fresh || options.retry_failed || !failures.find(point.id)) {
      StoredPoint stored = folder.store().look(point.identity);
      wanted[at] = options.fresh || !stored.summary ? 1 : 0;
      found[at] = std::move(stored.fault);
    }
  });
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < share.size(); ++i) {
    if (wanted[i] != 0) out.push_back(share[i]);
    if (faults != nullptr && !found[i].empty()) faults->push_back({share[i], std::move(found[i])});
  }
  return out;
}

}  // namespace squeezebar
