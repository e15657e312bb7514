// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/store.h"

#include <system_error>
#include <utility>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/file_list.h"
#include "sim/base/yaml.h"
#include "sim/report/run_files.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

constexpr const char* kSummary = "summary.json";

[[noreturn]] void refuse(const fs::path& folder, const std::string& why) {
  throw UserError(Place{folder.string(), 0, 0}, "", fmt::format("cannot take points: {}", why));
}

}  // namespace

fs::path PointStore::folder(const std::string& id) const { return root_ / id.substr(0, 2) / id; }

StoredPoint PointStore::look(const RunIdentity& wanted) const {
  const fs::path at = folder(wanted.id());
  std::error_code error;
  if (!fs::is_directory(at, error)) return {};
  const auto fault = [&](const std::string& why) { return StoredPoint{std::nullopt, at.string() + why}; };
  const FileCheck check(at);
  if (!check.has_list()) return fault(fmt::format(" has no {} that reads", kListFile));
  const auto depth = verifies_ ? FileCheck::Depth::contents : FileCheck::Depth::sizes;
  for (const auto& [name, why] : check.faults({kValuesFile}, depth))
    return fault(fmt::format("/{} {}", name, why));
  const fs::path file = at / kSummary;
  Diagnostics diagnostics;
  const std::optional<std::string> text = read_text_file(file, diagnostics);
  if (!text) return fault(fmt::format("/{} cannot be read", kSummary));
  if (const std::string why = check.fault(kSummary, *text); !why.empty())
    return fault(fmt::format("/{} {}", kSummary, why));
  std::optional<Figures> summary = parse_figures(*text, file.string(), diagnostics);
  const std::optional<RunIdentity> identity = summary ? identity_of(*summary) : std::nullopt;
  if (!identity) return fault("'s summary.json does not say what was run");
  if (*identity != wanted) return fault(fmt::format(" {}", wanted.difference(*identity)));
  return {std::move(summary), ""};
}

std::optional<PointLock> PointLock::take(const PointStore& store, const std::string& id) {
  const fs::path folder = store.folder(id).parent_path();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) refuse(folder, error.message());
  fs::path path = folder / ("." + id + ".lock");
  try {
    std::optional<FileLock> lock = FileLock::take(path);
    if (!lock) return std::nullopt;
    return PointLock(std::move(*lock), std::move(path));
  } catch (const std::system_error& why) {
    refuse(folder, why.what());
  }
}

PointLock& PointLock::operator=(PointLock&& other) noexcept {
  std::swap(lock_, other.lock_);
  std::swap(path_, other.path_);
  return *this;
}

PointLock::~PointLock() {
  if (!path_.empty()) unlink(path_.c_str());
}

}  // namespace squeezebar
