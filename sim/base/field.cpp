// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <system_error>

#include <fmt/core.h>

#include "sim/base/field_text.h"
#include "sim/base/schema.h"

namespace squeezebar {
namespace {

std::string single_type_text(const FieldInfo& field) {
  switch (field.type) {
    case FieldType::boolean:
      return "true or false";
    case FieldType::integer:
      return "whole number";
    case FieldType::real:
      return "number";
    case FieldType::text:
      return "text";
    case FieldType::path:
      return "path";
    case FieldType::quantity:
      return std::string(dimension_name(field.dimension));
    case FieldType::choice:
      break;
  }
  std::string out = "one of ";
  for (const std::string& choice : field.choices) {
    if (out.size() > 7) out += ", ";
    out += choice;
  }
  return out;
}

/// Empty if `value` is in the field's range; `text` is the value as the user wrote it.
std::string range_error(const FieldInfo& field, double value, const std::string& text) {
  const bool low = (field.min && value < *field.min) || (field.above && value <= *field.above);
  const bool high = field.max && value > *field.max;
  if (low || high) {
    const bool closed = (field.min || field.above) && field.max;
    if (closed) return fmt::format("value {} is outside {}", text, field.range_text());
    return fmt::format("value {} is out of range; it must be {}", text, field.range_text());
  }
  if (value < field.type_min || value > field.type_max) {
    return fmt::format("value {} does not fit [{:.0f}, {:.0f}]", text, field.type_min, field.type_max);
  }
  return {};
}

/// True for a node that can be the text of a scalar; `expected` is part of the message.
bool is_text(const YamlNode& node, const std::string& expected, const Fail& fail) {
  if (node.is_scalar()) return true;
  if (node.is_null()) {
    fail(node.place, fmt::format("needs a value ({})", expected));
  } else {
    fail(node.place, fmt::format("must be {}, not a {}", expected, node.is_map() ? "map" : "list"));
  }
  return false;
}

}  // namespace

bool has_range(const FieldInfo& field) { return field.min || field.max || field.above; }

std::string limit_text(const FieldInfo& field, double limit) {
  return format_quantity(limit, field.dimension);
}

std::string missing_text(const FieldInfo& field) {
  const std::string what = field.type_text();
  return fmt::format("missing; give a value ({}){}{}", what, field.doc.empty() ? "" : ": ", field.doc);
}

std::string FieldInfo::type_text() const {
  const std::string single = single_type_text(*this);
  return list ? fmt::format("list, each item: {}", single) : single;
}

bool FieldInfo::may_be_no_path() const {
  return type == FieldType::path && default_text == detail::path_text({}, nullptr);
}

std::string FieldInfo::range_text() const {
  if (!has_range(*this)) return {};
  if (max && (min || above)) {
    const bool open = !min;
    return fmt::format("{}{}, {}]", open ? "(" : "[", limit_text(*this, open ? *above : *min),
                       limit_text(*this, *max));
  }
  if (max) return "<= " + limit_text(*this, *max);
  return above ? "> " + limit_text(*this, *above) : ">= " + limit_text(*this, *min);
}

namespace detail {

bool read_boolean(const YamlNode& node, const Fail& fail, bool& out) {
  const Scalar<bool> scalar = scalar_bool(node);
  if (!scalar.ok()) return fail(node.place, scalar.error), false;
  out = scalar.value;
  return true;
}

bool read_integer(const YamlNode& node, const FieldInfo& field, const Fail& fail, std::int64_t& out) {
  const Scalar<std::int64_t> scalar = scalar_int(node);
  if (!scalar.ok()) return fail(node.place, scalar.error), false;
  const std::string error = range_error(field, static_cast<double>(scalar.value), node.text);
  if (!error.empty()) return fail(node.place, error), false;
  out = scalar.value;
  return true;
}

bool read_real(const YamlNode& node, const FieldInfo& field, const Fail& fail, double& out) {
  std::string error;
  double value = 0.0;
  if (field.type == FieldType::quantity) {
    const std::string expected = fmt::format("a value like '{}'", example_quantity(field.dimension));
    if (!is_text(node, expected, fail)) return false;
    const ParsedNumber number = parse_quantity(node.text, field.dimension);
    value = number.value;
    error = number.error;
  } else {
    const Scalar<double> scalar = scalar_real(node);
    value = scalar.value;
    error = scalar.error;
  }
  if (error.empty()) error = range_error(field, value, node.text);
  if (!error.empty()) return fail(node.place, error), false;
  out = value;
  return true;
}

bool read_text(const YamlNode& node, const Fail& fail, std::string& out) {
  const Scalar<std::string> scalar = scalar_text(node);
  if (!scalar.ok()) return fail(node.place, scalar.error), false;
  out = scalar.value;
  return true;
}

bool read_choice(const YamlNode& node, const FieldInfo& field, const Fail& fail, std::size_t& out) {
  const std::string expected = single_type_text(field);
  if (!is_text(node, expected, fail)) return false;
  const auto match = std::find(field.choices.begin(), field.choices.end(), node.text);
  if (match == field.choices.end()) {
    fail(node.place,
         fmt::format("must be {}, not '{}'{}", expected, node.text, did_you_mean(node.text, field.choices)));
    return false;
  }
  out = static_cast<std::size_t>(match - field.choices.begin());
  return true;
}

bool read_path(const YamlNode& node, const FieldInfo& field, const Fail& fail, Path& out) {
  if (!is_text(node, "a path", fail)) return false;
  if (node.text.empty()) {
    out = {};
    return field.may_be_no_path() || (fail(node.place, "must not be empty"), false);
  }
  const std::filesystem::path written(node.text);
  // Overrides have no line: their paths are relative to the current folder, as on any command line.
  const bool in_file = node.place.line > 0;
  const std::filesystem::path folder =
      in_file ? std::filesystem::path(node.place.file).parent_path() : std::filesystem::path();
  out.value = (folder / written).lexically_normal().string();
  return true;
}

bool read_list(const YamlNode& node, const FieldInfo& field, const Fail& fail) {
  const std::string expected = field.type_text();
  if (!node.is_sequence()) {
    fail(node.place, node.is_null() ? fmt::format("needs a value ({})", expected)
                                    : fmt::format("must be a list in brackets ({})", expected));
    return false;
  }
  if (node.items.size() < field.min_items) {
    fail(node.place, fmt::format("needs at least {} items, not {}", field.min_items, node.items.size()));
    return false;
  }
  if (node.items.size() > field.max_items) {
    fail(node.place, fmt::format("takes at most {} items, not {}", field.max_items, node.items.size()));
    return false;
  }
  return true;
}

std::string path_text(const Path& path, const std::filesystem::path* base) {
  if (base == nullptr || path.value.empty()) return yaml_quote(path.value);
  return yaml_quote(path_seen_from(*base, path.value));
}

}  // namespace detail

std::string path_seen_from(const std::filesystem::path& folder, const std::string& path) {
  namespace fs = std::filesystem;
  std::error_code error;
  const fs::path from = fs::weakly_canonical(fs::absolute(folder.empty() ? "." : folder, error), error);
  if (error) return path;
  fs::path normal = fs::absolute(path, error).lexically_normal();
  if (!normal.has_filename()) normal = normal.parent_path();
  const fs::path to = fs::weakly_canonical(normal.parent_path(), error) / normal.filename();
  if (error) return path;
  return to.lexically_relative(from).string();
}
}  // namespace squeezebar
