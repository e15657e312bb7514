// SPDX-License-Identifier: Apache-2.0
// Loads a bundle whose network.yaml is arbitrary text. Its tensors are those of the tiny bundle; @name in the
// text stands for the digest of name.npy, so that changed texts get past the checksums. Bytes after the first
// 0xFF become extra.npy. A bundle that loads must run in the integer reference, with every code in its range.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "sim/numerics/integer_layer.h"
#include "sim/workload/bundle.h"
#include "sim/workload/receptive_field.h"
#include "tests/tiny_bundle.h"

using namespace squeezebar;

namespace {

/// Computation that a run of the network would take; more is not run.
constexpr std::int64_t kMostWork = 2'000'000;

class Folder {
 public:
  Folder() {
    std::string name = (std::filesystem::temp_directory_path() / "squeezebar_fuzz_XXXXXX").string();
    path_ = ::mkdtemp(name.data());
    test::write_tiny_tensors(path_);
    write("provenance.yaml", "source: fuzzer\n");
  }
  ~Folder() { std::filesystem::remove_all(path_); }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  [[nodiscard]] const std::filesystem::path& path() const { return path_; }
  void write(const char* file, const std::string& bytes) const {
    std::ofstream(path_ / file, std::ios::binary) << bytes;
  }

 private:
  std::filesystem::path path_;
};

std::int64_t work(const Network& network) {
  std::int64_t total = network.ops();
  for (const Layer& layer : network.layers) {
    if (layer.shape.size() > kMostWork || layer.input_shapes[0].size() > kMostWork) return kMostWork + 1;
    total += layer.shape.size() * layer.window.positions();
  }
  return total;
}

void run(const Bundle& bundle) {
  const Network& network = bundle.network;
  if (work(network) > kMostWork) return;
  const auto nodes = evaluate_reference(network, sample_input(bundle, bundle.images() - 1));
  for (std::size_t n = 0; n < nodes.size(); ++n) {
    const Quantisation& q = network.quantisation(static_cast<int>(n));
    if (nodes[n].shape != network.shape(static_cast<int>(n))) std::abort();
    for (std::size_t i = 0; i < nodes[n].codes.size(); ++i) {
      const std::int32_t code = nodes[n].value(i, q.is_signed);
      if (code < q.min || code > q.max) std::abort();
    }
  }
  for (const Layer& layer : network.layers) {
    const ReceptiveFields fields = receptive_fields(layer.window, layer.input_shapes[0], layer.shape);
    for (const int needed : fields.needed) {
      if (needed < 1 || needed > layer.input_shapes[0].pixels()) std::abort();
    }
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Folder folder;
  const std::string bytes(data, data + size);
  const std::size_t split = bytes.find('\xFF');
  folder.write("extra.npy", split == std::string::npos ? std::string() : bytes.substr(split + 1));
  folder.write("network.yaml", test::with_digests(bytes.substr(0, split), folder.path()));
  Diagnostics diagnostics;
  const Bundle bundle = load_bundle(folder.path(), diagnostics, {.most_weights = kMostWork});
  static_cast<void>(diagnostics.text());
  if (!diagnostics.has_errors() && bundle.images() > 0) run(bundle);
  return 0;
}
