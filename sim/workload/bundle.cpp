// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/bundle.h"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "sim/base/document.h"
#include "sim/base/hash.h"
#include "sim/base/random_stream.h"
#include "sim/workload/draw.h"
#include "sim/workload/graph.h"
#include "sim/workload/record.h"
#include "sim/workload/tensor_file.h"

namespace squeezebar {
namespace {

constexpr std::int64_t kFormatVersion = 1;
constexpr std::int64_t kMostSamples = 1 << 30;

struct Header {
  std::string format;
  std::int64_t version = 0;
  std::string name;
  std::string output;
};

const Schema<Header>& header_schema() {
  static const auto schema = [] {
    Schema<Header> s("A quantised network with its tensors.");
    s.field("format", &Header::format, {.doc = "Always squeezebar-bundle."})
        .field("version", &Header::version, {.doc = "Version of the bundle format."})
        .field("name", &Header::name, {.doc = "Name of the network."})
        .field("output", &Header::output, {.doc = "The layer whose output is the network's result."});
    s.rule("format", [](const Header& h) {
      return h.format == "squeezebar-bundle" ? std::string()
                                             : fmt::format("'{}' is not squeezebar-bundle", h.format);
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

void read_samples(const YamlNode& node, Bundle& bundle, Diagnostics& diagnostics) {
  static const Schema<NoParams> schema("Labelled inputs.");
  NoParams none;
  read_map(schema, &none, node, "samples", diagnostics, {"inputs", "labels"});
  auto inputs = read_tensor(node, "inputs", "samples", bundle.folder, diagnostics);
  if (!inputs) return;
  const FeatureShape& shape = bundle.network.input_shape;
  const std::vector<std::int64_t> wanted{inputs->array.shape.empty() ? 0 : inputs->array.shape[0],
                                         shape.channels, shape.height, shape.width};
  if (inputs->array.shape != wanted) {
    diagnostics.error(
        inputs->place, "samples.inputs.shape",
        fmt::format("is {}, but the network's input needs (n, {}, {}, {})", shape_text(inputs->array.shape),
                    shape.channels, shape.height, shape.width));
    return;
  }
  if (wanted[0] == 0) {
    diagnostics.error(inputs->place, "samples.inputs", "holds no sample");
    return;
  }
  check_codes(*inputs, bundle.network.input, "samples.inputs", diagnostics);
  if (wanted[0] > kMostSamples) {
    diagnostics.error(inputs->place, "samples.inputs",
                      fmt::format("holds more than {} samples", kMostSamples));
    return;
  }
  bundle.samples.inputs = std::move(inputs->array);

  if (node.value("labels") == nullptr) return;
  const auto labels = read_tensor(node, "labels", "samples", bundle.folder, diagnostics);
  if (!labels) return;
  if (labels->array.shape != std::vector<std::int64_t>{wanted[0]}) {
    diagnostics.error(
        labels->place, "samples.labels.shape",
        fmt::format("is {}, but there are {} inputs", shape_text(labels->array.shape), wanted[0]));
    return;
  }
  if (labels->array.dtype == DType::float64) {
    diagnostics.error(labels->place, "samples.labels.dtype", "must be an integer type");
    return;
  }
  const auto classes = bundle.network.shape(bundle.network.output).size();
  for (const std::int64_t label : labels->array.as<std::int64_t>()) {
    if (label < 0 || label >= classes) {
      diagnostics.error(labels->place, "samples.labels",
                        fmt::format("label {} is not one of the network's {} outputs", label, classes));
      return;
    }
    bundle.samples.labels.push_back(static_cast<int>(label));
  }
}

void read_expected(const YamlNode& node, Bundle& bundle, Diagnostics& diagnostics) {
  static const Schema<NoParams> schema("Outputs of the integer reference for the first samples.");
  NoParams none;
  read_map(schema, &none, node, "expected", diagnostics, {"outputs"});
  const auto outputs = read_tensor(node, "outputs", "expected", bundle.folder, diagnostics);
  if (!outputs) return;
  const auto& array = outputs->array;
  const std::int64_t count = array.shape.empty() ? 0 : array.shape[0];
  const std::int64_t size = bundle.network.shape(bundle.network.output).size();
  if (count == 0 || count > bundle.samples.count() || array.size() != count * size) {
    diagnostics.error(outputs->place, "expected.outputs.shape",
                      fmt::format("is {}, but there are {} samples of {} outputs", shape_text(array.shape),
                                  bundle.samples.count(), size));
    return;
  }
  check_codes(*outputs, bundle.network.quantisation(bundle.network.output), "expected.outputs", diagnostics);
  bundle.expected = array;
}

/// How many samples the float accuracy was measured with, and which of them the network got wrong.
void read_float_wrong(const YamlNode& root, Provenance& out, Diagnostics& diagnostics) {
  if (const YamlNode* node = root.value("accuracy_images"); node != nullptr && !node->is_null()) {
    const auto number = scalar_int(*node);
    if (!number.ok() || number.value < 1) {
      diagnostics.error(node->place, "accuracy_images", "must be a whole number of samples, 1 or more");
      return;
    }
    out.accuracy_images = number.value;
  }
  const YamlNode* node = root.value("float_wrong");
  if (node == nullptr || node->is_null()) return;
  std::vector<std::int64_t> wrong;
  bool ascending = node->is_sequence() && out.accuracy_images.has_value();
  for (const YamlNode& item : node->items) {
    const auto index = scalar_int(item);
    ascending = ascending && index.ok() && index.value > (wrong.empty() ? -1 : wrong.back()) &&
                index.value < *out.accuracy_images;
    if (!ascending) break;
    wrong.push_back(index.value);
  }
  if (!ascending) {
    diagnostics.error(node->place, "float_wrong",
                      "must list samples in ascending order, from 0 to less than accuracy_images");
    return;
  }
  out.float_wrong = std::move(wrong);
}

Provenance read_provenance(const std::filesystem::path& path, Diagnostics& diagnostics) {
  Provenance out;
  const auto root = only_map(load_yaml(path, diagnostics), path.string(),
                             "a map that says how the bundle was made", diagnostics);
  if (!root) return out;
  const auto text = [&](std::string_view key, std::string& value) {
    if (const YamlNode* node = root->value(key); node != nullptr && node->is_scalar()) value = node->text;
  };
  const auto fraction = [&](std::string_view key, std::optional<double>& value) {
    const YamlNode* node = root->value(key);
    if (node == nullptr || node->is_null()) return;
    const auto number = scalar_real(*node);
    if (!number.ok() || number.value < 0 || number.value > 1) {
      diagnostics.error(node->place, std::string(key), "must be a fraction between 0 and 1");
      return;
    }
    value = number.value;
  };
  text("source", out.source);
  text("method", out.method);
  text("command", out.command);
  fraction("float_accuracy_top1", out.float_accuracy_top1);
  fraction("sparsity", out.sparsity);
  read_float_wrong(*root, out, diagnostics);
  return out;
}

/// Draws weights and biases into a network of shapes. `node` is the map `synthetic`.
void draw_network(const YamlNode& node, const DrawOptions& draw, Bundle& bundle, Diagnostics& diagnostics) {
  std::int64_t weights = 0;
  for (const Layer& layer : bundle.network.layers)
    weights += std::int64_t{layer.weights.rows} * layer.weights.columns;
  if (weights > draw.most_weights) {
    diagnostics.error(
        node.place, "synthetic",
        fmt::format("the network has {} weights, at most {} are drawn", weights, draw.most_weights));
    return;
  }
  std::string layer;
  if (!draw_weights(*bundle.synthetic, bundle.seed, bundle.network, layer)) {
    diagnostics.error(
        node.place, layer,
        "the zero point of its input needs biases of more than 32 bits; choose one nearer to 0");
  }
}

/// A synthetic bundle has nothing but shapes.
void refuse_tensors(const YamlNode& root, Diagnostics& diagnostics) {
  for (const char* key : {"samples", "expected"}) {
    if (const YamlEntry* entry = root.find(key)) {
      diagnostics.error(
          entry->key_place, key,
          "must be left out: the weights of a synthetic bundle are drawn, and so are its images");
    }
  }
}

}  // namespace

int Bundle::images() const { return drawn_inputs ? static_cast<int>(kMostSamples) : samples.count(); }

Bundle load_bundle(const std::filesystem::path& folder, Diagnostics& diagnostics, const DrawOptions& draw) {
  Bundle bundle;
  bundle.folder = folder;
  std::error_code ec;
  if (!std::filesystem::is_directory(folder, ec)) {
    diagnostics.error({}, "workload.bundle", fmt::format("there is no folder '{}'", folder.string()));
    return bundle;
  }
  const auto path = folder / "network.yaml";
  const auto text = read_text_file(path, diagnostics);
  if (!text) return bundle;
  bundle.hash = sha256_hex(*text);
  const auto root = parse_yaml_map(*text, path.string(), "a map that describes a network", diagnostics);
  if (!root) return bundle;
  const Header header = read_map(header_schema(), *root, "", diagnostics,
                                 {"input", "layers", "samples", "expected", "synthetic"});
  const YamlEntry* synthetic = root->find("synthetic");
  if (synthetic != nullptr) {
    bundle.synthetic = read_map(synthetic_schema(), synthetic->value, "synthetic", diagnostics);
    refuse_tensors(*root, diagnostics);
  }
  if (diagnostics.has_errors()) return bundle;
  bundle.network = read_network(*root, folder, header.output, bundle.synthetic.has_value(), diagnostics);
  bundle.network.name = header.name;
  bundle.provenance = read_provenance(folder / "provenance.yaml", diagnostics);
  if (diagnostics.has_errors()) return bundle;

  bundle.seed = draw.seed;
  bundle.drawn_inputs = draw.inputs;
  if (bundle.synthetic) {
    bundle.seed = combine_seeds(static_cast<std::uint64_t>(bundle.synthetic->seed), draw.seed);
    if (!bundle.drawn_inputs) bundle.drawn_inputs = bundle.synthetic->inputs;
    draw_network(synthetic->value, draw, bundle, diagnostics);
    return bundle;
  }
  if (const YamlNode* samples = root->value("samples"); samples != nullptr)
    read_samples(*samples, bundle, diagnostics);
  if (const YamlNode* expected = root->value("expected"); expected != nullptr && !diagnostics.has_errors()) {
    read_expected(*expected, bundle, diagnostics);
  }
  if (bundle.drawn_inputs) {  // the samples were checked; labels and outputs say nothing about drawn images
    bundle.samples = {};
    bundle.expected = {};
  }
  return bundle;
}

std::vector<std::string> synthetic_parts(const Bundle& bundle) {
  std::vector<std::string> out;
  if (bundle.synthetic) out.push_back("weights " + weights_text(*bundle.synthetic));
  if (bundle.drawn_inputs)
    out.push_back(fmt::format("inputs drawn from {} codes", inputs_text(*bundle.drawn_inputs)));
  return out;
}

std::optional<double> float_accuracy(const Bundle& bundle, std::int64_t first, std::int64_t count) {
  const Provenance& known = bundle.provenance;
  if (count < 1 || !synthetic_parts(bundle).empty()) return std::nullopt;
  const std::int64_t measured = known.accuracy_images.value_or(bundle.samples.count());
  if (first == 0 && count == measured && known.float_accuracy_top1) return known.float_accuracy_top1;
  if (!known.float_wrong || first + count > measured) return std::nullopt;
  const auto wrong = std::count_if(known.float_wrong->begin(), known.float_wrong->end(),
                                   [&](std::int64_t i) { return i >= first && i < first + count; });
  return static_cast<double>(count - wrong) / static_cast<double>(count);
}

FeatureMap sample_input(const Bundle& bundle, int index) {
  if (bundle.drawn_inputs) return draw_input(*bundle.drawn_inputs, bundle.seed, bundle.network, index);
  const auto& array = bundle.samples.inputs;
  FeatureMap map;
  map.shape = bundle.network.input_shape;
  const auto size = static_cast<std::size_t>(map.shape.size());
  NpyArray one;
  one.dtype = array.dtype;
  const std::size_t bytes = size * dtype_size(array.dtype);
  const auto first =
      array.data.begin() + static_cast<std::ptrdiff_t>(static_cast<std::size_t>(index) * bytes);
  one.data.assign(first, first + static_cast<std::ptrdiff_t>(bytes));
  const auto values = one.as<std::int32_t>();
  map.codes.resize(size);
  std::transform(values.begin(), values.end(), map.codes.begin(),
                 [](std::int32_t v) { return static_cast<std::uint16_t>(v); });
  return map;
}

}  // namespace squeezebar
