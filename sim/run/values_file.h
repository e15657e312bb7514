// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <fstream>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/file_list.h"
#include "sim/base/hash.h"
#include "sim/report/run_files.h"
#include "sim/run/image_values.h"

namespace squeezebar {

/// Keeps on disk what each image did (not the network's outputs), for runs that differ in time alone.
class ValuesWriter {
 public:
  /// `id`: RunIdentity::values_id. No file is left if it would get larger than `limit_bytes`.
  ValuesWriter(std::filesystem::path file, const std::string& id, int images, std::uint64_t limit_bytes);

  /// Images come in order.
  void add(const ImageValues& image);
  /// Of the file, if it was kept. Throws UserError if it could not be written.
  std::optional<FileDigest> finish();

 private:
  void write(const void* bytes, std::size_t count);
  void give_up();
  [[noreturn]] void refuse() const;

  std::filesystem::path file_;
  std::ofstream out_;
  std::uint64_t left_;
  std::uint64_t written_ = 0;
  Sha256 hash_;
  bool kept_ = true;
  std::vector<unsigned char> plain_;
  std::vector<unsigned char> packed_;
};

/// Reads such a file.
class StoredValues final : public ValueSource {
 public:
  /// Throws RunError if it cannot be read.
  explicit StoredValues(const std::filesystem::path& file);

  /// Why a file is not of use for a run with this name of its values, in a few words; empty: it is.
  static std::string fault(const std::filesystem::path& file, const std::string& id, int images);

  [[nodiscard]] std::vector<ImageValues> values(int first, int last, int threads) override;

 private:
  [[nodiscard]] ImageValues next();

  std::string name_;
  std::ifstream in_;
  int at_ = 0;  ///< number of the next image in the file
};

}  // namespace squeezebar
