// SPDX-License-Identifier: Apache-2.0
#include "sim/base/whole_folder.h"

#include <cerrno>
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

fs::path normalised(const fs::path& folder) {
  fs::path out = fs::absolute(folder).lexically_normal();
  return out.has_filename() ? out : out.parent_path();
}

}  // namespace

WholeFolder::WholeFolder(const fs::path& folder, const std::string& what, IsOlder is_older, bool force)
    : name_(folder.string()),
      target_(normalised(folder)),
      what_(what),
      is_older_(std::move(is_older)),
      force_(force) {
  check_target();
  path_ = target_.parent_path() / fmt::format(".{}.{}.partial", target_.filename().string(), getpid());
  std::error_code ec;
  for (fs::path p = target_.parent_path(); !p.empty() && !fs::exists(p, ec) && !ec; p = p.parent_path()) {
    new_parents_.push_back(p);
  }
  at_stake_.emplace(AtStake::Actions{.clear = [this] { discard(); }});
  if (!ec) fs::create_directories(target_.parent_path(), ec);
  if (!ec) fs::remove_all(path_, ec);
  if (!ec) fs::create_directory(path_, ec);
  if (ec) refuse(ec.message());
}

WholeFolder::~WholeFolder() { discard(); }

void WholeFolder::discard() const {
  std::error_code ec;
  // Where an interrupt ends the process, another thread may still be writing.
  constexpr int kTries = 10;
  for (int i = 0; i < kTries && (i == 0 || fs::exists(path_, ec)); ++i) fs::remove_all(path_, ec);
  // Parents that are still empty were made for nothing.
  for (const fs::path& parent : new_parents_) fs::remove(parent, ec);
}

void WholeFolder::write(const std::string& name, const std::string& content) const {
  std::ofstream out(path_ / name, std::ios::binary);
  out << content;
  out.close();
  if (!out) refuse(fmt::format("{}: {}", name, std::strerror(errno)));
}

void WholeFolder::keep() const {
  check_target();  // somebody may have put something there meanwhile
  std::error_code ec;
  const fs::path old = path_.string() + ".old";
  auto held = hold_ending();
  throw_if_interrupted();
  const bool replaces = fs::exists(target_, ec);
  if (replaces) fs::rename(target_, old, ec);
  if (!ec) fs::rename(path_, target_, ec);
  if (ec) {
    const std::string why = ec.message();
    if (replaces) fs::rename(old, target_, ec);
    refuse(why);
  }
  held.unlock();
  if (replaces) fs::remove_all(old, ec);
}

void WholeFolder::refuse(const std::string& why) const {
  throw UserError({}, "", fmt::format("cannot write {} to '{}': {}", what_, name_, why));
}

void WholeFolder::check_target() const {
  std::error_code ec;
  if (fs::exists(target_, ec) && !fs::is_directory(target_, ec)) refuse("there is a file of that name");
  if (fs::is_directory(target_, ec) && !fs::is_empty(target_, ec) && !force_ && !is_older_(target_))
    refuse(fmt::format("the folder exists and does not hold {}; choose another one or use --force", what_));
}

}  // namespace squeezebar
