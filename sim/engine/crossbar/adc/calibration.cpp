// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/adc/calibration.h"

#include <algorithm>
#include <cstring>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/base/document.h"
#include "sim/base/hash.h"
#include "sim/base/whole_file.h"
#include "sim/base/yaml.h"
#include "sim/terms/adc_transfer.h"
#include "sim/workload/record.h"
#include "sim/workload/tensor_file.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

constexpr const char* kFormat = "squeezebar-calibration";
constexpr std::int64_t kFormatVersion = 1;
/// So that a layer's histograms can be added up in 64 bits.
constexpr std::int64_t kMostConversions = std::int64_t{1} << 62;

struct Header {
  std::string format;
  std::int64_t version = 0;
  std::string tool_version;
  std::string workload;
  std::string workload_hash;
  std::int64_t first_image = 0;
  std::int64_t images = 0;
};

const Schema<Header>& header_schema() {
  static const auto schema = [] {
    Schema<Header> s("Column sums of a mapped network on sample inputs.");
    s.field("format", &Header::format, {.doc = "Always squeezebar-calibration."})
        .field("version", &Header::version, {.doc = "Version of the format."})
        .field("tool_version", &Header::tool_version, {.doc = "Version of the program that wrote it."})
        .field("workload", &Header::workload, {.doc = "Name of the network."})
        .field("workload_hash", &Header::workload_hash, {.doc = "SHA-256 of the bundle's network.yaml."})
        .field("first_image", &Header::first_image,
               {.min = 0, .doc = "The first sample input that was run, counted from 0."})
        .field("images", &Header::images, {.min = 1, .doc = "Sample inputs that were run."});
    s.rule("format", [](const Header& h) {
      return h.format == kFormat ? std::string() : fmt::format("'{}' is not {}", h.format, kFormat);
    });
    s.rule("version", [](const Header& h) {
      return h.version == kFormatVersion
                 ? std::string()
                 : fmt::format("format version {} is not supported (this program reads {})", h.version,
                               kFormatVersion);
    });
    return s;
  }();
  return schema;
}

struct LayerRecord {
  std::string name;
};

const Schema<LayerRecord>& layer_schema() {
  static const auto schema = [] {
    Schema<LayerRecord> s("The histograms of a layer, [crossbar][sum].");
    s.field("name", &LayerRecord::name, {.doc = "Name of the layer."});
    return s;
  }();
  return schema;
}

void read_config(const YamlNode& root, Calibration& out, Diagnostics& diagnostics) {
  const YamlNode* config = require(root, "config", YamlNode::Kind::map, "", diagnostics);
  if (config == nullptr) return;
  for (const YamlEntry& entry : config->entries) {
    const Scalar<std::string> text = scalar_text(entry.value);
    if (text.ok()) {
      out.config[entry.key] = text.value;
    } else {
      diagnostics.error(entry.value.place, "config." + entry.key, text.error);
    }
  }
}

/// What is wrong with an array as histograms; empty if nothing is.
std::string fault_of(const NpyArray& array) {
  if (array.dtype != DType::int64) return "must hold int64 counts";
  if (array.shape.size() != 2) return "must have two dimensions, crossbars and sums";
  if (array.shape[0] > 0 && (array.shape[1] < 1 || array.shape[1] > kMaxColumnSum + 1))
    return fmt::format("must have 1 to {} sums for each crossbar", kMaxColumnSum + 1);
  std::int64_t total = 0;
  for (const std::int64_t count : array.as<std::int64_t>()) {
    if (count < 0) return fmt::format("holds the count {}", count);
    if (count > kMostConversions - total) return "holds more conversions than can be added up";
    total += count;
  }
  return "";
}

std::vector<SumHistogram> histograms_of(const NpyArray& array) {
  const std::vector<std::int64_t> counts = array.as<std::int64_t>();
  std::vector<SumHistogram> out;
  for (std::int64_t c = 0; c < array.shape[0]; ++c) {
    const auto first = counts.begin() + c * array.shape[1];
    out.emplace_back(first, first + array.shape[1]);
  }
  return out;
}

void read_layer(const YamlNode& node, const fs::path& folder, Calibration& out, Diagnostics& diagnostics) {
  LayerSums layer{read_map(layer_schema(), node, "layers", diagnostics, {"histograms"}).name, {}};
  if (!node.is_map()) return;
  const auto file = read_tensor(node, "histograms", layer.layer, folder, diagnostics);
  if (!file) return;
  if (const std::string fault = fault_of(file->array); !fault.empty()) {
    diagnostics.error(file->place, layer.layer + ".histograms", fault);
    return;
  }
  layer.crossbars = histograms_of(file->array);
  out.layers.push_back(std::move(layer));
}

/// The largest sum that any of the crossbars had, and one.
std::size_t width_of(const LayerSums& layer) {
  std::size_t width = 1;
  for (const SumHistogram& sums : layer.crossbars) {
    const auto last = std::find_if(sums.rbegin(), sums.rend(), [](std::int64_t n) { return n > 0; });
    width = std::max(width, static_cast<std::size_t>(sums.rend() - last));
  }
  return width;
}

/// Writes the histograms of a layer; returns how the YAML file refers to them.
std::string write_layer(const LayerSums& layer, const fs::path& folder, std::size_t number) {
  const std::size_t width = width_of(layer);
  const std::vector<std::int64_t> shape{static_cast<std::int64_t>(layer.crossbars.size()),
                                        static_cast<std::int64_t>(width)};
  const std::size_t bytes = layer.crossbars.size() * width * sizeof(std::int64_t);
  if (bytes > kLargestNpyFile)
    throw std::runtime_error(fmt::format("the sums of layer '{}' take more than 4 GiB", layer.layer));
  std::vector<char> data(bytes);
  for (std::size_t c = 0; c < layer.crossbars.size(); ++c) {
    const SumHistogram& sums = layer.crossbars[c];
    std::memcpy(data.data() + c * width * sizeof(std::int64_t), sums.data(),
                std::min(width, sums.size()) * sizeof(std::int64_t));
  }
  // A layer's name need not be one of a file.
  const std::string file = fmt::format("layer_{}.npy", number);
  write_npy(folder / file, DType::int64, shape, data);
  return fmt::format(
      "  - name: {}\n    histograms: {{file: {}, dtype: int64, shape: [{}, {}], sha256: {}}}\n",
      yaml_quote(layer.layer), file, shape[0], shape[1], sha256_hex_of_file(folder / file).value_or(""));
}

}  // namespace

void write_calibration(const Calibration& calibration, const fs::path& folder) {
  std::string text = fmt::format(
      "# How often each column sum reached the ADCs of each crossbar: histograms[crossbar][sum]. Written by "
      "squeezebar calibrate.\n"
      "format: {}\nversion: {}\ntool_version: {}\nworkload: {}\nworkload_hash: {}\nfirst_image: {}\nimages: "
      "{}\nconfig:\n",
      kFormat, kFormatVersion, yaml_quote(calibration.tool_version), yaml_quote(calibration.workload),
      yaml_quote(calibration.workload_hash), calibration.first_image, calibration.images);
  for (const auto& [key, value] : calibration.config)
    text += fmt::format("  {}: {}\n", yaml_quote(key), yaml_quote(value));
  text += calibration.layers.empty() ? "layers: []\n" : "layers:\n";
  for (std::size_t i = 0; i < calibration.layers.size(); ++i)
    text += write_layer(calibration.layers[i], folder, i);
  write_whole_file(folder / kCalibrationFile, text);
}

std::optional<Calibration> read_calibration(const fs::path& folder, Diagnostics& diagnostics) {
  const fs::path path = folder / kCalibrationFile;
  const std::size_t errors_before = diagnostics.error_count();
  const std::optional<std::string> text = read_text_file(path, diagnostics);
  if (!text) return std::nullopt;
  const std::optional<YamlNode> root =
      parse_yaml_map(*text, path.string(), "a map that says what was counted", diagnostics);
  if (!root) return std::nullopt;
  const Header header = read_map(header_schema(), *root, "", diagnostics, {"config", "layers"});
  Calibration out{.tool_version = header.tool_version,
                  .workload = header.workload,
                  .workload_hash = header.workload_hash,
                  .first_image = header.first_image,
                  .images = header.images,
                  .config = {},
                  .layers = {},
                  .hash = sha256_hex(*text)};
  read_config(*root, out, diagnostics);
  if (const YamlNode* layers = require(*root, "layers", YamlNode::Kind::sequence, "", diagnostics)) {
    for (const YamlNode& layer : layers->items) read_layer(layer, folder, out, diagnostics);
  }
  return diagnostics.error_count() == errors_before ? std::optional(std::move(out)) : std::nullopt;
}

}  // namespace squeezebar
