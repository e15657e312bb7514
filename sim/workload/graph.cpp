// SPDX-License-Identifier: Apache-2.0
#include "sim/workload/graph.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "sim/workload/layer_weights.h"
#include "sim/workload/record.h"
#include "sim/workload/tensor_file.h"

namespace squeezebar {
namespace {

/// Values of one feature map or weight matrix, and so each of its extents; what is computed from shapes fits
/// an int.
constexpr std::int64_t kLargestTensor = 1 << 30;

/// Whether a tensor of positive extents is too large.
bool is_too_large(const std::vector<std::int64_t>& shape) {
  std::int64_t size = 1;
  for (const std::int64_t extent : shape) {
    if (extent > kLargestTensor / size) return true;
    size *= extent;
  }
  return false;
}

struct QuantisationRecord {
  std::int64_t bits = 8;
  bool is_signed = false;
  double scale = 1.0;
  std::int64_t zero_point = 0;
  std::int64_t min = 0;
  std::int64_t max = 0;
};

struct InputRecord : QuantisationRecord {
  std::string name;
  std::vector<std::int64_t> shape;
};

struct LayerRecord {
  std::string name;
  std::string op;
  std::vector<std::string> inputs;
};

/// Names become parts of file names and table rows.
std::string name_error(const std::string& name) {
  const auto is_in_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  const bool is_word =
      !name.empty() && is_in_word(name[0]) &&
      std::all_of(name.begin(), name.end(), [&](char c) { return is_in_word(c) || c == '.' || c == '-'; });
  return is_word ? "" : fmt::format("'{}' is not a word; use letters, digits, '_', '-' and '.'", name);
}

template <class P>
Schema<P>& add_quantisation(Schema<P>& schema) {
  return schema.field("bits", &P::bits, {.min = 1, .max = 16, .doc = "Bits of a stored code."})
      .field("signed", &P::is_signed, {.doc = "Whether codes are two's complement."})
      .field("scale", &P::scale, {.above = 0, .doc = "Real value of one code step."})
      .field("zero_point", &P::zero_point, {.doc = "Code of the real value zero."});
}

const Schema<InputRecord>& input_schema() {
  static const auto schema = [] {
    Schema<InputRecord> s("The network's input.");
    s.field("name", &InputRecord::name, {.doc = "Name by which layers refer to it."})
        .field("shape", &InputRecord::shape,
               {.min = 1, .doc = "Channels, height, width.", .min_items = 3, .max_items = 3});
    add_quantisation(s);
    s.rule("name", [](const InputRecord& r) { return name_error(r.name); });
    return s;
  }();
  return schema;
}

const Schema<QuantisationRecord>& output_schema() {
  static const auto schema = [] {
    Schema<QuantisationRecord> s("How a layer's output is stored.");
    add_quantisation(s);
    s.field("min", &QuantisationRecord::min, {.doc = "Smallest code (a ReLU clamps at the zero point)."})
        .field("max", &QuantisationRecord::max, {.doc = "Largest code."});
    return s;
  }();
  return schema;
}

const Schema<LayerRecord>& layer_schema() {
  static const auto schema = [] {
    Schema<LayerRecord> s("One layer.");
    s.field("name", &LayerRecord::name, {.doc = "Unique name of the layer."})
        .field("op", &LayerRecord::op, {.doc = "Operator."})
        .field("inputs", &LayerRecord::inputs,
               {.doc = "Names of the layers (or the input) it reads.", .min_items = 1});
    s.rule("name", [](const LayerRecord& r) { return name_error(r.name); });
    return s;
  }();
  return schema;
}

Quantisation to_quantisation(const QuantisationRecord& record, bool has_range, const Place& place,
                             const std::string& key, Diagnostics& diagnostics) {
  Quantisation q;
  q.bits = static_cast<int>(record.bits);
  q.is_signed = record.is_signed;
  q.scale = record.scale;
  const std::int64_t lowest = record.is_signed ? -(std::int64_t{1} << (record.bits - 1)) : 0;
  const std::int64_t highest = lowest + (std::int64_t{1} << record.bits) - 1;
  const std::int64_t min = has_range ? record.min : lowest;
  const std::int64_t max = has_range ? record.max : highest;
  const auto inside = [&](std::int64_t v) { return v >= lowest && v <= highest; };
  if (!inside(record.zero_point)) {
    diagnostics.error(place, key + ".zero_point",
                      fmt::format("{} is outside [{}, {}]", record.zero_point, lowest, highest));
  } else if (!inside(min) || !inside(max) || min > max) {
    diagnostics.error(place, key + ".min",
                      fmt::format("[{}, {}] is not a range inside [{}, {}]", min, max, lowest, highest));
  } else {
    q.zero_point = static_cast<int>(record.zero_point);
    q.min = static_cast<int>(min);
    q.max = static_cast<int>(max);
  }
  return q;
}

/// A layer before it is ordered.
struct RawLayer {
  LayerRecord record;
  const YamlNode* node = nullptr;
  Place place;
  std::string key;
};

class NetworkReader {
 public:
  NetworkReader(const YamlNode& root, const std::filesystem::path& folder, bool drawn,
                Diagnostics& diagnostics)
      : root_(root), folder_(folder), drawn_(drawn), diagnostics_(diagnostics) {}

  Network read(const std::string& output) {
    read_input();
    read_layer_heads();
    if (diagnostics_.has_errors()) return std::move(network_);
    for (const std::size_t i : topological_order()) read_layer(raw_[i]);
    if (diagnostics_.has_errors()) return std::move(network_);
    find_output(output);
    return std::move(network_);
  }

 private:
  void read_input() {
    const YamlNode* node = require(root_, "input", YamlNode::Kind::map, "", diagnostics_);
    if (node == nullptr) return;
    const std::size_t before = diagnostics_.error_count();
    const auto record = read_map(input_schema(), *node, "input", diagnostics_);
    network_.input_name = record.name;  // known even if the rest is wrong, so that layers may refer to it
    if (diagnostics_.error_count() != before) return;
    if (is_too_large(record.shape)) {
      diagnostics_.error(node->value("shape")->place, "input.shape",
                         fmt::format("holds more than {} values", kLargestTensor));
    } else {
      network_.input_shape = {static_cast<int>(record.shape[0]), static_cast<int>(record.shape[1]),
                              static_cast<int>(record.shape[2])};
    }
    network_.input = to_quantisation(record, false, node->place, "input", diagnostics_);
    nodes_[record.name] = 0;
  }

  void read_layer_heads() {
    const YamlNode* list = require(root_, "layers", YamlNode::Kind::sequence, "", diagnostics_);
    if (list == nullptr) return;
    if (list->items.empty()) diagnostics_.error(list->place, "layers", "holds no layer");
    std::map<std::string, Place> names;
    if (const YamlNode* input = root_.value("input"); input != nullptr && input->value("name") != nullptr) {
      names.try_emplace(input->value("name")->text, input->place);
    }
    for (std::size_t i = 0; i < list->items.size(); ++i) {
      const YamlNode& node = list->items[i];
      RawLayer raw{{}, &node, node.place, fmt::format("layers[{}]", i)};
      const std::size_t before = diagnostics_.error_count();
      raw.record = read_map(
          layer_schema(), node, raw.key, diagnostics_,
          {"attributes", "magnitude_bits", "weight", "bias", "multiplier", "weight_scale", "output"});
      if (diagnostics_.error_count() != before) {
        names.try_emplace(raw.record.name, node.place);  // others may refer to it all the same
        continue;
      }
      raw.key = raw.record.name;
      if (!names.try_emplace(raw.record.name, node.place).second) {
        diagnostics_.error(node.place, raw.key, "this name is used twice");
      }
      raw_.push_back(std::move(raw));
    }
    std::vector<std::string> known;
    for (const auto& [name, place] : names) known.push_back(name);
    for (const RawLayer& raw : raw_) {
      for (const std::string& input : raw.record.inputs) {
        if (names.contains(input)) continue;
        diagnostics_.error(raw.place, raw.key + ".inputs",
                           fmt::format("there is no layer '{}'{}", input, did_you_mean(input, known)));
      }
    }
  }

  std::vector<std::size_t> topological_order() {
    std::vector<std::size_t> order;
    std::map<std::string, bool> done{{network_.input_name, true}};
    std::vector<bool> placed(raw_.size(), false);
    for (bool progress = true; progress && order.size() < raw_.size();) {
      progress = false;
      for (std::size_t i = 0; i < raw_.size(); ++i) {
        const auto& inputs = raw_[i].record.inputs;
        if (placed[i] ||
            !std::all_of(inputs.begin(), inputs.end(), [&](const auto& in) { return done.contains(in); }))
          continue;
        placed[i] = true;
        done[raw_[i].record.name] = true;
        order.push_back(i);
        progress = true;
      }
    }
    for (std::size_t i = 0; i < raw_.size(); ++i) {
      if (!placed[i]) diagnostics_.error(raw_[i].place, raw_[i].key, "is part of a cycle or depends on one");
    }
    return order;
  }

  void read_layer(const RawLayer& raw) {
    const auto& registry = Registry<Operator>::instance();
    const auto* entry = registry.find(raw.record.op);
    const std::size_t before = diagnostics_.error_count();
    Layer layer;
    layer.name = raw.record.name;
    layer.op_name = raw.record.op;
    if (entry == nullptr) {
      const auto names = registry.names();
      diagnostics_.error(raw.node->value("op")->place, raw.key + ".op",
                         fmt::format("unknown operator '{}'{}; there are {}", raw.record.op,
                                     did_you_mean(raw.record.op, names), join_names(names)));
    } else {
      read_operator(raw, *entry, layer);
    }
    if (const YamlNode* output = require(*raw.node, "output", YamlNode::Kind::map, raw.key, diagnostics_)) {
      const std::size_t errors = diagnostics_.error_count();
      const auto record = read_map(output_schema(), *output, raw.key + ".output", diagnostics_);
      if (diagnostics_.error_count() == errors) {
        layer.quantisation = to_quantisation(record, true, output->place, raw.key + ".output", diagnostics_);
      }
    }
    if (diagnostics_.error_count() == before) {
      for (const std::string& input : raw.record.inputs) {
        const auto node = nodes_.find(input);
        if (node == nodes_.end()) return;  // its own errors were reported
        layer.inputs.push_back(node->second);
        layer.input_shapes.push_back(network_.shape(node->second));
      }
      read_weights(raw, layer);
    }
    if (diagnostics_.error_count() != before) return;
    nodes_[layer.name] = static_cast<int>(network_.layers.size()) + 1;
    network_.layers.push_back(std::move(layer));
  }

  void read_operator(const RawLayer& raw, const Registry<Operator>::Entry& entry, Layer& layer) {
    static const YamlNode kNoAttributes = [] {
      YamlNode node;
      node.kind = YamlNode::Kind::map;
      return node;
    }();
    const YamlNode* attributes = raw.node->value("attributes");
    YamlNode none = kNoAttributes;
    none.place = raw.place;
    if (attributes == nullptr) attributes = &none;
    const std::size_t before = diagnostics_.error_count();
    const auto params = entry.schema->create();
    read_map(*entry.schema, params.get(), *attributes, raw.key + ".attributes", diagnostics_);
    if (diagnostics_.error_count() != before) return;
    layer.op = entry.factory(params.get());
    if (static_cast<int>(raw.record.inputs.size()) != layer.op->inputs()) {
      diagnostics_.error(raw.place, raw.key + ".inputs",
                         fmt::format("{} needs {} inputs, {} are given", raw.record.op, layer.op->inputs(),
                                     raw.record.inputs.size()));
    }
    if (layer.op->has_weights()) return;
    for (const char* key : {"magnitude_bits", "weight", "bias", "multiplier", "weight_scale"}) {
      if (const YamlEntry* extra = raw.node->find(key)) {
        diagnostics_.error(extra->key_place, raw.key, fmt::format("{} has no '{}'", raw.record.op, key));
      }
    }
  }

  void read_weights(const RawLayer& raw, Layer& layer) {
    std::optional<WeightEntry> weight;
    if (layer.op->has_weights()) {
      weight = read_weight_entry(*raw.node, raw.key, folder_, drawn_, diagnostics_);
      if (!weight || !check_weight_shape(raw, layer, *weight)) return;
    }
    if (!check_shapes(raw, layer, weight ? weight->shape : std::vector<std::int64_t>{})) return;
    if (weight) fill_weights(*raw.node, raw.place, raw.key, folder_, *weight, layer, diagnostics_);
  }

  bool check_weight_shape(const RawLayer& raw, const Layer& layer, const WeightEntry& weight) {
    std::string error;
    if (static_cast<int>(weight.shape.size()) != layer.op->weight_dimensions()) {
      error = fmt::format("{} does not fit {}, which needs {} dimensions", shape_text(weight.shape),
                          layer.op_name, layer.op->weight_dimensions());
    } else if (std::any_of(weight.shape.begin(), weight.shape.end(),
                           [](auto extent) { return extent < 1; })) {
      error = fmt::format("{} holds no value; every extent must be at least 1", shape_text(weight.shape));
    } else if (is_too_large(weight.shape)) {
      error = fmt::format("holds more than {} values", kLargestTensor);
    }
    if (error.empty()) return true;
    diagnostics_.error(weight.place, raw.key + ".weight.shape", error);
    return false;
  }

  bool check_shapes(const RawLayer& raw, Layer& layer, const std::vector<std::int64_t>& weight_shape) {
    const FeatureShape& in = layer.input_shapes[0];
    layer.window = layer.op->window(in, weight_shape);
    const Window& w = layer.window;
    std::vector<Quantisation> inputs;
    for (const int node : layer.inputs) inputs.push_back(network_.quantisation(node));
    std::string error = layer.op->check(layer.input_shapes, inputs, weight_shape, layer.quantisation);
    if (error.empty() &&
        (in.height + w.top + w.bottom < w.kernel_height || in.width + w.left + w.right < w.kernel_width)) {
      error = fmt::format("a {}x{} window does not fit its {}x{} input", w.kernel_height, w.kernel_width,
                          in.height, in.width);
    }
    if (error.empty() && (w.top >= w.kernel_height || w.bottom >= w.kernel_height ||
                          w.left >= w.kernel_width || w.right >= w.kernel_width)) {
      error = "padding must be smaller than the kernel";
    }
    if (!error.empty()) {
      diagnostics_.error(raw.place, raw.key, error);
      return false;
    }
    layer.shape = {layer.op->output_channels(in, weight_shape), w.output_height(in), w.output_width(in)};
    const std::int64_t padded =
        std::int64_t{in.channels} * (in.height + w.top + w.bottom) * (in.width + w.left + w.right);
    if (layer.shape.size() > kLargestTensor || padded > kLargestTensor) {
      diagnostics_.error(
          raw.place, raw.key,
          fmt::format("its padded input or its output holds more than {} values", kLargestTensor));
      return false;
    }
    return true;
  }

  void find_output(const std::string& output) {
    const auto node = nodes_.find(output);
    const YamlNode& at = *root_.value("output");
    if (node == nodes_.end() || node->second == 0) {
      std::vector<std::string> names;
      for (const Layer& layer : network_.layers) names.push_back(layer.name);
      diagnostics_.error(at.place, "output",
                         fmt::format("there is no layer '{}'{}", output, did_you_mean(output, names)));
      return;
    }
    network_.output = node->second;
    std::vector<bool> used(network_.layers.size() + 1, false);
    used[static_cast<std::size_t>(network_.output)] = true;
    for (const Layer& layer : network_.layers) {
      for (const int input : layer.inputs) used[static_cast<std::size_t>(input)] = true;
    }
    for (const RawLayer& raw : raw_) {
      if (!used[static_cast<std::size_t>(nodes_.at(raw.record.name))]) {
        diagnostics_.error(raw.place, raw.key, "its output is never used");
      }
    }
    if (!used[0]) diagnostics_.error(root_.value("input")->place, "input", "is never used");
  }

  const YamlNode& root_;
  const std::filesystem::path& folder_;
  bool drawn_;
  Diagnostics& diagnostics_;
  Network network_;
  std::vector<RawLayer> raw_;
  std::map<std::string, int> nodes_;
};

}  // namespace

Network read_network(const YamlNode& root, const std::filesystem::path& folder, const std::string& output,
                     bool drawn, Diagnostics& diagnostics) {
  return NetworkReader(root, folder, drawn, diagnostics).read(output);
}

}  // namespace squeezebar
