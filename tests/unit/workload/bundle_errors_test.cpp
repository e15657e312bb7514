// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>

#include <fmt/format.h>

#include "tests/catch.h"
#include "tests/unit/workload/bundle_folder.h"

namespace squeezebar::test {
namespace {

/// One change to the tiny bundle's network.yaml and the complaint it must cause.
struct Fault {
  std::string from;
  std::string to;
  std::string at;       ///< the complaint points at the first of this text in the changed file
  std::string message;  ///< "key: text"
  int lines = 1;        ///< complaints in all
};

std::string place_of(const std::string& text, const std::string& at) {
  const std::size_t position = text.find(at);
  REQUIRE(position != std::string::npos);
  const auto line = 1 + std::count(text.begin(), text.begin() + static_cast<std::ptrdiff_t>(position), '\n');
  const std::size_t start = text.rfind('\n', position);
  return fmt::format("network.yaml:{}:{}: error: ", line,
                     position - (start == std::string::npos ? std::size_t(-1) : start));
}

void check_faults(const std::vector<Fault>& faults) {
  const BundleFolder folder;
  write_tensor<std::int8_t>(folder.path() / "high.npy", DType::int8, {2}, {0, 3});
  write_tensor<std::int8_t>(folder.path() / "three.npy", DType::int8, {3}, {0, 1, 2});
  REQUIRE(folder.errors() == "");
  for (const Fault& fault : faults) {
    INFO(fault.from << " -> " << fault.to);
    std::string text = kTinyNetwork;
    const std::size_t position = text.find(fault.from);
    REQUIRE(position != std::string::npos);
    text.replace(position, fault.from.size(), fault.to);
    text = with_digests(text, folder.path());
    folder.write("network.yaml", text);
    const std::string errors = folder.errors();
    CHECK_THAT(errors, ContainsSubstring(place_of(text, fault.at) + fault.message));
    CHECK(std::count(errors.begin(), errors.end(), '\n') == fault.lines);
  }
}

TEST_CASE("faults of the graph are reported at their place") {
  check_faults({
      {"op: relu", "op: rely", "rely", "positive.op: unknown operator 'rely'; did you mean 'relu'?"},
      {"inputs: [conv]", "inputs: [convv]", "name: positive",
       "positive.inputs: there is no layer 'convv'; did you mean 'conv'?"},
      {"inputs: [image]", "inputs: [positive]", "name: conv", "conv: is part of a cycle or depends on one",
       6},
      {"name: positive", "name: conv", "name: conv\n    op: relu", "conv: this name is used twice", 2},
      {"name: positive", "name: image", "name: image\n", "image: this name is used twice", 2},
      {"inputs: [conv, positive]", "inputs: [conv, conv]", "name: positive",
       "positive: its output is never used"},
      {"inputs: [conv, positive]", "inputs: [conv]", "name: sum",
       "sum.inputs: add needs 2 inputs, 1 are given"},
      {"output: fc\n", "output: fd\n", "fd\n", "output: there is no layer 'fd'; did you mean 'fc'?"},
      {"output: fc\n", "output: image\n", "image\n", "output: there is no layer 'image'"},
      {"padding: [1, 1, 0, 0]", "padding: [2, 1, 0, 0]", "name: conv",
       "conv: padding must be smaller than the kernel"},
      {"kernel: [2, 2]", "kernel: [4, 2]", "name: largest",
       "largest: a 4x2 window does not fit its 3x3 input"},
      {"shape: [1, 3, 3], bits", "shape: [2, 3, 3], bits", "name: conv",
       "conv: its weights are for 1 input channels, its input has 2"},
      {"padding: [1, 0, 0, 1]", "padding: [0, 0, 0, 0]", "name: fc",
       "fc: its weights are for 8 input features, its input has 2"},
      {"kernel: [2, 2], stride: [1, 1], padding: [0, 0, 0, 0]}",
       "kernel: [2, 2], stride: [1, 1], padding: [0, 0, 0, 0], y: 1}", "y: 1",
       "largest.attributes: unknown key 'y'"},
      {"shape: [1, 3, 3], bits", "shape: [65536, 65536, 1], bits", "[65536", "input.shape: holds more than"},
      {"shape: [1, 3, 3], bits", "shape: [9000000000000000000, 9000000000000000000, 4], bits", "[9000",
       "input.shape: holds more than"},
      {"layers:", "layer:", "layer:", "unknown key 'layer'; did you mean 'layers'?"},
      {"squeezebar-bundle", "bundle", "bundle\n", "format: 'bundle' is not squeezebar-bundle"},
      {"version: 1", "version: 2", "2\n", "version: format version 2 is not supported"},
  });
}

TEST_CASE("faults of quantisation are reported at their place") {
  check_faults({
      {"zero_point: 3", "zero_point: 256", "{name: image", "input.zero_point: 256 is outside [0, 255]"},
      {"zero_point: -5, min: -128, max: 127}", "zero_point: -5, min: -129, max: 127}",
       "{bits: 8, signed: true", "conv.output.min: [-129, 127] is not a range inside [-128, 127]"},
      {"min: -32768, max: 32767", "min: 5, max: 4", "{bits: 16",
       "fc.output.min: [5, 4] is not a range inside"},
      {"bits: 16, signed", "bits: 17, signed", "17, signed", "fc.output.bits: "},
      {"scale: 0.5", "scale: 0", "0, zero_point: 3", "input.scale: "},
      {"scale: 0.2, zero_point: 7, min: 0, max: 255}\n  - name: mean",
       "scale: 0.3, zero_point: 7, min: 0, max: 255}\n  - name: mean", "name: largest",
       "largest: max_pool keeps codes as they are"},
      {"multipliers: [0.5, 0.25]", "multipliers: [0.5]", "[0.5]", "sum.attributes.multipliers: "},
  });
}

TEST_CASE("faults of tensors are reported at their place") {
  check_faults({
      {"file: conv.weight.npy", "file: conv.wait.npy", "conv.wait.npy",
       "conv.weight.file: 'conv.wait.npy' cannot be used: there is no such file"},
      {"file: conv.weight.npy", "file: ../conv.weight.npy", "../conv",
       "conv.weight.file: must lie inside the folder of the file that names it"},
      {"file: conv.weight.npy", "file: /etc/passwd", "/etc",
       "conv.weight.file: must lie inside the folder of the file that names it"},
      {"file: conv.weight.npy", "file: provenance.yaml", "provenance.yaml",
       "conv.weight.file: 'provenance.yaml' cannot be used: it is not a .npy file"},
      {"dtype: int8", "dtype: int16", "int16, shape: [2, 1",
       "conv.weight.dtype: is int16, but 'conv.weight.npy' holds int8"},
      {"shape: [2, 1, 2, 2]", "shape: [2, 1, 4]", "[2, 1, 4]",
       "conv.weight.shape: is (2, 1, 4), but 'conv.weight.npy' holds (2, 1, 2, 2)"},
      {"weight: {file: conv.weight.npy, dtype: int8, shape: [2, 1, 2, 2], sha256: @conv.weight}",
       "weight: {file: conv.bias.npy, dtype: int32, shape: [2], sha256: @conv.bias}", "{file: conv.bias",
       "conv.weight.shape: (2,) does not fit conv2d, which needs 4 dimensions"},
      {"magnitude_bits: 7", "magnitude_bits: 6", "{file: conv.weight",
       "conv.weight: weight -127 needs more than magnitude_bits = 6 bits"},
      {"magnitude_bits: 7", "magnitude_bits: 16", "16\n", "conv.magnitude_bits: must be between 1 and 15"},
      {"    magnitude_bits: 7\n", "", "name: conv", "conv.magnitude_bits: is missing"},
      {"bias: {file: conv.bias.npy, dtype: int32, shape: [2], sha256: @conv.bias}",
       "bias: {file: fc.bias.npy, dtype: int32, shape: [3], sha256: @fc.bias}", "{file: fc.bias",
       "conv.bias: must be int32 of shape (2,)"},
      {"{file: conv.multiplier.npy, dtype: float64, shape: [2], sha256: @conv.multiplier}",
       "{file: real.npy, dtype: float64, shape: [2], sha256: @real}", "{file: real",
       "conv.multiplier: must be finite and positive"},
      {"op: relu\n", "op: relu\n    magnitude_bits: 7\n", "magnitude_bits: 7\n    inputs: [conv]",
       "positive: relu has no 'magnitude_bits'"},
  });
}

TEST_CASE("faults of samples are reported at their place") {
  check_faults({
      {"shape: [1, 3, 3], bits: 8", "shape: [1, 3, 3], bits: 7", "{file: inputs",
       "samples.inputs: code 255 is outside [0, 127]"},
      {"inputs: {file: inputs.npy, dtype: uint8, shape: [2, 1, 3, 3], sha256: @inputs}",
       "inputs: {file: labels.npy, dtype: uint8, shape: [2], sha256: @labels}", "{file: labels",
       "samples.inputs.shape: is (2,), but the network's input needs (n, 1, 3, 3)"},
      {"{file: labels.npy, dtype: uint8, shape: [2], sha256: @labels}",
       "{file: high.npy, dtype: int8, shape: [2], sha256: @high}", "{file: high",
       "samples.labels: label 3 is not one of the network's 3 outputs"},
      {"{file: labels.npy, dtype: uint8, shape: [2], sha256: @labels}",
       "{file: real.npy, dtype: float64, shape: [2], sha256: @real}", "{file: real",
       "samples.labels.dtype: must be an integer type"},
      {"{file: labels.npy, dtype: uint8, shape: [2], sha256: @labels}",
       "{file: three.npy, dtype: int8, shape: [3], sha256: @three}", "{file: three",
       "samples.labels.shape: is (3,), but there are 2 inputs"},
  });
}

TEST_CASE("a bundle that is not there is reported") {
  Diagnostics diagnostics;
  static_cast<void>(load_bundle("/there/is/no/such/folder", diagnostics));
  CHECK_THAT(diagnostics.text(),
             ContainsSubstring("workload.bundle: there is no folder '/there/is/no/such/folder'"));
  const BundleFolder folder;
  std::filesystem::remove(folder.path() / "provenance.yaml");
  CHECK_THAT(folder.errors(), ContainsSubstring("provenance.yaml"));
  std::filesystem::remove(folder.path() / "network.yaml");
  CHECK_THAT(folder.errors(), ContainsSubstring("network.yaml"));
}

TEST_CASE("samples that the float network gets wrong are numbers of samples, in order") {
  const BundleFolder folder;
  for (const char* wrong :
       {"accuracy_images: 4\nfloat_wrong: [4]", "accuracy_images: 4\nfloat_wrong: [-1]",
        "accuracy_images: 4\nfloat_wrong: [2, 1]", "accuracy_images: 4\nfloat_wrong: [1, 1]",
        "accuracy_images: 4\nfloat_wrong: [a]", "accuracy_images: 4\nfloat_wrong: 1", "float_wrong: [1]"}) {
    INFO(wrong);
    folder.write("provenance.yaml", std::string(wrong) + "\n");
    CHECK_THAT(folder.errors(), ContainsSubstring("float_wrong: must list samples in ascending order"));
  }
  folder.write("provenance.yaml", "accuracy_images: 0\n");
  CHECK_THAT(folder.errors(), ContainsSubstring("accuracy_images: must be a whole number of samples"));
}

TEST_CASE("a tensor that was changed after the export is noticed") {
  const BundleFolder folder;
  write_tensor<std::int32_t>(folder.path() / "fc.bias.npy", DType::int32, {3}, {1, 100, -100});
  CHECK_THAT(folder.errors(), ContainsSubstring("fc.bias.sha256: does not match 'fc.bias.npy'"));
}

TEST_CASE("several faults are reported at once") {
  const BundleFolder folder;
  std::string text = kTinyNetwork;
  for (const char* from :
       {"multipliers: [0.5", "kernel: [2, 2], stride: [1, 1], padding: [1", "magnitude_bits: 8"}) {
    text[text.find(from)] = 'q';
  }
  folder.write_network(text);
  const std::string errors = folder.errors();
  CHECK_THAT(errors, ContainsSubstring("unknown key 'qagnitude_bits'; did you mean 'magnitude_bits'?"));
  CHECK_THAT(errors, !ContainsSubstring("there is no layer"));  // of a faulty layer, the name still counts
  text[text.find("qagnitude_bits")] = 'm';
  folder.write_network(text);
  CHECK_THAT(folder.errors(),
             ContainsSubstring("unknown key 'qultipliers'") && ContainsSubstring("unknown key 'qernel'"));
}

TEST_CASE("expected outputs must fit the network") {
  const BundleFolder folder;
  const auto with_expected = [&](const std::string& reference) {
    folder.write_network(std::string(kTinyNetwork) + "expected:\n  outputs: " + reference + "\n");
    return folder.errors();
  };
  write_tensor<std::int16_t>(folder.path() / "good.npy", DType::int16, {2, 3}, {1, 2, 3, 4, 5, 6});
  CHECK(with_expected("{file: good.npy, dtype: int16, shape: [2, 3], sha256: @good}") == "");
  CHECK_THAT(with_expected("{file: conv.bias.npy, dtype: int32, shape: [2], sha256: @conv.bias}"),
             ContainsSubstring("expected.outputs.shape: is (2,), but there are 2 samples of 3 outputs"));
  write_tensor<std::int32_t>(folder.path() / "wide.npy", DType::int32, {1, 3}, {1, 2, 40000});
  CHECK_THAT(with_expected("{file: wide.npy, dtype: int32, shape: [1, 3], sha256: @wide}"),
             ContainsSubstring("expected.outputs: code 40000 is outside [-32768, 32767]"));
  write_tensor<std::int16_t>(folder.path() / "many.npy", DType::int16, {3, 3}, {1, 2, 3, 4, 5, 6, 7, 8, 9});
  CHECK_THAT(with_expected("{file: many.npy, dtype: int16, shape: [3, 3], sha256: @many}"),
             ContainsSubstring("is (3, 3), but there are 2 samples of 3 outputs"));
}

}  // namespace
}  // namespace squeezebar::test
