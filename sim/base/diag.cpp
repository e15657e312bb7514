// SPDX-License-Identifier: Apache-2.0
#include "sim/base/diag.h"

#include <algorithm>
#include <ostream>
#include <tuple>

#include <fmt/core.h>

namespace squeezebar {
namespace {

char lower(char c) { return static_cast<char>(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c); }

/// Optimal string alignment distance in half edits: a changed letter case costs 1, any other edit 2.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::vector<std::size_t>> d(a.size() + 1, std::vector<std::size_t>(b.size() + 1));
  for (std::size_t i = 0; i <= a.size(); ++i) d[i][0] = 2 * i;
  for (std::size_t j = 0; j <= b.size(); ++j) d[0][j] = 2 * j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t change = a[i - 1] == b[j - 1] ? 0U : lower(a[i - 1]) == lower(b[j - 1]) ? 1U : 2U;
      d[i][j] = std::min({d[i - 1][j] + 2, d[i][j - 1] + 2, d[i - 1][j - 1] + change});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        d[i][j] = std::min(d[i][j], d[i - 2][j - 2] + 2);
      }
    }
  }
  return d[a.size()][b.size()];
}

/// One printable line of bounded length, whatever the input holds.
std::string one_line(const std::string& text) {
  constexpr std::size_t kLongest = 1000;
  constexpr unsigned char kDelete = 0x7F;
  std::string out;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    const bool continues = (byte & 0xC0U) == 0x80U;  // Inside of a UTF-8 sequence, which must not be cut.
    if (out.size() >= kLongest && !continues) return out + "...";
    if (byte < ' ' || byte == kDelete) {
      out += fmt::format("\\x{:02x}", byte);
    } else {
      out += c;
    }
  }
  return out;
}

std::string what_text(const Diagnostics& diagnostics) {
  std::string text = diagnostics.text();
  if (!text.empty()) text.pop_back();
  return text;
}

Diagnostics single(Place place, std::string key, std::string message) {
  Diagnostics out;
  out.error(std::move(place), std::move(key), std::move(message));
  return out;
}

}  // namespace

std::string to_string(const Place& place) {
  if (place.line <= 0) return place.file;
  if (place.column <= 0) return fmt::format("{}:{}", place.file, place.line);
  return fmt::format("{}:{}:{}", place.file, place.line, place.column);
}

std::string to_string(const Diagnostic& diagnostic) {
  std::string out = to_string(diagnostic.place);
  if (!out.empty()) out += ": ";
  out += diagnostic.severity == Severity::error ? "error: " : "warning: ";
  if (!diagnostic.key.empty()) out += diagnostic.key + ": ";
  return one_line(out + diagnostic.message);
}

void Diagnostics::error(Place place, std::string key, std::string message) {
  add_file(place.file);
  items_.push_back({std::move(place), Severity::error, std::move(key), std::move(message)});
  ++errors_;
}

void Diagnostics::warning(Place place, std::string key, std::string message) {
  add_file(place.file);
  items_.push_back({std::move(place), Severity::warning, std::move(key), std::move(message)});
}

void Diagnostics::add_file(const std::string& file) { file_order_.try_emplace(file, file_order_.size()); }

std::vector<Diagnostic> Diagnostics::sorted() const {
  const auto position = [this](const Diagnostic& d) {
    return std::tuple(file_order_.at(d.place.file), d.place.line, d.place.column);
  };
  std::vector<Diagnostic> sorted = items_;
  std::stable_sort(sorted.begin(), sorted.end(),
                   [&](const Diagnostic& a, const Diagnostic& b) { return position(a) < position(b); });
  std::vector<Diagnostic> out;
  for (Diagnostic& item : sorted) {
    // Repetitions share a place, so they stand in the current run of equal places.
    bool repeated = false;
    for (auto other = out.rbegin(); other != out.rend() && other->place == item.place && !repeated; ++other) {
      repeated = *other == item;
    }
    if (!repeated) out.push_back(std::move(item));
  }
  return out;
}

std::string Diagnostics::text() const {
  std::string out;
  for (const Diagnostic& item : sorted()) out += to_string(item) + "\n";
  return out;
}

void Diagnostics::print(std::ostream& out) const { out << text(); }

void Diagnostics::merge(const Diagnostics& other) {
  std::vector<std::string> files(other.file_order_.size());
  for (const auto& [file, index] : other.file_order_) files[index] = file;
  for (const std::string& file : files) add_file(file);
  items_.insert(items_.end(), other.items_.begin(), other.items_.end());
  errors_ += other.errors_;
}

UserError::UserError(Diagnostics diagnostics)
    : std::runtime_error(what_text(diagnostics)), diagnostics_(std::move(diagnostics)) {}

UserError::UserError(Place place, std::string key, std::string message)
    : UserError(single(std::move(place), std::move(key), std::move(message))) {}

std::string nearest(std::string_view word, const std::vector<std::string>& candidates) {
  constexpr std::size_t kLongest = 64;
  if (word.empty() || word.size() > kLongest) return {};
  // Up to a third of the letters may be wrong (at least one).
  const std::size_t allowed = 2 * std::max<std::size_t>(1, (word.size() + 1) / 3);
  std::size_t best_distance = allowed + 1;
  std::string best;
  for (const std::string& candidate : candidates) {
    if (candidate.size() > kLongest) continue;
    const std::size_t d = distance(word, candidate);
    if (d < best_distance && d < 2 * std::max(word.size(), candidate.size())) {
      best_distance = d;
      best = candidate;
    }
  }
  return best;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& candidates) {
  const std::string best = nearest(word, candidates);
  return best.empty() ? best : fmt::format("; did you mean '{}'?", best);
}

std::string join_names(const std::vector<std::string>& names) {
  std::string out;
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) out += i + 1 == names.size() ? " and " : ", ";
    out += names[i];
  }
  return out;
}

}  // namespace squeezebar
