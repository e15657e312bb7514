// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sim/base/file_list.h"
#include "sim/base/hash.h"
#include "sim/report/run_files.h"
#include "sim/run/image_values.h"

namespace squeezebar {

inline constexpr std::array<char, 8> kValuesMagic{'S', 'Q', 'Z', 'V', 'A', 'L', '0', '3'};

/// What such a file begins with; then come the layouts of the layers' work, packed.
struct ValuesHeader {
  std::array<char, 8> magic = kValuesMagic;
  std::array<char, 24> id{};
  std::int64_t images = 0;
  std::uint64_t layouts = 0;  ///< bytes, not packed
  std::uint64_t packed = 0;   ///< bytes
};

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
  void write_header(const ImageValues& first);
  void write(const void* bytes, std::size_t count);
  void give_up();
  [[noreturn]] void refuse() const;

  std::filesystem::path file_;
  std::ofstream out_;
  std::uint64_t left_;
  std::uint64_t written_ = 0;
  Sha256 hash_;
  bool kept_ = true;
  ValuesHeader header_;
  bool begun_ = false;  ///< the header is written
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
  [[nodiscard]] std::vector<unsigned char> read_packed(std::uint64_t plain, std::uint64_t packed);

  std::string name_;
  std::ifstream in_;
  std::vector<std::shared_ptr<const WorkLayout>> layouts_;  ///< [layer]
  int at_ = 0;                                              ///< number of the next image in the file
};

}  // namespace squeezebar
