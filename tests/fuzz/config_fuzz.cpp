// SPDX-License-Identifier: Apache-2.0
// Loads arbitrary bytes as a config. The first byte that is 0xFF ends the top file; what follows is the file
// that `include: [a.yaml]` finds. No exception may escape, and a config that loads must resolve to one that
// loads alike.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <optional>
#include <string>

#include "sim/base/config.h"

using namespace squeezebar;

namespace {

struct Params {
  std::int64_t count = 0;
  double ratio = 0.0;
  Time delay;
  std::string text;
  std::vector<Energy> energies;
  Path path;
};

Schema<Params> params_schema() {
  return Schema<Params>("Every type of field.")
      .field("count", &Params::count, {.def = 1, .min = 0, .doc = "A count."})
      .field("ratio", &Params::ratio, {.def = 0.5, .doc = "A ratio."})
      .field("delay", &Params::delay, {.def = 1_ns, .doc = "A delay."})
      .field("text", &Params::text, {.def = "", .doc = "A text."})
      .field("energies", &Params::energies, {.def = std::vector<Energy>{}, .doc = "Energies."})
      .field("path", &Params::path, {.def = Path{"x"}, .doc = "A path."});
}

struct Shape {
  virtual ~Shape() = default;
};
struct NoFields {};

const RegisterSection<Params> section{"a", params_schema()};
const RegisterVariantSection<NoFields, Shape> variants{
    "b", Schema<NoFields>("Variants."), {.default_model = "one"}};
const Register<Shape> one{"one", "No fields.", [] { return std::make_unique<Shape>(); }};
const Register<Shape> two{"two", params_schema(), [](const Params&) { return std::make_unique<Shape>(); }};

Config load(const std::string& top, const std::string& included, Diagnostics& diagnostics) {
  return load_config(
      "top.yaml", {}, diagnostics,
      [&](const std::string& path, const Place& where, Diagnostics& d) -> std::optional<std::string> {
        if (path == "top.yaml") return top;
        if (path == "a.yaml") return included;
        d.error(where, "", "cannot read '" + path + "'");
        return std::nullopt;
      });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(data, data + size);
  const std::size_t split = bytes.find('\xFF');
  const std::string included = split == std::string::npos ? std::string() : bytes.substr(split + 1);
  Diagnostics diagnostics;
  try {
    const Config config = load(bytes.substr(0, split), included, diagnostics);
    if (config.valid() == diagnostics.has_errors()) std::abort();
    static_cast<void>(diagnostics.text());
    if (!config.valid()) return 0;
    Diagnostics again;
    const Config resolved = load(config.resolved_yaml(), "", again);
    if (!resolved.valid() || resolved.hash() != config.hash()) std::abort();
  } catch (const UserError&) {
    // The one way in which a loader may refuse.
  }
  return 0;
}
