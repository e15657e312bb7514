// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/sweep.h"

#include <charconv>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/parallel.h"
#include "sim/base/whole_file.h"
#include "sim/base/yaml.h"
#include "sim/sweep/failures.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// 100,000 points of a large network still fit.
constexpr std::size_t kPlanMaxBytes = std::size_t{4} << 30;

[[noreturn]] void refuse(const fs::path& folder, const std::string& why) {
  throw UserError({}, "", fmt::format("'{}' {}", folder.string(), why));
}

/// The store as the sweep's folder remembers it: relative to that folder, so that both can be moved together.
std::string store_text(const fs::path& folder, const fs::path& store) {
  const auto whole = [](const fs::path& path) { return fs::absolute(path).lexically_normal(); };
  return whole(store).lexically_relative(whole(folder)).string();
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

SweepFolder SweepFolder::open(const fs::path& folder) {
  Diagnostics diagnostics;
  const fs::path file = folder / "store.json";
  std::error_code error;
  if (!fs::exists(file, error)) refuse(folder, "is no folder of a sweep: it has no store.json");
  const std::optional<std::string> text = read_text_file(file, diagnostics);
  if (!text) throw UserError(diagnostics);
  const auto json = nlohmann::json::parse(*text, nullptr, false);
  if (!json.is_object() || !json.contains("points") || !json["points"].is_string())
    refuse(file, "is damaged; run 'squeezebar sweep' with the spec again");
  return {folder, (folder / json["points"].get<std::string>()).lexically_normal()};
}

Plan SweepFolder::read_plan() const {
  Diagnostics diagnostics;
  const fs::path file = folder_ / "plan.json";
  const std::optional<std::string> text = read_text_file(file, diagnostics, {}, kPlanMaxBytes);
  std::optional<Plan> plan;
  if (text) plan = parse_plan(*text, file.string(), diagnostics);
  if (!plan) throw UserError(diagnostics);
  return std::move(*plan);
}

void SweepFolder::write_plan(const Plan& plan) const {
  std::error_code error;
  if (fs::exists(folder_, error) && !fs::is_directory(folder_, error)) refuse(folder_, "is a file");
  const bool is_new = !fs::exists(folder_, error) || fs::is_empty(folder_, error);
  const auto has = [this](const char* name) {
    std::error_code ignored;
    return fs::exists(folder_ / name, ignored);
  };
  // A search has computed its generations when it makes the sweep of all of them.
  if (!is_new && !has("plan.json") && !has("store.json") && !has("generations"))
    refuse(folder_, "holds something other than a sweep; choose another folder");
  fs::create_directories(folder_, error);  // the write tells if it failed
  const nlohmann::ordered_json store{{"points", store_text(folder_, store_.root())}};
  write_whole_file(folder_ / "store.json", store.dump(1) + "\n");
  write_whole_file(folder_ / "plan.json", plan_json(plan));
}

std::vector<std::size_t> pending_points(const Plan& plan, const SweepFolder& folder,
                                        const PendingOptions& options) {
  std::vector<std::size_t> share;
  const std::vector<std::size_t> distinct = plan.distinct();
  for (std::size_t i = options.shard.number - 1; i < distinct.size(); i += options.shard.of)
    share.push_back(distinct[i]);
  const FailureLog failures(folder.path());
  std::vector<char> wanted(share.size());
  parallel_for(0, static_cast<int>(share.size()), [&](int i) {
    const auto at = static_cast<std::size_t>(i);
    const std::string& id = plan.points[share[at]].id;
    const bool failed = failures.find(id).has_value();
    wanted[at] = options.fresh || (failed ? options.retry_failed : !folder.store().has(id));
  });
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < share.size(); ++i) {
    if (wanted[i] != 0) out.push_back(share[i]);
  }
  return out;
}

}  // namespace squeezebar
