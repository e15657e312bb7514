// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/tensor_file.h"

#include <algorithm>
#include <cstring>

#include <fmt/format.h>

#include "sim/base/hash.h"
#include "sim/workload/record.h"

namespace squeezebar {
namespace {

struct Reference {
  std::string file;
  DType dtype = DType::uint8;
  std::vector<std::int64_t> shape;
  std::string sha256;
};

const Schema<Reference>& reference_schema() {
  static const auto schema = [] {
    Schema<Reference> s("A tensor in a file of its own.");
    s.field("file", &Reference::file, {.doc = "A .npy file in the folder or below it."})
        .choice("dtype", &Reference::dtype,
                {{"int8", DType::int8},
                 {"uint8", DType::uint8},
                 {"int16", DType::int16},
                 {"uint16", DType::uint16},
                 {"int32", DType::int32},
                 {"int64", DType::int64},
                 {"float64", DType::float64}},
                {.doc = "Type of the values."})
        .field("shape", &Reference::shape, {.min = 0, .doc = "Extent of each dimension."})
        .field("sha256", &Reference::sha256, {.doc = "SHA-256 of the file."});
    s.rule("file", [](const Reference& r) {
      const std::filesystem::path path(r.file);
      bool inside = !r.file.empty() && !path.is_absolute();
      for (const auto& part : path) inside = inside && part != "..";
      return inside ? std::string() : std::string("must lie inside the folder of the file that names it");
    });
    return s;
  }();
  return schema;
}

/// Whether links lead from a path in the folder to another place: such a bundle is not whole.
bool leads_outside(const std::filesystem::path& path, const std::filesystem::path& folder) {
  std::error_code unknown;
  const auto target = std::filesystem::weakly_canonical(path, unknown);
  const auto root = std::filesystem::weakly_canonical(folder, unknown);
  if (unknown) return false;  // reading it says what is wrong
  return std::mismatch(root.begin(), root.end(), target.begin(), target.end()).first != root.end();
}

/// The first value outside [min, max], if there is one.
template <class T>
std::optional<std::int64_t> find_outside(const NpyArray& array, std::int64_t min, std::int64_t max) {
  for (std::size_t at = 0; at < array.data.size(); at += sizeof(T)) {
    T value{};
    std::memcpy(&value, array.data.data() + at, sizeof(T));
    if (value < min || value > max) return value;
  }
  return std::nullopt;
}

std::optional<std::int64_t> find_outside(const NpyArray& array, std::int64_t min, std::int64_t max) {
  switch (array.dtype) {
    case DType::int8:
      return find_outside<std::int8_t>(array, min, max);
    case DType::uint8:
      return find_outside<std::uint8_t>(array, min, max);
    case DType::int16:
      return find_outside<std::int16_t>(array, min, max);
    case DType::uint16:
      return find_outside<std::uint16_t>(array, min, max);
    case DType::int32:
      return find_outside<std::int32_t>(array, min, max);
    default:
      return find_outside<std::int64_t>(array, min, max);
  }
}

}  // namespace

std::optional<TensorFile> read_tensor(const YamlNode& map, std::string_view name, const std::string& key,
                                      const std::filesystem::path& folder, Diagnostics& diagnostics) {
  const YamlNode* node = require(map, name, YamlNode::Kind::map, key, diagnostics);
  if (node == nullptr) return std::nullopt;
  const std::string full = key.empty() ? std::string(name) : fmt::format("{}.{}", key, name);
  const std::size_t before = diagnostics.error_count();
  const auto reference = read_map(reference_schema(), *node, full, diagnostics);
  if (diagnostics.error_count() != before) return std::nullopt;
  const auto fail = [&](std::string_view field, const std::string& message) {
    const YamlNode* at = node->value(field);
    diagnostics.error(at != nullptr ? at->place : node->place, fmt::format("{}.{}", full, field), message);
    return std::nullopt;
  };
  TensorFile out;
  out.place = node->place;
  const auto path = folder / reference.file;
  if (leads_outside(path, folder))
    return fail("file", fmt::format("'{}' is a link to outside the bundle; copy the file into the bundle",
                                    reference.file));
  if (const std::string error = read_npy(path, out.array); !error.empty()) {
    return fail("file", fmt::format("'{}' cannot be used: {}", reference.file, error));
  }
  if (out.array.dtype != reference.dtype) {
    return fail("dtype", fmt::format("is {}, but '{}' holds {}", dtype_name(reference.dtype), reference.file,
                                     dtype_name(out.array.dtype)));
  }
  if (out.array.shape != reference.shape) {
    return fail("shape", fmt::format("is {}, but '{}' holds {}", shape_text(reference.shape), reference.file,
                                     shape_text(out.array.shape)));
  }
  const auto digest = sha256_hex_of_file(path);
  if (!digest || *digest != reference.sha256) {
    return fail("sha256", fmt::format("does not match '{}': the file was changed after that was written",
                                      reference.file));
  }
  return out;
}

void check_codes(const TensorFile& tensor, const Quantisation& quantisation, const std::string& key,
                 Diagnostics& diagnostics) {
  if (tensor.array.dtype == DType::float64) {
    diagnostics.error(tensor.place, key, "must hold integer codes");
    return;
  }
  if (const auto code = find_outside(tensor.array, quantisation.min, quantisation.max)) {
    diagnostics.error(tensor.place, key,
                      fmt::format("code {} is outside [{}, {}]", *code, quantisation.min, quantisation.max));
  }
}

}  // namespace squeezebar
