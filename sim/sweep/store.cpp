// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/store.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/yaml.h"
#include "sim/report/run_identity.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// Every file that a table, a comparison or another point reads.
constexpr std::array kFiles{"resolved.yaml", "layers.csv", "energy.csv", "activity.json"};

[[noreturn]] void refuse(const fs::path& folder, const std::string& why) {
  throw UserError({}, "", fmt::format("cannot write points to '{}': {}", folder.string(), why));
}

/// What is named after a point and was never renamed to it belongs to a run that was killed.
void remove_partials(const fs::path& folder, const std::string& id) {
  std::error_code error;
  for (fs::directory_iterator at(folder, error), end; !error && at != end; at.increment(error)) {
    const std::string name = at->path().filename().string();
    std::error_code ignored;
    if (name.starts_with("." + id + ".") && name.find(".partial") != std::string::npos)
      fs::remove_all(at->path(), ignored);
  }
}

}  // namespace

fs::path PointStore::folder(const std::string& id) const { return root_ / id.substr(0, 2) / id; }

std::optional<Figures> PointStore::find(const std::string& id) const {
  const fs::path at = folder(id);
  for (const char* file : kFiles) {
    std::error_code error;
    if (fs::file_size(at / file, error) == 0 || error) return std::nullopt;
  }
  Diagnostics ignored;
  const fs::path file = at / "summary.json";
  const std::optional<std::string> text = read_text_file(file, ignored);
  if (!text) return std::nullopt;
  std::optional<Figures> summary = parse_figures(*text, file.string(), ignored);
  if (!summary) return std::nullopt;
  const std::optional<RunIdentity> identity = identity_of(*summary);
  if (!identity || identity->id() != id) return std::nullopt;
  return summary;
}

std::optional<PointLock> PointLock::take(const PointStore& store, const std::string& id) {
  const fs::path folder = store.folder(id).parent_path();
  std::error_code error;
  fs::create_directories(folder, error);
  if (error) refuse(folder, error.message());
  const fs::path path = folder / ("." + id + ".lock");
  const int file = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0666);
  if (file < 0) refuse(folder, std::strerror(errno));
  PointLock lock(file, path);
  if (flock(file, LOCK_EX | LOCK_NB) != 0) {
    const int why = errno;
    lock.path_.clear();
    if (why == EWOULDBLOCK || why == EINTR) return std::nullopt;
    refuse(folder, fmt::format("its file system does not lock files ({})", std::strerror(why)));
  }
  struct stat held {};
  struct stat named {};
  // The file may have been removed by its last holder between open and flock: that lock would hold nobody
  // off.
  if (fstat(file, &held) != 0 || stat(path.c_str(), &named) != 0 || held.st_ino != named.st_ino) {
    lock.path_.clear();
    return std::nullopt;
  }
  remove_partials(folder, id);
  return lock;
}

PointLock::PointLock(PointLock&& other) noexcept
    : file_(std::exchange(other.file_, -1)), path_(std::move(other.path_)) {}

PointLock& PointLock::operator=(PointLock&& other) noexcept {
  if (this != &other) {
    release();
    file_ = std::exchange(other.file_, -1);
    path_ = std::move(other.path_);
  }
  return *this;
}

PointLock::~PointLock() { release(); }

void PointLock::release() noexcept {
  if (file_ < 0) return;
  if (!path_.empty()) unlink(path_.c_str());
  close(file_);
  file_ = -1;
}

}  // namespace squeezebar
