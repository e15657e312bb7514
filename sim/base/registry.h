// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <concepts>
#include <functional>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "sim/base/schema.h"

namespace squeezebar {

/// What the config needs to know about a registry, with the interface's type erased.
class VariantTable {
 public:
  virtual ~VariantTable() = default;
  /// Sorted.
  virtual std::vector<std::string> names() const = 0;
  /// The schema of a variant, or nullptr.
  virtual const RecordSchema* schema(std::string_view name) const = 0;
  /// Builds a variant (points to the interface) from its parameter struct; throws std::logic_error if
  /// unknown.
  virtual std::shared_ptr<void> build(std::string_view name, const void* params) const = 0;
};

/// Parameters of a variant that has none.
struct NoParams {};

/// The variants of an interface by name, in sorted order. Filled before main() by Register objects.
template <class Interface>
class Registry final : public VariantTable {
 public:
  struct Entry {
    std::string summary;
    std::shared_ptr<const RecordSchema> schema;
    std::function<std::unique_ptr<Interface>(const void* params)> factory;
  };
  using Entries = std::map<std::string, Entry, std::less<>>;

  static Registry& instance() {
    static Registry registry;
    return registry;
  }

  /// Throws std::logic_error if the name is taken.
  void add(std::string name, Entry entry) {
    const auto [position, is_new] = entries_.try_emplace(std::move(name), std::move(entry));
    if (!is_new) throw std::logic_error("variant '" + position->first + "' is registered twice");
  }

  const Entry* find(std::string_view name) const {
    const auto position = entries_.find(name);
    return position == entries_.end() ? nullptr : &position->second;
  }
  typename Entries::const_iterator begin() const { return entries_.begin(); }
  typename Entries::const_iterator end() const { return entries_.end(); }
  std::size_t size() const { return entries_.size(); }

  /// Builds a variant from the text of a YAML map ("{bits: 8}"); throws UserError on bad text or an unknown
  /// name.
  std::unique_ptr<Interface> create(std::string_view name, std::string_view yaml = "{}") const {
    const Entry* entry = find(name);
    if (entry == nullptr) {
      throw UserError({}, "", "unknown model '" + std::string(name) + "'" + did_you_mean(name, names()));
    }
    Diagnostics diagnostics;
    const std::shared_ptr<void> params = read_record(*entry->schema, yaml, diagnostics);
    if (!params) throw UserError(diagnostics);
    return entry->factory(params.get());
  }

  std::vector<std::string> names() const override {
    std::vector<std::string> out;
    for (const auto& [name, entry] : entries_) out.push_back(name);
    return out;
  }
  const RecordSchema* schema(std::string_view name) const override {
    const Entry* entry = find(name);
    return entry == nullptr ? nullptr : entry->schema.get();
  }
  std::shared_ptr<void> build(std::string_view name, const void* params) const override {
    const Entry* entry = find(name);
    if (entry == nullptr) throw std::logic_error("unknown variant '" + std::string(name) + "'");
    return std::shared_ptr<Interface>(entry->factory(params));
  }

 private:
  Registry() = default;
  Entries entries_;
};

/// Registers a variant of Interface under a name. The factory is called with `const P&` and returns a
/// std::unique_ptr to Interface or a class derived from it; it may throw std::invalid_argument for parameters
/// that do not go together, which becomes an error at the section's `model` key.
///
///     const Register<Adc> reg{"sar", schema(), [](const SarParams& p) { return std::make_unique<Sar>(p); }};
template <class Interface>
class Register {
 public:
  template <class P, class F>
  Register(std::string name, Schema<P> schema, F factory) {
    std::string summary = schema.summary();
    Registry<Interface>::instance().add(
        std::move(name), {std::move(summary), std::make_shared<const Schema<P>>(std::move(schema)),
                          [factory = std::move(factory)](const void* params) -> std::unique_ptr<Interface> {
                            return factory(*static_cast<const P*>(params));
                          }});
  }

  /// `schema` is a function that returns the schema.
  template <class S, class F>
  requires std::invocable<S> Register(std::string name, S schema, F factory)
      : Register(std::move(name), schema(), std::move(factory)) {}

  /// A variant without parameters; the factory takes no argument.
  template <class F>
  requires std::invocable<F> Register(std::string name, const char* summary, F factory)
      : Register(std::move(name), Schema<NoParams>(summary),
                 [factory = std::move(factory)](const NoParams&) -> std::unique_ptr<Interface> {
                   return factory();
                 }) {}
};

}  // namespace squeezebar
