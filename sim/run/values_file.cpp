// SPDX-License-Identifier: Apache-2.0
#include "sim/run/values_file.h"

#include <cerrno>
#include <cstring>
#include <optional>
#include <stdexcept>
#include <system_error>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "sim/base/diag.h"
#include "sim/base/whole_file.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;
using Json = nlohmann::json;

/// Higher levels take longer than the values of a small network, and save a tenth of the space.
constexpr int kLevel = 1;
/// Deflate packs at most 1032 bytes into one, and hardly ever makes more of them.
constexpr std::uint64_t kMostPacked = 1033;

struct ImageHeader {
  double signal = 0.0;
  double noise = 0.0;
  std::int32_t top1 = 0;
  std::int32_t reference_top1 = 0;
  std::uint64_t packed = 0;  ///< bytes that follow
};

[[noreturn]] void damaged(const std::string& file) {
  throw RunError(fmt::format("'{}' is damaged; run again without --reuse", file));
}

template <class T>
bool read_one(std::istream& in, T& out) {
  return static_cast<bool>(in.read(reinterpret_cast<char*>(&out), sizeof out));
}

std::vector<unsigned char> packed(const std::vector<unsigned char>& plain) {
  uLongf size = compressBound(plain.size());
  std::vector<unsigned char> out(size);
  if (compress2(out.data(), &size, plain.data(), plain.size(), kLevel) != Z_OK)
    throw RunError("values could not be compressed: out of memory");
  out.resize(size);
  return out;
}

/// Counters, lanes, waves and what is the same in all waves, layer by layer.
std::vector<unsigned char> layouts_text(const std::vector<WorkTable>& layers) {
  Json out = Json::array();
  for (const WorkTable& table : layers) {
    const WorkLayout& layout = table.layout();
    Json counters = Json::array();
    Json fixed = Json::array();
    const int count = static_cast<int>(layout.counters().size());
    for (int counter = kWaves + 1; counter < count; ++counter) {
      const Counter& what = layout.counters()[static_cast<std::size_t>(counter)];
      counters.push_back({what.name, what.most});
      for (int lane = 0; lane < layout.lanes(); ++lane) {
        if (layout.fixed(counter, lane)) fixed.push_back({counter, lane, layout.value(counter, lane)});
      }
    }
    out.push_back({{"lanes", layout.lanes()},
                   {"waves", layout.waves()},
                   {"counters", std::move(counters)},
                   {"fixed", std::move(fixed)}});
  }
  return Json::to_cbor(out);
}

std::shared_ptr<const WorkLayout> read_layout(const Json& json) {
  std::vector<Counter> counters;
  for (const Json& one : json.at("counters"))
    counters.push_back({one.at(0).get<std::string>(), one.at(1).get<Count>()});
  std::vector<FixedCount> fixed;
  for (const Json& one : json.at("fixed"))
    fixed.push_back({one.at(0).get<int>(), one.at(1).get<int>(), one.at(2).get<Count>()});
  return std::make_shared<const WorkLayout>(counters, json.at("lanes").get<int>(),
                                            json.at("waves").get<int>(), fixed);
}

std::uint64_t bytes_of(const std::vector<std::shared_ptr<const WorkLayout>>& layouts) {
  std::uint64_t out = 0;
  for (const auto& layout : layouts) out += layout->bytes();
  return out;
}

}  // namespace

ValuesWriter::ValuesWriter(fs::path file, const std::string& id, int images, std::uint64_t limit_bytes)
    : file_(std::move(file)), out_(file_, std::ios::binary), left_(limit_bytes) {
  header_.images = images;
  id.copy(header_.id.data(), header_.id.size());
}

void ValuesWriter::write_header(const ImageValues& first) {
  const std::vector<unsigned char> layouts = layouts_text(first.work);
  const std::vector<unsigned char> text = packed(layouts);
  header_.layouts = layouts.size();
  header_.packed = text.size();
  write(&header_, sizeof header_);
  write(text.data(), text.size());
  begun_ = true;
}

void ValuesWriter::add(const ImageValues& image) {
  if (!begun_) write_header(image);
  if (!kept_) return;
  std::vector<unsigned char> plain;
  for (const WorkTable& table : image.work) {
    const auto bytes = table.bytes();
    const auto* first = reinterpret_cast<const unsigned char*>(bytes.data());
    plain.insert(plain.end(), first, first + bytes.size());
  }
  const std::vector<unsigned char> text = packed(plain);
  const ImageHeader header{.signal = image.signal,
                           .noise = image.noise,
                           .top1 = image.top1,
                           .reference_top1 = image.reference_top1,
                           .packed = text.size()};
  write(&header, sizeof header);
  write(text.data(), text.size());
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
  ValuesHeader header;
  if (!read_one(in_, header) || header.magic != kValuesMagic) damaged(name_);
  try {
    const Json layouts = Json::from_cbor(read_packed(header.layouts, header.packed));
    for (const Json& layer : layouts) layouts_.push_back(read_layout(layer));
  } catch (const Json::exception&) {
    damaged(name_);
  } catch (const std::logic_error&) {
    damaged(name_);
  }
}

std::string StoredValues::fault(const fs::path& file, const std::string& id, int images) {
  std::ifstream in(file, std::ios::binary);
  if (!in) return "it has kept no values; run it with --keep-values";
  ValuesHeader header;
  if (!read_one(in, header) || header.magic != kValuesMagic || header.images != images ||
      std::string(header.id.data(), header.id.size()) != id)
    return fmt::format("its {} is of something else", kValuesFile);
  std::error_code error;
  const std::uint64_t size = fs::file_size(file, error);
  std::uint64_t at = sizeof header + header.packed;
  for (int i = 0; i < images; ++i) {
    ImageHeader image;
    if (!in.seekg(static_cast<std::streamoff>(at)) || !read_one(in, image))
      return fmt::format("its {} is cut off", kValuesFile);
    at += sizeof image + image.packed;
  }
  return !error && at == size ? "" : fmt::format("its {} is cut off", kValuesFile);
}

std::vector<unsigned char> StoredValues::read_packed(std::uint64_t plain, std::uint64_t packed) {
  // Told before memory is asked for.
  if (plain / kMostPacked > packed || packed > compressBound(plain)) damaged(name_);
  std::vector<unsigned char> text(packed);
  if (!in_.read(reinterpret_cast<char*>(text.data()), static_cast<std::streamsize>(packed))) damaged(name_);
  std::vector<unsigned char> out(plain);
  uLongf size = plain;
  if (uncompress(out.data(), &size, text.data(), packed) != Z_OK || size != plain) damaged(name_);
  return out;
}

ImageValues StoredValues::next() {
  ImageHeader header;
  if (!read_one(in_, header)) damaged(name_);
  const std::vector<unsigned char> plain = read_packed(bytes_of(layouts_), header.packed);
  ImageValues out;
  out.signal = header.signal;
  out.noise = header.noise;
  out.top1 = header.top1;
  out.reference_top1 = header.reference_top1;
  const unsigned char* at = plain.data();
  for (const auto& layout : layouts_) {
    const std::span<std::byte> bytes = out.work.emplace_back(layout).bytes();
    std::memcpy(bytes.data(), at, bytes.size());
    at += bytes.size();
  }
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
