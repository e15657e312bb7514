// SPDX-License-Identifier: Apache-2.0
#include "sim/run/values_file.h"

#include <array>
#include <cerrno>
#include <cstring>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <zlib.h>

#include "sim/base/diag.h"
#include "sim/base/whole_file.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

constexpr std::array<char, 8> kMagic{'S', 'Q', 'Z', 'V', 'A', 'L', '0', '2'};
constexpr std::size_t kIdDigits = 24;
/// Higher levels take longer than the values of a small network, and save a tenth of the space.
constexpr int kLevel = 1;
/// Every count of a wave, one after the other: alike numbers stand side by side, and pack well.
constexpr std::array kCounts{&WaveActivity::bit_cycles, &WaveActivity::skipped, &WaveActivity::ones,
                             &WaveActivity::clipped,    &WaveActivity::steps,   &WaveActivity::ou_reads,
                             &WaveActivity::ou_drives,  &WaveActivity::ou_all,  &WaveActivity::ou_mapped,
                             &WaveActivity::ou_occupied};
static_assert(sizeof(WaveActivity) == kCounts.size() * sizeof(std::uint32_t), "every count is kept");

struct FileHeader {
  std::array<char, 8> magic = kMagic;
  std::array<char, kIdDigits> id{};
  std::int64_t images = 0;
};

struct ImageHeader {
  double signal = 0.0;
  double noise = 0.0;
  std::int32_t top1 = 0;
  std::int32_t reference_top1 = 0;
  std::uint32_t layers = 0;
  std::uint32_t waves = 0;   ///< of all layers and row groups
  std::uint64_t packed = 0;  ///< bytes that follow
};

[[noreturn]] void damaged(const std::string& file) {
  throw RunError(fmt::format("'{}' is damaged; run again without --reuse", file));
}

template <class T>
bool read_one(std::istream& in, T& out) {
  return static_cast<bool>(in.read(reinterpret_cast<char*>(&out), sizeof out));
}

std::size_t plain_size(const ImageHeader& header) {
  return (header.layers + std::size_t{header.waves} * kCounts.size()) * sizeof(std::uint32_t);
}

/// Waves of each layer, then the counts of all waves.
std::vector<unsigned char> flatten(const ImageValues& image, const ImageHeader& header) {
  std::vector<unsigned char> out(plain_size(header));
  unsigned char* at = out.data();
  const auto put = [&at](std::uint32_t number) {
    std::memcpy(at, &number, sizeof number);
    at += sizeof number;
  };
  for (const auto& layer : image.activity) put(static_cast<std::uint32_t>(layer.size()));
  for (const auto count : kCounts) {
    for (const auto& layer : image.activity) {
      for (const WaveActivity& wave : layer) put(wave.*count);
    }
  }
  return out;
}

bool unflatten(const std::vector<unsigned char>& plain, const ImageHeader& header, ImageValues& image) {
  const unsigned char* at = plain.data();
  const auto get = [&at] {
    std::uint32_t number = 0;
    std::memcpy(&number, at, sizeof number);
    at += sizeof number;
    return number;
  };
  std::uint64_t waves = 0;
  std::vector<std::uint32_t> sizes(header.layers);
  for (std::uint32_t& size : sizes) waves += size = get();
  if (waves != header.waves) return false;
  for (const std::uint32_t size : sizes) image.activity.emplace_back(size);
  for (const auto count : kCounts) {
    for (auto& layer : image.activity) {
      for (WaveActivity& wave : layer) wave.*count = get();
    }
  }
  return true;
}

}  // namespace

ValuesWriter::ValuesWriter(fs::path file, const std::string& id, int images, std::uint64_t limit_bytes)
    : file_(std::move(file)), out_(file_, std::ios::binary), left_(limit_bytes) {
  FileHeader header;
  header.images = images;
  id.copy(header.id.data(), header.id.size());
  write(&header, sizeof header);
}

void ValuesWriter::add(const ImageValues& image) {
  if (!kept_) return;
  ImageHeader header{.signal = image.signal,
                     .noise = image.noise,
                     .top1 = image.top1,
                     .reference_top1 = image.reference_top1,
                     .layers = static_cast<std::uint32_t>(image.activity.size())};
  for (const auto& layer : image.activity) header.waves += static_cast<std::uint32_t>(layer.size());
  plain_ = flatten(image, header);
  uLongf size = compressBound(plain_.size());
  packed_.resize(size);
  if (compress2(packed_.data(), &size, plain_.data(), plain_.size(), kLevel) != Z_OK)
    throw RunError("values could not be compressed: out of memory");
  header.packed = size;
  write(&header, sizeof header);
  write(packed_.data(), size);
}

void ValuesWriter::write(const void* bytes, std::size_t count) {
  if (count > left_) give_up();
  if (!kept_) return;
  left_ -= count;
  written_ += count;
  hash_.update(std::span(static_cast<const std::byte*>(bytes), count));
  errno = 0;
  if (!out_.write(static_cast<const char*>(bytes), static_cast<std::streamsize>(count))) refuse();
}

void ValuesWriter::give_up() {
  kept_ = false;
  out_.close();
  std::error_code ignored;
  fs::remove(file_, ignored);
}

std::optional<FileDigest> ValuesWriter::finish() {
  if (!kept_) return std::nullopt;
  errno = 0;
  out_.close();
  if (!out_) refuse();
  return FileDigest{written_, hash_.hex()};
}

void ValuesWriter::refuse() const { throw cannot_write(file_, errno); }

StoredValues::StoredValues(const fs::path& file) : name_(file.string()), in_(file, std::ios::binary) {
  FileHeader header;
  if (!read_one(in_, header) || header.magic != kMagic) damaged(name_);
}

std::string StoredValues::fault(const fs::path& file, const std::string& id, int images) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return "it has kept no values; run it with --keep-values";
  FileHeader header;
  if (!read_one(in, header) || header.magic != kMagic || header.images != images ||
      std::string(header.id.data(), header.id.size()) != id)
    return fmt::format("its {} is of something else", kValuesFile);
  std::error_code error;
  const std::uint64_t size = fs::file_size(file, error);
  std::uint64_t at = sizeof header;
  for (int i = 0; i < images; ++i) {
    ImageHeader image;
    if (!in.seekg(static_cast<std::streamoff>(at)) || !read_one(in, image))
      return fmt::format("its {} is cut off", kValuesFile);
    at += sizeof image + image.packed;
  }
  return !error && at == size ? "" : fmt::format("its {} is cut off", kValuesFile);
}

ImageValues StoredValues::next() {
  ImageHeader header;
  if (!read_one(in_, header)) damaged(name_);
  // Told before memory is asked for: deflate packs at most 1032 bytes into one, and hardly ever makes more of
  // them.
  if (plain_size(header) / 1033 > header.packed || header.packed > compressBound(plain_size(header)))
    damaged(name_);
  std::vector<unsigned char> plain(plain_size(header));
  std::vector<unsigned char> packed(header.packed);
  if (!in_.read(reinterpret_cast<char*>(packed.data()), static_cast<std::streamsize>(packed.size())))
    damaged(name_);
  uLongf size = plain.size();
  if (uncompress(plain.data(), &size, packed.data(), packed.size()) != Z_OK || size != plain.size())
    damaged(name_);
  ImageValues out;
  out.signal = header.signal;
  out.noise = header.noise;
  out.top1 = header.top1;
  out.reference_top1 = header.reference_top1;
  if (!unflatten(plain, header, out)) damaged(name_);
  return out;
}

std::vector<ImageValues> StoredValues::values(int first, int last, int threads) {
  (void)threads;  // a file is read from its beginning to its end
  if (first != at_) throw RunError(fmt::format("image {} of '{}' was read out of turn", first, name_));
  std::vector<ImageValues> out;
  for (; at_ < last; ++at_) out.push_back(next());
  return out;
}

}  // namespace squeezebar
