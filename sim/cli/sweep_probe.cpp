// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/sweep_probe.h"

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/interrupt.h"
#include "sim/sweep/point_command.h"
#include "sim/sweep/process.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;

constexpr std::size_t kMostBundles = 4;
constexpr std::int64_t kImages = 4;
constexpr milliseconds kPatience{60'000};

/// A folder that goes with the probe.
class ProbeFolder {
 public:
  ProbeFolder() : path_(fs::temp_directory_path() / fmt::format("squeezebar-probe-{}", getpid())) {
    fs::create_directories(path_);
  }
  ~ProbeFolder() { discard(); }
  ProbeFolder(const ProbeFolder&) = delete;
  ProbeFolder& operator=(const ProbeFolder&) = delete;
  [[nodiscard]] const fs::path& path() const { return path_; }

 private:
  void discard() const {
    std::error_code ignored;
    fs::remove_all(path_, ignored);
  }

  fs::path path_;
  AtStake at_stake_{{.clear = [this] { discard(); }}};
};

/// Seconds of a run of a point's first images; nothing if it fails.
std::optional<double> time_of(const Plan& plan, const PlannedPoint& point, std::int64_t images,
                              const fs::path& folder) {
  std::vector<std::string> command = point_command(plan, point, folder / "run");
  command.insert(command.end(), {"--set", fmt::format("run.images={}", images), "--set", "run.threads=1"});
  ProcessGroup group;
  const auto start = std::chrono::steady_clock::now();
  group.start(command, "/dev/null", kPatience);
  std::optional<ProcessEnd> end;
  while (!end) {
    throw_if_interrupted();
    end = group.wait(milliseconds(50));
  }
  if (end->exit_code != 0 || end->signal != 0) return std::nullopt;
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// What a run takes to begin, and for each image.
struct Pace {
  double start_s = 0.0;
  double image_s = 0.0;
};

std::optional<Pace> pace_of(const Plan& plan, const PlannedPoint& point, const fs::path& folder) {
  const std::optional<double> one = time_of(plan, point, 1, folder);
  if (!one || point.images < 2) return one ? std::optional(Pace{*one, 0.0}) : std::nullopt;
  const std::int64_t more = std::min(point.images, kImages);
  const std::optional<double> several = time_of(plan, point, more, folder);
  if (!several) return std::nullopt;
  const double each = std::max(0.0, (*several - *one) / static_cast<double>(more - 1));
  return Pace{std::max(0.0, *one - each), each};
}

}  // namespace

std::optional<double> probe(const Plan& plan, const std::vector<std::size_t>& pending) {
  const ProbeFolder folder;
  std::map<std::string, Pace> paces;
  for (const std::size_t i : pending) {
    const PlannedPoint& point = plan.points[i];
    if (paces.size() == kMostBundles || paces.contains(point.bundle)) continue;
    if (const std::optional<Pace> pace = pace_of(plan, point, folder.path()))
      paces.emplace(point.bundle, *pace);
  }
  if (paces.empty()) return std::nullopt;
  double sum = 0.0;
  std::set<std::string> values;
  for (const std::size_t i : pending) {
    const PlannedPoint& point = plan.points[i];
    const auto found = paces.find(point.bundle);
    const Pace& pace = found == paces.end() ? paces.begin()->second : found->second;
    sum += pace.start_s;
    // Points that share values with an earlier one take little more than their start.
    if (values.insert(point.identity.values_id()).second)
      sum += pace.image_s * static_cast<double>(point.images);
  }
  return sum;
}

}  // namespace squeezebar
