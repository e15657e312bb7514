// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/layer_weights.h"

#include <algorithm>
#include <cmath>
#include <optional>

#include <fmt/format.h>

#include "sim/workload/record.h"

namespace squeezebar {
namespace {

class WeightReader {
 public:
  WeightReader(const YamlNode& node, const Place& place, const std::string& key,
               const std::filesystem::path& folder, Diagnostics& diagnostics)
      : node_(node), place_(place), key_(key), folder_(folder), diagnostics_(diagnostics) {}

  bool read_size(const WeightEntry& weight, WeightMatrix& matrix) {
    if (!read_magnitude_bits(matrix)) return false;
    std::int64_t size = 1;
    for (const std::int64_t extent : weight.shape) size *= extent;
    matrix.columns = static_cast<int>(weight.shape[0]);
    matrix.rows = static_cast<int>(size / weight.shape[0]);
    return true;
  }

  bool read_values(const TensorFile& weight, WeightMatrix& matrix) {
    if (weight.array.dtype != DType::int8 && weight.array.dtype != DType::int16) {
      diagnostics_.error(weight.place, key_ + ".weight.dtype", "must be int8 or int16");
      return false;
    }
    matrix.values = weight.array.as<std::int16_t>();
    const int limit = 1 << matrix.magnitude_bits;
    const auto outside =
        std::find_if(matrix.values.begin(), matrix.values.end(),
                     [limit](std::int16_t value) { return value <= -limit || value >= limit; });
    if (outside == matrix.values.end()) return true;
    diagnostics_.error(
        weight.place, key_ + ".weight",
        fmt::format("weight {} needs more than magnitude_bits = {} bits", *outside, matrix.magnitude_bits));
    return false;
  }

  /// One value per output channel.
  std::optional<TensorFile> read_vector(const char* name, DType dtype, int channels) {
    auto tensor = read_tensor(node_, name, key_, folder_, diagnostics_);
    if (!tensor) return std::nullopt;
    if (tensor->array.dtype == dtype && tensor->array.shape == std::vector<std::int64_t>{channels})
      return tensor;
    diagnostics_.error(tensor->place, fmt::format("{}.{}", key_, name),
                       fmt::format("must be {} of shape ({},)", dtype_name(dtype), channels));
    return std::nullopt;
  }

  std::vector<double> read_scales(const char* name, int channels) {
    const auto tensor = read_vector(name, DType::float64, channels);
    if (!tensor) return {};
    auto values = tensor->array.as<double>();
    if (std::any_of(values.begin(), values.end(), [](double v) { return !std::isfinite(v) || v <= 0; })) {
      diagnostics_.error(tensor->place, fmt::format("{}.{}", key_, name), "must be finite and positive");
    }
    return values;
  }

 private:
  bool read_magnitude_bits(WeightMatrix& matrix) {
    const YamlNode* bits = node_.value("magnitude_bits");
    const auto magnitude = bits == nullptr ? Scalar<std::int64_t>{0, "is missing"} : scalar_int(*bits);
    if (!magnitude.ok() || magnitude.value < 1 || magnitude.value > 15) {
      diagnostics_.error(bits == nullptr ? place_ : bits->place, key_ + ".magnitude_bits",
                         magnitude.ok() ? "must be between 1 and 15" : magnitude.error);
      return false;
    }
    matrix.magnitude_bits = static_cast<int>(magnitude.value);
    return true;
  }

  const YamlNode& node_;
  const Place& place_;
  const std::string& key_;
  const std::filesystem::path& folder_;
  Diagnostics& diagnostics_;
};

struct ShapeRecord {
  std::vector<std::int64_t> shape;
};

const Schema<ShapeRecord>& shape_schema() {
  static const auto schema = [] {
    Schema<ShapeRecord> s("A tensor whose values are drawn.");
    s.field("shape", &ShapeRecord::shape, {.min = 0, .doc = "Extent of each dimension."});
    return s;
  }();
  return schema;
}

}  // namespace

std::optional<WeightEntry> read_weight_entry(const YamlNode& node, const std::string& key,
                                             const std::filesystem::path& folder, bool drawn,
                                             Diagnostics& diagnostics) {
  if (!drawn) {
    auto tensor = read_tensor(node, "weight", key, folder, diagnostics);
    if (!tensor) return std::nullopt;
    return WeightEntry{tensor->place, tensor->array.shape, std::move(tensor)};
  }
  const std::size_t before = diagnostics.error_count();
  for (const char* tensor : {"bias", "multiplier", "weight_scale"}) {
    if (const YamlEntry* extra = node.find(tensor)) {
      diagnostics.error(extra->key_place, fmt::format("{}.{}", key, tensor),
                        "must be left out: a synthetic bundle makes it to suit the drawn weights");
    }
  }
  const YamlNode* weight = require(node, "weight", YamlNode::Kind::map, key, diagnostics);
  if (weight == nullptr) return std::nullopt;
  const auto record = read_map(shape_schema(), *weight, key + ".weight", diagnostics);
  if (diagnostics.error_count() != before) return std::nullopt;
  return WeightEntry{weight->place, record.shape, std::nullopt};
}

void fill_weights(const YamlNode& node, const Place& place, const std::string& key,
                  const std::filesystem::path& folder, const WeightEntry& weight, Layer& layer,
                  Diagnostics& diagnostics) {
  WeightReader reader(node, place, key, folder, diagnostics);
  if (!reader.read_size(weight, layer.weights) || !weight.tensor) return;
  if (!reader.read_values(*weight.tensor, layer.weights)) return;
  const int channels = layer.weights.columns;
  if (const auto bias = reader.read_vector("bias", DType::int32, channels))
    layer.bias = bias->array.as<std::int32_t>();
  layer.multiplier = reader.read_scales("multiplier", channels);
  reader.read_scales("weight_scale", channels);  // only provenance for the simulator, but it must be right
}

}  // namespace squeezebar
