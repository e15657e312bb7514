// SPDX-License-Identifier: Apache-2.0
#include "sim/base/whole_folder.h"

#include <algorithm>
#include <cerrno>
#include <fstream>
#include <set>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <sys/stat.h>

#include "sim/base/diag.h"
#include "sim/base/whole_file.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kNamed = 3;  ///< foreign files that a message names
constexpr int kMostLinks = 40;     ///< as the system follows (path_resolution(7))

/// The place that a path names, whether or not it is there: links are followed.
fs::path resolved(fs::path path) {
  for (int i = 0; i < kMostLinks; ++i) {
    path = fs::absolute(path);
    if (!path.has_filename()) path = path.parent_path();
    if (!fs::is_symlink(fs::symlink_status(path)))
      return fs::weakly_canonical(path.parent_path()) / path.filename();
    path = path.parent_path() / fs::read_symlink(path);
  }
  throw std::system_error(std::make_error_code(std::errc::too_many_symbolic_link_levels));
}

fs::path place_of(const fs::path& path) {
  fs::path out = resolved(path);
  // "." and ".." are names of folders that are there.
  return out.filename() == "." || out.filename() == ".." ? fs::weakly_canonical(out) : out;
}

bool is_same_file(const fs::path& a, const fs::path& b) {
  struct stat first {};
  struct stat second {};
  return lstat(a.c_str(), &first) == 0 && lstat(b.c_str(), &second) == 0 && first.st_ino == second.st_ino &&
         first.st_dev == second.st_dev;
}

/// Has a file in a second place too; a copy where the file system has no links.
void link_or_copy(const fs::path& from, const fs::path& to) {
  std::error_code ec;
  fs::create_hard_link(from, to, ec);
  if (ec) fs::copy(from, to, fs::copy_options::copy_symlinks);
}

/// Puts what does not belong to the predecessor into its successor, whose own files win.
void carry(const fs::path& from, const fs::path& to, const std::vector<std::string>& names) {
  for (const std::string& name : names) {
    const fs::path source = from / name;
    const fs::path place = to / name;
    const fs::file_status status = fs::symlink_status(source);
    if (!fs::is_directory(status)) {
      fs::create_directories(place.parent_path());
      if (!fs::exists(fs::symlink_status(place))) link_or_copy(source, place);
      continue;
    }
    fs::create_directories(place);
    std::vector<std::string> inside;
    for (const fs::directory_entry& entry : fs::directory_iterator(source))
      inside.push_back(entry.path().filename().string());
    carry(source, place, inside);
    fs::permissions(place, status.permissions());
  }
}

/// What came while the folder was replaced follows.
void carry_late(const fs::path& from, const fs::path& to, const std::vector<std::string>& names,
                const FileList& written) {
  for (const std::string& name : names) {
    if (written.has(name) || is_same_file(from / name, to / name)) continue;
    if (fs::is_directory(fs::symlink_status(from / name)) && fs::is_directory(to / name)) {
      std::vector<std::string> inside;
      for (const fs::directory_entry& entry : fs::directory_iterator(from / name))
        inside.push_back(name + "/" + entry.path().filename().string());
      carry_late(from, to, inside, written);
      continue;
    }
    std::error_code it_stays_where_it_was_copied_to;
    fs::rename(from / name, to / name, it_stays_where_it_was_copied_to);
  }
}

/// Says which files of a folder are of its kind.
class Own {
 public:
  Own(const fs::path& folder, const FolderKind& kind) : kind_(kind), list_(FileList::read(folder)) {
    if (list_) return;
    is_older_ = std::all_of(kind.needed.begin(), kind.needed.end(),
                            [&](const std::string& name) { return fs::is_regular_file(folder / name); });
  }
  bool operator()(const std::string& name) const {
    const bool is_beside =
        std::find(kind_.unlisted.begin(), kind_.unlisted.end(), name) != kind_.unlisted.end();
    if (list_) return list_->holds() == kind_.holds && (list_->has(name) || name == kListFile || is_beside);
    return is_older_ && (kind_.wrote(name) || is_beside);
  }

 private:
  const FolderKind& kind_;
  std::optional<FileList> list_;
  bool is_older_ = false;
};

}  // namespace

std::vector<std::string> foreign_entries(const fs::path& folder, const FolderKind& kind) {
  const Own own(folder, kind);
  std::set<std::string> own_folders;
  std::vector<std::string> foreign;
  for (const std::string& name : files_in(folder)) {
    if (!own(name)) {
      foreign.push_back(name);
      continue;
    }
    for (fs::path at = fs::path(name).parent_path(); !at.empty(); at = at.parent_path())
      own_folders.insert(at.generic_string());
  }
  std::set<std::string> out;
  const auto add = [&](const fs::path& name) {
    // The outermost folder in which nothing is ours stands for all that it holds.
    fs::path at;
    for (const fs::path& part : name) {
      at /= part;
      if (!own_folders.contains(at.generic_string())) break;
    }
    out.insert(at.generic_string());
  };
  for (const std::string& name : foreign) add(name);
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_directory() && !entry.is_symlink() && fs::is_empty(entry.path()))
      add(entry.path().lexically_relative(folder));
  }
  return {out.begin(), out.end()};
}

WholeFolder::WholeFolder(const fs::path& folder, FolderKind kind, bool force)
    : name_(folder.string()), kind_(std::move(kind)), force_(force), list_(kind_.holds) {
  try {
    target_ = place_of(folder);
    check_target();
    const auto held = hold_ending();
    for (fs::path p = target_.parent_path(); !p.empty() && !fs::exists(p); p = p.parent_path())
      new_parents_.push_back(p);
    at_stake_.emplace(AtStake::Actions{.clear = [this] { remove_new_parents(); }});
    fs::create_directories(target_.parent_path());
    partial_ = std::make_unique<PartialFolder>(target_);
  } catch (const std::system_error& error) {
    remove_new_parents();
    refuse(error.code().message());
  }
}

WholeFolder::~WholeFolder() {
  partial_.reset();
  remove_new_parents();
}

void WholeFolder::remove_new_parents() const {
  // Parents that are still empty were made for nothing.
  std::error_code ec;
  for (const fs::path& parent : new_parents_) fs::remove(parent, ec);
}

void WholeFolder::write(const std::string& name, const std::string& content) {
  errno = 0;
  std::ofstream out(path() / name, std::ios::binary);
  out << content;
  out.close();
  if (!out) throw cannot_write(path() / name, errno);
  add_digest(name, FileDigest::of(content));
}

void WholeFolder::write_list() {
  const auto is_unlisted = [this](const std::string& name) {
    return std::find(kind_.unlisted.begin(), kind_.unlisted.end(), name) != kind_.unlisted.end();
  };
  FileList whole(kind_.holds);
  for (const std::string& name : files_in(path())) {
    if (is_unlisted(name)) continue;
    whole.add(name, list_.has(name) ? list_.files().at(name) : FileDigest::of_file(path() / name));
  }
  list_ = whole;
  write(kListFile, whole.json());
}

void WholeFolder::keep() {
  check_target();  // somebody may have put something there meanwhile
  try {
    write_list();
    const bool replaces = fs::exists(target_);
    const std::vector<std::string> foreign =
        replaces ? foreign_entries(target_, kind_) : std::vector<std::string>();
    if (replaces) carry(target_, path(), foreign);
    // What came late is nowhere else until it is carried over.
    const auto held = hold_ending();
    throw_if_interrupted();
    const std::optional<fs::path> older = partial_->put_in_place();
    if (older) carry_late(*older, target_, foreign, list_);
  } catch (const std::system_error& error) {
    refuse(error.code().message());
  }
}

void WholeFolder::refuse(const std::string& why) const {
  throw UserError(Place{name_, 0, 0}, "", fmt::format("cannot take {}: {}", kind_.holds, why));
}

void WholeFolder::check_target() const {
  if (!fs::exists(target_)) return;
  if (!fs::is_directory(target_)) refuse("there is a file of that name");
  if (force_) return;
  std::vector<std::string> foreign = foreign_entries(target_, kind_);
  if (foreign.empty()) return;
  const std::size_t more = foreign.size() - std::min(foreign.size(), kNamed);
  foreign.resize(foreign.size() - more);
  refuse(fmt::format(
      "the folder holds '{}'{}, which is not of {}; choose another folder, or use --force, which keeps it",
      fmt::join(foreign, "', '"), more > 0 ? fmt::format(" and {} more", more) : "", kind_.holds));
}

}  // namespace squeezebar
