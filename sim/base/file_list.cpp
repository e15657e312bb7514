// SPDX-License-Identifier: Apache-2.0
#include "sim/base/file_list.h"

#include <algorithm>
#include <fstream>
#include <iterator>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/hash.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::ordered_json;

constexpr int kSchemaVersion = 1;
constexpr std::size_t kDigits = 64;
constexpr const char* kOther = "is not the file that was written";

bool is_inside(const std::string& name) {
  const fs::path path(name);
  return !name.empty() && path.is_relative() && path.lexically_normal().string() == name &&
         *path.begin() != ".." && name != ".";
}

FileList parse(const Json& json) {
  if (json.at("schema_version").get<int>() != kSchemaVersion) throw std::invalid_argument("another version");
  FileList out(json.at("holds").get<std::string>());
  for (const Json& file : json.at("files")) {
    const auto name = file.at("name").get<std::string>();
    FileDigest digest{file.at("bytes").get<std::uint64_t>(), file.at("sha256").get<std::string>()};
    if (!is_inside(name) || digest.sha256.size() != kDigits || out.has(name))
      throw std::invalid_argument("no name, or no digest");
    out.add(name, std::move(digest));
  }
  return out;
}

}  // namespace

FileDigest FileDigest::of(std::string_view content) { return {content.size(), sha256_hex(content)}; }

FileDigest FileDigest::of_file(const fs::path& file) {
  std::optional<std::string> digest = sha256_hex_of_file(file);
  if (!digest) throw std::system_error(std::make_error_code(std::errc::io_error));
  return {fs::file_size(file), std::move(*digest)};
}

std::optional<FileList> FileList::read(const fs::path& folder) {
  std::ifstream in(folder / kListFile, std::ios::binary);
  if (!in) return std::nullopt;
  try {
    return parse(Json::parse(in));
  } catch (const std::exception&) {
    return std::nullopt;
  }
}

std::string FileList::json() const {
  Json files = Json::array();
  for (const auto& [name, digest] : files_)
    files.push_back({{"name", name}, {"bytes", digest.bytes}, {"sha256", digest.sha256}});
  const Json out{{"schema_version", kSchemaVersion}, {"holds", holds_}, {"files", std::move(files)}};
  return out.dump(1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::vector<std::string> files_in(const fs::path& folder) {
  std::vector<std::string> out;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(folder)) {
    if (entry.is_symlink() || !entry.is_directory())
      out.push_back(entry.path().lexically_relative(folder).generic_string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

FileCheck::FileCheck(fs::path folder) : folder_(std::move(folder)), list_(FileList::read(folder_)) {}

std::string FileCheck::list_fault() const {
  std::error_code ec;
  return !list_ && fs::exists(folder_ / kListFile, ec) ? "does not read" : "";
}

std::string FileCheck::fault(const std::string& name, std::string_view content) const {
  if (!list_) return {};
  const auto listed = list_->files().find(name);
  if (listed == list_->files().end()) return fmt::format("is not in {}", kListFile);
  return listed->second == FileDigest::of(content) ? "" : kOther;
}

std::string FileCheck::size_fault(const std::string& name) const {
  if (!list_) return {};
  const auto listed = list_->files().find(name);
  if (listed == list_->files().end()) return fmt::format("is not in {}", kListFile);
  std::error_code ec;
  const std::uint64_t bytes = fs::file_size(folder_ / name, ec);
  if (ec) return ec == std::errc::no_such_file_or_directory ? "is missing" : ec.message();
  return bytes == listed->second.bytes ? "" : kOther;
}

std::string FileCheck::fault(const std::string& name) const {
  std::string out = size_fault(name);
  if (!list_ || !out.empty()) return out;
  const std::optional<std::string> digest = sha256_hex_of_file(folder_ / name);
  if (!digest) return "cannot be read";
  return *digest == list_->files().at(name).sha256 ? "" : kOther;
}

std::map<std::string, std::string> FileCheck::faults(const std::set<std::string>& may_be_gone,
                                                     Depth depth) const {
  std::map<std::string, std::string> out;
  if (std::string why = list_fault(); !why.empty()) out.emplace(kListFile, std::move(why));
  if (!list_) return out;
  for (const auto& [name, digest] : list_->files()) {
    std::error_code ec;
    if (may_be_gone.contains(name) && !fs::exists(folder_ / name, ec)) continue;
    std::string why = depth == Depth::sizes ? size_fault(name) : fault(name);
    if (!why.empty()) out.emplace(name, std::move(why));
  }
  return out;
}

}  // namespace squeezebar
