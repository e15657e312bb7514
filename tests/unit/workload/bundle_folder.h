// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "sim/workload/bundle.h"
#include "tests/tiny_bundle.h"

namespace squeezebar::test {

/// A copy of the tiny bundle in a folder of its own, which goes with the object.
class BundleFolder {
 public:
  BundleFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "squeezebar_bundle_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    write_tiny_tensors(path_);
    write("provenance.yaml", "source: made by hand\nmethod: none\ncommand: none\nsparsity: 0.25\n");
    write_network(kTinyNetwork);
  }
  ~BundleFolder() { std::filesystem::remove_all(path_); }
  BundleFolder(const BundleFolder&) = delete;
  BundleFolder& operator=(const BundleFolder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(const std::string& file, const std::string& text) const { std::ofstream(path_ / file) << text; }
  void write_network(const std::string& text) const { write("network.yaml", with_digests(text, path_)); }

  /// What load_bundle says, one message a line, without the folder.
  [[nodiscard]] std::string errors() const {
    Diagnostics diagnostics;
    static_cast<void>(load_bundle(path_, diagnostics));
    std::string text = diagnostics.text();
    const std::string prefix = path_.string() + "/";
    for (std::size_t at = text.find(prefix); at != std::string::npos; at = text.find(prefix))
      text.erase(at, prefix.size());
    return text;
  }

 private:
  std::filesystem::path path_;
};

}  // namespace squeezebar::test
