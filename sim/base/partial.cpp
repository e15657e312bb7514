// SPDX-License-Identifier: Apache-2.0
#include "sim/base/partial.h"

#include <cstdint>
#include <cstdio>
#include <iterator>
#include <random>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kEnding = ".partial";
constexpr const char* kLock = "lock";
constexpr const char* kFresh = "new";
constexpr const char* kOld = "old";
constexpr std::size_t kDigits = 12;

bool is_digits(std::string_view text, std::string_view digits) {
  return !text.empty() && text.find_first_not_of(digits) == std::string_view::npos;
}

/// What a partial's name says: whose it is, and whether a process number tells them apart, as in versions
/// that locked nothing.
struct PartialName {
  std::string target;
  bool unlocked = false;
};

std::optional<PartialName> parse_name(std::string_view name) {
  if (!name.starts_with('.') || !name.ends_with(kEnding)) return std::nullopt;
  name = name.substr(1, name.size() - 1 - kEnding.size());
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return std::nullopt;
  const std::string_view id = name.substr(dot + 1);
  const std::string target(name.substr(0, dot));
  if (id.size() == kDigits && is_digits(id, "0123456789abcdef")) return PartialName{target, false};
  if (is_digits(id, "0123456789")) return PartialName{target, true};
  return std::nullopt;
}

std::optional<FileLock> lock_of(const fs::path& file) {
  try {
    return FileLock::take(file);
  } catch (const std::system_error&) {
    return std::nullopt;
  }
}

/// A folder of another program could have such a name.
bool is_ours(const fs::path& folder) {
  std::error_code ec;
  return fs::exists(folder / kLock, ec) || fs::is_empty(folder, ec);
}

void clear_folder(const fs::path& folder, const fs::path& target) {
  const std::optional<FileLock> lock = lock_of(folder / kLock);
  std::error_code ec;
  if (!lock) return;
  if (fs::exists(folder / kOld, ec) && !fs::exists(fs::symlink_status(target, ec))) {
    ec.clear();
    fs::rename(folder / kOld, target, ec);
    if (ec) return;
  }
  fs::remove_all(folder, ec);
}

void clear(const fs::path& partial, const PartialName& name, const fs::path& target) {
  std::error_code ec;
  const fs::file_status status = fs::symlink_status(partial, ec);
  // Versions that locked nothing wrote names like those of other programs: only those of this very target are
  // taken for theirs.
  if (name.unlocked && name.target != target.filename()) return;
  if (fs::is_directory(status) && (name.unlocked || is_ours(partial)))
    return clear_folder(partial, partial.parent_path() / name.target);
  if (!fs::is_regular_file(status) || name.unlocked) return;
  if (const std::optional<FileLock> lock = lock_of(partial)) fs::remove(partial, ec);
}

bool exchange(const fs::path& a, const fs::path& b) {
  return renameat2(AT_FDCWD, a.c_str(), AT_FDCWD, b.c_str(), RENAME_EXCHANGE) == 0;
}

}  // namespace

fs::path partial_name(const fs::path& target) {
  std::random_device random;
  const std::uint64_t high = random() & 0xFFFFFFU;
  const std::uint64_t low = random() & 0xFFFFFFU;
  return target.parent_path() /
         fmt::format(".{}.{:012x}{}", target.filename().string(), high << 24U | low, kEnding);
}

fs::path final_name(const fs::path& file) {
  fs::path out;
  for (auto part = file.begin(); part != file.end(); ++part) {
    const std::optional<PartialName> name = parse_name(part->string());
    out /= name ? fs::path(name->target) : *part;
    const auto next = std::next(part);
    if (name && next != file.end() && *next == kFresh) part = next;
  }
  return out;
}

void clear_partials(const fs::path& target) {
  const fs::path folder = target.has_parent_path() ? target.parent_path() : fs::path(".");
  std::vector<fs::path> found;
  std::error_code ec;
  for (fs::directory_iterator at(folder, ec), end; !ec && at != end; at.increment(ec)) {
    if (parse_name(at->path().filename().string())) found.push_back(at->path());
  }
  for (const fs::path& partial : found) clear(partial, *parse_name(partial.filename().string()), target);
}

PartialFolder::PartialFolder(const fs::path& target) : target_(target) {
  clear_partials(target);
  const auto held = hold_ending();
  throw_if_interrupted();
  at_stake_.emplace(AtStake::Actions{.clear = [this] { discard(); }});
  // Somebody who clears may come between the folder and its lock, and takes both.
  while (true) {
    path_ = partial_name(target);
    std::error_code ec;
    const bool made = fs::create_directory(path_, ec);
    if (ec) throw std::system_error(ec);
    if (!made) continue;
    try {
      lock_ = FileLock::take(path_ / kLock);
      if (!lock_) continue;
    } catch (const std::system_error& error) {
      if (error.code() == std::errc::no_such_file_or_directory) continue;
      const bool is_unlockable = error.code() == std::errc::no_lock_available ||
                                 error.code() == std::errc::operation_not_supported ||
                                 error.code() == std::errc::function_not_supported;
      if (!is_unlockable) {
        fs::remove_all(path_, ec);
        throw std::system_error(error.code());
      }
    }
    fs::create_directory(fresh(), ec);
    if (!ec) return;
    std::error_code ignored;
    fs::remove_all(path_, ignored);
    throw std::system_error(ec);
  }
}

PartialFolder::~PartialFolder() { discard(); }

void PartialFolder::discard() const {
  // Where an interrupt ends the process, another thread may still be writing.
  constexpr int kTries = 10;
  std::error_code ec;
  for (int i = 0; i < kTries && (i == 0 || fs::exists(path_, ec)); ++i) fs::remove_all(path_, ec);
}

fs::path PartialFolder::fresh() const { return path_ / kFresh; }
fs::path PartialFolder::old() const { return path_ / kOld; }

std::optional<fs::path> PartialFolder::put_in_place() {
  const auto held = hold_ending();
  if (!fs::exists(target_)) {
    fs::rename(fresh(), target_);
    return std::nullopt;
  }
  if (exchange(fresh(), target_)) return fresh();
  // Not every file system exchanges. Between the two steps there is no target; who clears a partial that was
  // left there puts the old one back.
  fs::rename(target_, old());
  std::error_code ec;
  fs::rename(fresh(), target_, ec);
  if (!ec) return old();
  std::error_code ignored;
  fs::rename(old(), target_, ignored);
  throw std::system_error(ec);
}

}  // namespace squeezebar
