// SPDX-License-Identifier: Apache-2.0
#include "sim/base/units.h"

#include <array>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <stdexcept>
#include <string>
#include <vector>

#include <fmt/core.h>

#include "sim/base/diag.h"
#include "sim/base/unit_table.h"

namespace squeezebar {
namespace {

struct Alias {
  std::string_view from, to;
};

/// U+00B5 MICRO SIGN, U+03BC GREEK SMALL LETTER MU and U+00B2 SUPERSCRIPT TWO.
constexpr std::array kAliases = {
    Alias{"\u00b5", "u"},
    Alias{"\u03bc", "u"},
    Alias{"\u00b2", "2"},
};

std::string without_aliases(std::string_view text) {
  std::string out(text);
  for (const Alias& alias : kAliases) {
    for (std::size_t at = out.find(alias.from); at != std::string::npos; at = out.find(alias.from, at)) {
      out.replace(at, alias.from.size(), alias.to);
    }
  }
  return out;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }

/// Splits text into the longest number at its start and the rest.
struct NumberText {
  std::string_view mantissa;  ///< Sign, digits, fraction.
  std::string_view exponent;  ///< Digits after e with their sign; may be empty.
  std::string_view rest;
  bool leading_zero = false;
  bool good = false;
};

std::size_t skip_digits(std::string_view text, std::size_t at) {
  while (at < text.size() && is_digit(text[at])) ++at;
  return at;
}

NumberText split_number(std::string_view text) {
  NumberText out;
  const std::size_t first = text.starts_with('-') ? 1 : 0;
  std::size_t at = skip_digits(text, first);
  if (at == first) return out;
  out.leading_zero = text[first] == '0' && at - first > 1;
  if (at + 1 < text.size() && text[at] == '.' && is_digit(text[at + 1])) at = skip_digits(text, at + 1);
  out.mantissa = text.substr(0, at);
  if (at < text.size() && (text[at] == 'e' || text[at] == 'E')) {
    std::size_t digits = at + 1;
    if (digits < text.size() && (text[digits] == '+' || text[digits] == '-')) ++digits;
    const std::size_t end = skip_digits(text, digits);
    if (end > digits) {
      const std::size_t start = text[at + 1] == '+' ? at + 2 : at + 1;
      out.exponent = text.substr(start, end - start);
      at = end;
    }
  }
  out.rest = text.substr(at);
  out.good = true;
  return out;
}

/// mantissa * 10^(exponent + shift), correctly rounded.
ParsedNumber to_double(const NumberText& number, int shift) {
  int exponent = 0;
  if (!number.exponent.empty()) {
    const auto [end, error] =
        std::from_chars(number.exponent.data(), number.exponent.data() + number.exponent.size(), exponent);
    static_cast<void>(end);
    // Far outside of a double's range, yet safe to add to.
    constexpr int kHuge = 100'000;
    if (error != std::errc() || std::abs(exponent) > kHuge)
      exponent = number.exponent[0] == '-' ? -kHuge : kHuge;
  }
  const std::string text = fmt::format("{}e{}", number.mantissa, exponent + shift);
  ParsedNumber out;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out.value);
  static_cast<void>(end);
  if (error != std::errc() || !std::isfinite(out.value)) {
    out.value = 0.0;
    out.error = "is too large or too small for a 64-bit floating-point number";
  } else if (out.value == 0.0) {
    out.value = 0.0;  // -0 would print, and hash, differently from 0.
  }
  return out;
}

ParsedNumber failure(std::string error) { return {0.0, std::move(error)}; }

/// Whether the text that follows a number starts as the decimals after a comma.
bool has_decimal_comma(std::string_view rest) {
  return rest.size() > 1 && rest[0] == ',' && is_digit(rest[1]);
}

/// Of "0,5 mW", and of "1,000", of which nobody knows what it means.
std::string comma_text(std::string_view text) {
  std::string with_point(text);
  with_point[with_point.find(',')] = '.';
  const bool one = with_point.find(',') == std::string::npos;
  return fmt::format("'{}' has a comma; decimals follow a point{}, and digits are not grouped", text,
                     one ? fmt::format(" ('{}')", with_point) : "");
}

bool looks_non_finite(std::string_view text) {
  std::string lower;
  for (const char c : text) {
    if (c != '.' && c != '+' && c != '-')
      lower += static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
  }
  const std::string word = lower.substr(0, lower.find(' '));
  return word == "inf" || word == "infinity" || word == "nan";
}

std::string leading_zero_text(std::string_view text) {
  return fmt::format("leading zeros are not allowed ('{}')", text);
}

std::string article(std::string_view name) {
  const bool vowel = name.find_first_of("aeiou") == 0;
  return fmt::format("{} {}", vowel ? "an" : "a", name);
}

ParsedNumber unit_failure(std::string_view unit, Dimension dimension) {
  if (const UnitName* other = find_unit(unit)) {
    return failure(fmt::format("'{}' is {} unit, but this is {}, e.g. '{}'", unit,
                               article(dimension_name(other->dimension)), article(dimension_name(dimension)),
                               example_quantity(dimension)));
  }
  std::vector<std::string> names;
  for (const UnitName& known : units_of(dimension)) names.emplace_back(known.name);
  return failure(fmt::format("unknown unit '{}'; {} is given in {}{}", unit,
                             article(dimension_name(dimension)), join_names(names),
                             did_you_mean(unit, names)));
}

}  // namespace

const UnitName* find_written_unit(std::string_view text) { return find_unit(without_aliases(text)); }

ParsedNumber parse_number(std::string_view text) {
  const NumberText number = split_number(text);
  if (!number.good) {
    return failure(looks_non_finite(text) ? "must be a finite number"
                                          : fmt::format("must be a number, not '{}'", text));
  }
  if (has_decimal_comma(number.rest)) return failure(comma_text(text));
  if (!number.rest.empty()) {
    std::string_view unit = number.rest;
    while (unit.starts_with(' ')) unit.remove_prefix(1);
    if (find_written_unit(unit) != nullptr) {
      return failure(fmt::format("takes no unit, but '{}' is given", text));
    }
    return failure(fmt::format("must be a number, not '{}'", text));
  }
  if (number.leading_zero) return failure(leading_zero_text(text));
  return to_double(number, 0);
}

ParsedNumber parse_quantity(std::string_view text, Dimension dimension) {
  if (dimension == Dimension::none) return parse_number(text);
  const NumberText number = split_number(text);
  if (!number.good) {
    return failure(looks_non_finite(text)
                       ? "must be finite"
                       : fmt::format("must be {} like '{}', not '{}'", article(dimension_name(dimension)),
                                     example_quantity(dimension), text));
  }
  if (number.leading_zero) return failure(leading_zero_text(text));
  if (has_decimal_comma(number.rest)) return failure(comma_text(text));
  std::string_view rest = number.rest;
  while (rest.starts_with(' ')) rest.remove_prefix(1);
  if (rest.empty()) return failure(fmt::format("needs a unit, e.g. '{}'", example_quantity(dimension)));
  const UnitName* unit = find_written_unit(rest);
  if (unit == nullptr || unit->dimension != dimension) return unit_failure(rest, dimension);
  if (unit->base == 10) return to_double(number, unit->exponent);
  ParsedNumber out = to_double(number, 0);
  out.value = std::ldexp(out.value, unit->exponent);
  if (!std::isfinite(out.value)) return failure("is too large for a 64-bit floating-point number");
  return out;
}

namespace detail {

double checked_quantity(std::string_view text, Dimension dimension) {
  const ParsedNumber number = parse_quantity(text, dimension);
  if (!number.ok()) throw std::invalid_argument(fmt::format("'{}': {}", text, number.error));
  return number.value;
}

double literal_quantity(std::string_view digits, std::string_view unit, Dimension dimension) {
  std::string text;
  for (const char c : digits) {
    if (c != '\'') text += c;
  }
  return checked_quantity(text + " " + std::string(unit), dimension);
}

}  // namespace detail
}  // namespace squeezebar
