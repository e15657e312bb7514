// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "sim/base/diag.h"

namespace squeezebar {

struct YamlEntry;

/// One YAML value with its place. Aliases are already expanded.
struct YamlNode {
  enum class Kind { null, scalar, sequence, map };

  Kind kind = Kind::null;
  std::string text;     ///< Of a scalar.
  bool quoted = false;  ///< A scalar in quotes or a block scalar: never a number or a boolean.
  Place place;
  std::vector<YamlNode> items;     ///< Of a sequence.
  std::vector<YamlEntry> entries;  ///< Of a map, in file order; keys are unique.

  bool is_null() const { return kind == Kind::null; }
  bool is_scalar() const { return kind == Kind::scalar; }
  bool is_sequence() const { return kind == Kind::sequence; }
  bool is_map() const { return kind == Kind::map; }

  /// The entry of a map, or nullptr.
  const YamlEntry* find(std::string_view key) const;
  /// The value of a map's entry, or nullptr.
  const YamlNode* value(std::string_view key) const;
};

struct YamlEntry {
  std::string key;
  Place key_place;
  YamlNode value;
};

inline constexpr std::size_t kYamlMaxBytes = std::size_t{16} << 20;
inline constexpr std::size_t kYamlMaxDepth = 64;
inline constexpr std::size_t kYamlMaxNodes = 250'000;  ///< After alias expansion.

/// Parses one YAML document. Everything that is wrong goes to `diagnostics` with its place; the result is
/// empty if no tree could be built. A tree is returned, so that its other faults can be found too, in spite
/// of duplicate keys (the first counts) and merge keys (`<<`, dropped): ask `diagnostics` before using it.
///
/// Refused as well: keys that are not scalars, explicit tags, several documents, tabs as indentation, bytes
/// that are not UTF-8 text, and anything beyond the limits above. An empty document is a null node.
std::optional<YamlNode> parse_yaml(std::string_view text, const std::string& file, Diagnostics& diagnostics);

/// Reads a regular file of at most `max_bytes`; errors are reported at `where` (by default the file itself).
std::optional<std::string> read_text_file(const std::filesystem::path& path, Diagnostics& diagnostics,
                                          const Place& where = {}, std::size_t max_bytes = kYamlMaxBytes);

/// read_text_file, then parse_yaml; the file is called path.string() in messages.
std::optional<YamlNode> load_yaml(const std::filesystem::path& path, Diagnostics& diagnostics);

/// A strictly read scalar, or why it is none. Null, sequences and maps are errors too.
template <class T>
struct Scalar {
  T value{};
  std::string error;

  bool ok() const { return error.empty(); }
};

/// -?(0|[1-9][0-9]*) that fits 64 bits, not quoted.
Scalar<std::int64_t> scalar_int(const YamlNode& node);
/// As parse_number: finite, no unit, not quoted.
Scalar<double> scalar_real(const YamlNode& node);
/// Exactly `true` or `false`, not quoted.
Scalar<bool> scalar_bool(const YamlNode& node);
/// Any scalar but null.
Scalar<std::string> scalar_text(const YamlNode& node);

/// `text` as a YAML scalar that reads back as the same string: plain where that is safe, else in double
/// quotes.
std::string yaml_quote(std::string_view text);

}  // namespace squeezebar
