// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/diag.h"
#include "sim/base/units.h"
#include "sim/base/yaml.h"

namespace squeezebar {

/// The least that must be repeated when a parameter changes: only the accounting of energy and area, also the
/// timing, or everything.
enum class Affects { accounting, timing, values };

std::string_view affects_name(Affects affects);

/// A file or folder. In YAML it is relative to the file in which it is written; `value` is ready to be
/// opened.
struct Path {
  std::string value;

  friend bool operator==(const Path&, const Path&) = default;
};

enum class FieldType { boolean, integer, real, text, choice, quantity, path };

/// A bound in SI units, written as a number or as a quantity.
struct Limit {
  std::optional<double> value;

  Limit() = default;
  template <class T>
  requires std::is_arithmetic_v<T> Limit(T bound)
      : value(static_cast<double>(bound)) {}  // NOLINT(google-explicit-constructor)
  template <Dimension D>
  Limit(Quantity<D> bound) : value(bound.si()) {}  // NOLINT(google-explicit-constructor)
};

/// Everything a declaration says about a parameter besides its name and type. Use designated initialisers, in
/// this order. A field without `def` is required. For lists the limits hold for each item.
template <class T>
struct FieldOptions {
  std::optional<T> def{};
  Limit min{};        ///< Inclusive.
  Limit max{};        ///< Inclusive.
  Limit above{};      ///< Exclusive lower bound.
  std::string doc{};  ///< One sentence.
  Affects affects = Affects::values;
  std::size_t min_items = 0;
  std::size_t max_items = std::numeric_limits<std::size_t>::max();
  bool hashed = true;  ///< False: results do not depend on it (or its content is hashed elsewhere).
  bool recorded =
      true;  ///< False: describes the host, so it is left out of the resolved config; needs `def`.
};

/// Where a reader of fields reports what is wrong.
using Fail = std::function<void(const Place&, std::string)>;

/// A declared parameter, with its C++ type erased.
struct FieldInfo {
  std::string name;
  std::string doc;
  FieldType type = FieldType::text;
  Dimension dimension = Dimension::none;
  bool list = false;
  std::vector<std::string> choices;
  std::optional<double> min, max, above;
  double type_min = -std::numeric_limits<double>::infinity();  ///< What the C++ type can hold.
  double type_max = std::numeric_limits<double>::infinity();
  std::size_t min_items = 0;
  std::size_t max_items = std::numeric_limits<std::size_t>::max();
  std::optional<std::string> default_text;  ///< Canonical; empty if the field is required.
  Affects affects = Affects::values;
  bool hashed = true;
  bool recorded = true;

  /// Reads `node` into the parameter struct; calls the Fail for everything wrong.
  std::function<void(void* params, const YamlNode& node, const Fail& fail)> set;
  std::function<void(void* params)> set_default;
  /// Canonical YAML text of the value; `base` is the folder that paths are written relative to (null: as they
  /// are).
  std::function<std::string(const void* params, const std::filesystem::path* base)> get;

  bool required() const { return !default_text.has_value(); }
  /// Whether an empty path, which names nothing, is a value.
  bool may_be_no_path() const;
  /// E.g. "whole number", "list of energies", "one of all, mapped, occupied".
  std::string type_text() const;
  /// E.g. "[1, 14]", ">= 1 ps", "> 0 Hz"; empty if unbounded.
  std::string range_text() const;
};

/// A cross-field check: an error text and the field it concerns (empty: the whole section).
struct RuleFailure {
  std::string field;
  std::string message;
};

/// The declared parameters of a section or variant, with the struct's type erased.
class RecordSchema {
 public:
  const std::string& summary() const { return summary_; }
  const std::vector<FieldInfo>& fields() const { return fields_; }
  /// The field, or nullptr.
  const FieldInfo* find(std::string_view name) const;
  std::vector<std::string> field_names() const;

  /// A new parameter struct with every default filled in.
  std::shared_ptr<void> create() const;
  std::vector<RuleFailure> check(const void* params) const;

 protected:
  explicit RecordSchema(std::string summary) : summary_(std::move(summary)) {}
  /// Throws std::logic_error on a faulty declaration.
  void add(FieldInfo field);

  std::string summary_;
  std::vector<FieldInfo> fields_;
  std::function<std::shared_ptr<void>()> create_;
  std::vector<std::function<std::optional<RuleFailure>(const void*)>> rules_;
};

/// Looks a key up in whatever holds a section's entries; nullptr if it is not given.
using FindEntry = std::function<const YamlEntry*(std::string_view key)>;

/// Reads every field of `schema` into `params`; a missing required field is reported at `where` unless told
/// not to. Rules are not run.
void read_fields(const RecordSchema& schema, void* params, const FindEntry& find, const Place& where,
                 const std::string& key_prefix, Diagnostics& diagnostics, bool report_missing = true);

/// Runs the rules; failures are reported at the field's value, or at `where`.
void check_rules(const RecordSchema& schema, const void* params, const FindEntry& find, const Place& where,
                 const std::string& key_prefix, Diagnostics& diagnostics);

namespace detail {

bool read_boolean(const YamlNode& node, const Fail& fail, bool& out);
bool read_integer(const YamlNode& node, const FieldInfo& field, const Fail& fail, std::int64_t& out);
/// Plain numbers and quantities.
bool read_real(const YamlNode& node, const FieldInfo& field, const Fail& fail, double& out);
bool read_text(const YamlNode& node, const Fail& fail, std::string& out);
bool read_choice(const YamlNode& node, const FieldInfo& field, const Fail& fail, std::size_t& out);
bool read_path(const YamlNode& node, const FieldInfo& field, const Fail& fail, Path& out);
bool read_list(const YamlNode& node, const FieldInfo& field, const Fail& fail);
std::string path_text(const Path& path, const std::filesystem::path* base);

/// How one C++ type is declared, read and written. The primary template reads integers.
template <class T>
struct Codec {
  static_assert(std::is_integral_v<T>,
                "a field is bool, an integer, double, std::string, a quantity, Path, or a "
                "std::vector of these; an enum is declared with choice()");
  static void describe(FieldInfo& field) {
    field.type = FieldType::integer;
    field.type_min = static_cast<double>(std::numeric_limits<T>::min());
    field.type_max = static_cast<double>(std::numeric_limits<T>::max());
  }
  static bool read(const YamlNode& node, const FieldInfo& field, const Fail& fail, T& out) {
    std::int64_t value = 0;
    if (!read_integer(node, field, fail, value)) return false;
    out = static_cast<T>(value);
    return true;
  }
  static std::string text(const T& value, const std::filesystem::path*) { return std::to_string(value); }
};

template <>
struct Codec<bool> {
  static void describe(FieldInfo& field) { field.type = FieldType::boolean; }
  static bool read(const YamlNode& node, const FieldInfo&, const Fail& fail, bool& out) {
    return read_boolean(node, fail, out);
  }
  static std::string text(bool value, const std::filesystem::path*) { return value ? "true" : "false"; }
};

template <>
struct Codec<double> {
  static void describe(FieldInfo& field) { field.type = FieldType::real; }
  static bool read(const YamlNode& node, const FieldInfo& field, const Fail& fail, double& out) {
    return read_real(node, field, fail, out);
  }
  static std::string text(double value, const std::filesystem::path*) { return format_number(value); }
};

template <Dimension D>
struct Codec<Quantity<D>> {
  static void describe(FieldInfo& field) {
    field.type = FieldType::quantity;
    field.dimension = D;
  }
  static bool read(const YamlNode& node, const FieldInfo& field, const Fail& fail, Quantity<D>& out) {
    double si = 0.0;
    if (!read_real(node, field, fail, si)) return false;
    out = Quantity<D>(si);
    return true;
  }
  static std::string text(Quantity<D> value, const std::filesystem::path*) { return format_quantity(value); }
};

template <>
struct Codec<std::string> {
  static void describe(FieldInfo& field) { field.type = FieldType::text; }
  static bool read(const YamlNode& node, const FieldInfo&, const Fail& fail, std::string& out) {
    return read_text(node, fail, out);
  }
  static std::string text(const std::string& value, const std::filesystem::path*) {
    return yaml_quote(value);
  }
};

template <>
struct Codec<Path> {
  static void describe(FieldInfo& field) { field.type = FieldType::path; }
  static bool read(const YamlNode& node, const FieldInfo& field, const Fail& fail, Path& out) {
    return read_path(node, field, fail, out);
  }
  static std::string text(const Path& value, const std::filesystem::path* base) {
    return path_text(value, base);
  }
};

template <class T>
struct Codec<std::vector<T>> {
  static void describe(FieldInfo& field) {
    Codec<T>::describe(field);
    field.list = true;
  }
  static bool read(const YamlNode& node, const FieldInfo& field, const Fail& fail, std::vector<T>& out) {
    if (!read_list(node, field, fail)) return false;
    std::vector<T> values;
    bool good = true;
    for (const YamlNode& item : node.items) {
      T value{};
      good = Codec<T>::read(item, field, fail, value) && good;
      values.push_back(std::move(value));
    }
    if (good) out = std::move(values);
    return good;
  }
  static std::string text(const std::vector<T>& values, const std::filesystem::path* base) {
    std::string out = "[";
    for (const T& value : values) {
      if (out.size() > 1) out += ", ";
      out += Codec<T>::text(value, base);
    }
    return out + "]";
  }
};

}  // namespace detail

/// Declares the parameters of the struct P, each exactly once. P must be default-constructible.
///
///     Schema<AdcParams>("Converts column sums.")
///         .field("bits", &AdcParams::bits, {.min = 1, .max = 16, .doc = "Resolution."})
///         .field("energy", &AdcParams::energy, {.def = 2_pJ, .min = 0, .affects = Affects::accounting})
///         .choice("scan", &AdcParams::scan, {{"all", Scan::all}, {"mapped", Scan::mapped}}, {.def =
///         Scan::all}) .rule([](const AdcParams& p) { return p.bits > 12 && p.step < 50_ps ? "..." : nullptr;
///         });
template <class P>
class Schema : public RecordSchema {
 public:
  /// `summary` is one sentence.
  explicit Schema(std::string summary) : RecordSchema(std::move(summary)) {
    create_ = [] { return std::make_shared<P>(); };
  }

  template <class T, class B>
  requires std::derived_from<P, B> Schema& field(std::string name, T B::*member,
                                                 FieldOptions<std::type_identity_t<T>> options = {}) {
    FieldInfo info = base_info(std::move(name), options);
    detail::Codec<T>::describe(info);
    if (options.def) info.default_text = detail::Codec<T>::text(*options.def, nullptr);
    const FieldInfo shape = info;
    info.set = [shape, member](void* params, const YamlNode& node, const Fail& fail) {
      detail::Codec<T>::read(node, shape, fail, static_cast<P*>(params)->*member);
    };
    info.get = [member](const void* params, const std::filesystem::path* base) {
      return detail::Codec<T>::text(static_cast<const P*>(params)->*member, base);
    };
    if (options.def) {
      info.set_default = [member, value = *options.def](void* params) {
        static_cast<P*>(params)->*member = value;
      };
    }
    add(std::move(info));
    return *this;
  }

  /// An enum, by a table of its names.
  template <class T, class B>
  requires std::derived_from<P, B> Schema& choice(
      std::string name, T B::*member,
      std::initializer_list<std::pair<const char*, std::type_identity_t<T>>> table,
      FieldOptions<std::type_identity_t<T>> options = {}) {
    FieldInfo info = base_info(std::move(name), options);
    info.type = FieldType::choice;
    std::vector<T> values;
    for (const auto& [text, value] : table) {
      info.choices.emplace_back(text);
      values.push_back(value);
    }
    const auto text_of = [values, names = info.choices](T value) {
      for (std::size_t i = 0; i < values.size(); ++i) {
        if (values[i] == value) return names[i];
      }
      throw std::logic_error("an enum value has no name in its table");
    };
    const FieldInfo shape = info;
    info.set = [shape, values, member](void* params, const YamlNode& node, const Fail& fail) {
      std::size_t index = 0;
      if (detail::read_choice(node, shape, fail, index)) static_cast<P*>(params)->*member = values[index];
    };
    info.get = [text_of, member](const void* params, const std::filesystem::path*) {
      return text_of(static_cast<const P*>(params)->*member);
    };
    if (options.def) {
      info.default_text = text_of(*options.def);
      info.set_default = [member, value = *options.def](void* params) {
        static_cast<P*>(params)->*member = value;
      };
    }
    add(std::move(info));
    return *this;
  }

  /// A check across fields: `check(const P&)` returns an error text, or an empty one (nullptr) if all is
  /// well.
  template <class F>
  Schema& rule(F check) {
    return rule(std::string(), std::move(check));
  }
  /// As above; the error is reported at the value of `field`.
  template <class F>
  Schema& rule(std::string field, F check) {
    rules_.push_back([field = std::move(field),
                      check = std::move(check)](const void* params) -> std::optional<RuleFailure> {
      std::string message = message_of(check(*static_cast<const P*>(params)));
      if (message.empty()) return std::nullopt;
      return RuleFailure{field, std::move(message)};
    });
    return *this;
  }

 private:
  static std::string message_of(const char* text) {
    return text == nullptr ? std::string() : std::string(text);
  }
  static std::string message_of(std::nullptr_t) { return {}; }
  static std::string message_of(std::string text) { return text; }

  template <class T>
  static FieldInfo base_info(std::string name, const FieldOptions<T>& options) {
    FieldInfo info;
    info.name = std::move(name);
    info.doc = options.doc;
    info.min = options.min.value;
    info.max = options.max.value;
    info.above = options.above.value;
    info.affects = options.affects;
    info.min_items = options.min_items;
    info.max_items = options.max_items;
    info.hashed = options.hashed;
    info.recorded = options.recorded;
    return info;
  }
};

/// Reads and checks a parameter struct from a YAML map in memory (for tests and tools); messages name the
/// file `file`.
template <class P>
P read_params(const Schema<P>& schema, std::string_view yaml, Diagnostics& diagnostics,
              const std::string& file = "<text>");

/// As read_params for an erased schema: unknown keys are errors. Null if there were errors.
std::shared_ptr<void> read_record(const RecordSchema& schema, std::string_view yaml, Diagnostics& diagnostics,
                                  const std::string& file = "<text>");

template <class P>
P read_params(const Schema<P>& schema, std::string_view yaml, Diagnostics& diagnostics,
              const std::string& file) {
  const std::shared_ptr<void> params = read_record(schema, yaml, diagnostics, file);
  return params ? *static_cast<const P*>(params.get()) : P{};
}

}  // namespace squeezebar
