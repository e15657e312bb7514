// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <typeindex>
#include <utility>
#include <vector>

#include "sim/base/diag.h"
#include "sim/base/registry.h"
#include "sim/base/schema.h"
#include "sim/base/yaml.h"

namespace squeezebar {

class Config;

/// A declared section of the config.
struct SectionInfo {
  std::string name;
  std::shared_ptr<const RecordSchema> schema;  ///< Of a variant section: the fields common to all models.
  std::type_index params_type = typeid(void);
  const VariantTable* variants = nullptr;  ///< Null for a fixed section.
  std::type_index interface_type = typeid(void);
  std::optional<std::string> default_model;
  Affects model_affects = Affects::values;

  const std::string& summary() const { return schema->summary(); }
  bool is_variant() const { return variants != nullptr; }
};

/// Every registered section, sorted by name.
std::vector<const SectionInfo*> config_sections();
/// The section, or nullptr.
const SectionInfo* find_section(std::string_view name);

/// A check over the whole config, run only when every section was read without errors.
using ConfigRule = std::function<void(const Config&, Diagnostics&)>;

namespace detail {
void register_section(SectionInfo section);
void register_rule(ConfigRule rule);
}  // namespace detail

/// Declares a fixed section, whose parameters are the struct P:
///
///     const RegisterSection<CrossbarParams> reg{"crossbar", crossbar_schema()};
template <class P>
class RegisterSection {
 public:
  RegisterSection(std::string name, Schema<P> schema) {
    SectionInfo section;
    section.name = std::move(name);
    section.schema = std::make_shared<const Schema<P>>(std::move(schema));
    section.params_type = typeid(P);
    detail::register_section(std::move(section));
  }
};

struct VariantSectionOptions {
  std::optional<std::string> default_model{};  ///< Without it `model:` is required.
  Affects affects = Affects::values;           ///< What must rerun when the model changes.
};

/// Declares a section whose key `model:` picks a variant of Registry<Interface>. The variant's own fields
/// stand in the same map as the fields of Common; the two sets of names must be disjoint.
template <class Common, class Interface>
class RegisterVariantSection {
 public:
  RegisterVariantSection(std::string name, Schema<Common> common, VariantSectionOptions options = {}) {
    SectionInfo section;
    section.name = std::move(name);
    section.schema = std::make_shared<const Schema<Common>>(std::move(common));
    section.params_type = typeid(Common);
    section.variants = &Registry<Interface>::instance();
    section.interface_type = typeid(Interface);
    section.default_model = std::move(options.default_model);
    section.model_affects = options.affects;
    detail::register_section(std::move(section));
  }
};

/// Declares a check over the whole config. Report an error at a key's place:
///
///     const RegisterRule rule{[](const Config& c, Diagnostics& d) {
///       if (...) d.error(c.place("adc.bits"), "adc.bits", "...");
///     }};
class RegisterRule {
 public:
  explicit RegisterRule(ConfigRule rule) { detail::register_rule(std::move(rule)); }
};

/// One value of a loaded config.
struct ConfigValue {
  std::string key;                   ///< "section.field", or "section.model".
  std::string text;                  ///< Canonical YAML text.
  const FieldInfo* field = nullptr;  ///< Null for `model`.
  Affects affects = Affects::values;
};

/// Files are laid over each other in layers that count up; all overrides together are the last one. A default
/// is below them all.
struct ValueLayers {
  int last = 0;   ///< The layer that gave the value.
  int since = 0;  ///< The first layer after which no other value was given.
};

/// What is to be said of the value of "section.field" in a config, beside where it comes from; empty if
/// nothing is.
using ConfigRemark = std::function<std::string(const Config&, std::string_view key)>;

namespace detail {
void register_remark(ConfigRemark remark);
}  // namespace detail

/// Declares remarks that stand beside values where a config is written out.
class RegisterRemark {
 public:
  explicit RegisterRemark(ConfigRemark remark) { detail::register_remark(std::move(remark)); }
};

/// A complete, checked config: immutable, cheap to copy, safe to read from many threads. Every access to a
/// section, key or type that is not declared throws std::logic_error.
class Config {
 public:
  struct State;

  Config() = default;
  explicit Config(std::shared_ptr<const State> state) : state_(std::move(state)) {}

  /// False after loading failed.
  bool valid() const { return state_ != nullptr; }

  /// The parameters (of a variant section: the common ones) of the only section declared with P.
  template <class P>
  const P& get() const {
    return *static_cast<const P*>(params(typeid(P)));
  }
  /// The same for one of several sections declared with P.
  template <class P>
  const P& get(std::string_view section) const {
    return *static_cast<const P*>(params(typeid(P), section));
  }

  /// The variant that the only section declared with Interface picked; built once, when the config was
  /// loaded.
  template <class Interface>
  const Interface& variant() const {
    return *static_cast<const Interface*>(interface(typeid(Interface)));
  }
  template <class Interface>
  const Interface& variant(std::string_view section) const {
    return *static_cast<const Interface*>(interface(typeid(Interface), section));
  }

  /// The name of the model that a variant section picked.
  const std::string& model(std::string_view section) const;

  /// Where the value of "section.field" (or the section) was written; a default's place is its section's, or
  /// the file's.
  Place place(std::string_view key) const;
  /// "file:line:column" (as seen from the top file's folder, however that was named), "--set key=value" or
  /// "default".
  std::string origin(std::string_view key) const;
  /// The origin, and what else is to be said of the value.
  std::string comment(std::string_view key) const;
  /// When the value of "section.field" was given.
  ValueLayers layers(std::string_view key) const;
  /// Canonical text of the value of "section.field"; a path as seen from the folder `base` if one is given.
  std::string text(std::string_view key, const std::filesystem::path* base = nullptr) const;
  /// The `source:` of a section; the last file that gives one wins. Empty if none does.
  const std::vector<std::string>& source(std::string_view section) const;

  /// Every value, sections sorted by name, fields in the order of their declaration.
  std::vector<ConfigValue> values() const;

  /// A complete config that loads to the same values: every default filled in, every include flattened, each
  /// value with its origin, and remarks if there are any, as a comment. `base_dir` is the folder where the
  /// text will lie; paths are written relative to it.
  std::string resolved_yaml(const std::filesystem::path& base_dir = ".") const;

  /// SHA-256 over the sorted "key=value" lines of exactly the keys whose class is `affects`. Two configs with
  /// equal `values` (and `timing`) hashes have the same values (and timing) on the same inputs. Sources,
  /// paths and fields that are not `hashed` are left out.
  std::string hash(Affects affects) const;
  /// The same over all three classes.
  std::string hash() const;

  /// The file that was loaded, as it was named.
  const std::string& file() const;

 private:
  const void* params(std::type_index type) const;
  const void* params(std::type_index type, std::string_view section) const;
  const void* interface(std::type_index type) const;
  const void* interface(std::type_index type, std::string_view section) const;
  const State& state() const;

  std::shared_ptr<const State> state_;
};

/// A value that wins over every file, and where it was written: a path is relative to that file, or to the
/// current folder if it has no line.
struct ConfigOverride {
  std::string key;  ///< "section.field", or "section.model"
  YamlNode value;
};

/// "section.field=value", as on a command line.
std::optional<ConfigOverride> parse_override(const std::string& text, Diagnostics& diagnostics);

/// Reads the text of a file; reports why it cannot at `where` and returns nothing.
using ReadFile = std::function<std::optional<std::string>(const std::string& path, const Place& where,
                                                          Diagnostics& diagnostics)>;

/// A config file and, for a file that has them, one of its variants: "file.yaml" or "file.yaml#variant".
struct ConfigName {
  std::string file;
  std::string variant;  ///< empty: the file without any of its variants

  /// The variant's name stands behind the last '#' that follows the ending .yaml or .yml, or the name of what
  /// is read from a pipe.
  static ConfigName parse(const std::string& text);
  /// What folders of its results are called by default: the file's name without its ending, "stdin" or
  /// "pipe".
  [[nodiscard]] std::string stem() const;
};

/// The names of a file's variants, in its order; empty if it has none. `file` may not name a variant itself.
std::vector<std::string> config_variants(const std::string& file, Diagnostics& diagnostics);

/// Loads and checks a config. Everything that is wrong goes to `diagnostics`, all at once; on errors the
/// result is not valid(). `overrides` are "section.field=value" texts and win over every file.
///
/// `include: [a.yaml, b.yaml]` (relative to the file): b wins over a, the including file wins over both;
/// sections are merged key by key, lists are replaced. When a later layer changes a section's `model`, fields
/// that only the replaced model has are dropped if they come from an earlier layer than the new `model`;
/// otherwise they are unknown keys.
///
/// `variants: {name: {section: {...}}}` in the top file lists alternatives to compare; with a `path` of
/// "file.yaml#name" that variant (its own `include:` first, then its sections) wins over the file.
Config load_config(const std::string& path, const std::vector<std::string>& overrides,
                   Diagnostics& diagnostics);
/// As above, throws UserError on errors; warnings are logged.
Config load_config(const std::string& path, const std::vector<std::string>& overrides = {});
/// As above with files from `read` in place of the file system.
Config load_config(const std::string& path, const std::vector<std::string>& overrides,
                   Diagnostics& diagnostics, const ReadFile& read);

/// The files of a config, read once, for many sets of overrides. Thread-safe.
class ConfigBase {
 public:
  explicit ConfigBase(const std::string& path);

  /// As load_config, with overrides that have places of their own.
  [[nodiscard]] Config with(const std::vector<ConfigOverride>& overrides, Diagnostics& diagnostics) const;

 private:
  struct Files;
  std::shared_ptr<const Files> files_;
};

/// JSON Schema (draft 2020-12) of a config file, for editors: a file with a version and no includes must have
/// every section, fields may be left out. With `complete` (for resolved configs) every required field must be
/// there.
std::string json_schema(bool complete = false);

}  // namespace squeezebar
