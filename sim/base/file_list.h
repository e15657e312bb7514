// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace squeezebar {

/// File of a folder that a command wrote, which lists all others of that command.
inline constexpr const char* kListFile = "files.json";

/// What a file was when it was written.
struct FileDigest {
  std::uint64_t bytes = 0;
  std::string sha256;

  static FileDigest of(std::string_view content);
  /// Throws std::system_error if it cannot be read.
  static FileDigest of_file(const std::filesystem::path& file);

  friend bool operator==(const FileDigest&, const FileDigest&) = default;
};

/// What files.json says: the files of a folder as they were when they were written. Names are relative to the
/// folder.
class FileList {
 public:
  /// `holds`: what the files are together, in a word or two.
  explicit FileList(std::string holds) : holds_(std::move(holds)) {}
  /// That of a folder; nothing if there is none, or one that does not read.
  static std::optional<FileList> read(const std::filesystem::path& folder);

  [[nodiscard]] const std::string& holds() const { return holds_; }
  [[nodiscard]] const std::map<std::string, FileDigest>& files() const { return files_; }
  [[nodiscard]] bool has(const std::string& name) const { return files_.contains(name); }
  void add(const std::string& name, FileDigest digest) { files_.insert_or_assign(name, std::move(digest)); }
  [[nodiscard]] std::string json() const;

 private:
  std::string holds_;
  std::map<std::string, FileDigest> files_;
};

/// Names of the files in a folder, also of those in its folders: "outputs/fc.npy".
std::vector<std::string> files_in(const std::filesystem::path& folder);

/// Holds the files of a folder against its list. Every fault is a phrase that follows the file's name; an
/// empty one: there is none. A folder without a list, as older versions wrote them, has no faults.
class FileCheck {
 public:
  explicit FileCheck(std::filesystem::path folder);

  [[nodiscard]] bool has_list() const { return list_.has_value(); }
  /// Of files.json itself.
  [[nodiscard]] std::string list_fault() const;
  /// Of a file that was read already.
  [[nodiscard]] std::string fault(const std::string& name, std::string_view content) const;
  /// Reads the file.
  [[nodiscard]] std::string fault(const std::string& name) const;
  /// Looks at the file's size alone.
  [[nodiscard]] std::string size_fault(const std::string& name) const;
  enum class Depth { sizes, contents };
  /// Of files.json and all files that it lists, by name. Those of `may_be_gone` need not be there.
  [[nodiscard]] std::map<std::string, std::string> faults(const std::set<std::string>& may_be_gone,
                                                          Depth depth = Depth::contents) const;

 private:
  std::filesystem::path folder_;
  std::optional<FileList> list_;
};

}  // namespace squeezebar
