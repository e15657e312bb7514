// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/figures.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/document.h"

namespace squeezebar {
namespace {

using Json = nlohmann::json;

/// No file of a run folder nests deeper.
constexpr std::size_t kMostDepth = 8;

/// Gathers the figures while the text is parsed, so that no tree of a hostile file is ever built.
class FigureReader final : public nlohmann::json_sax<Json> {
 public:
  FigureReader(std::string_view text, const std::string& file, Diagnostics& diagnostics)
      : text_(text), file_(file), diagnostics_(diagnostics) {}

  Figures figures;

  bool null() override { return add(Figure::Kind::null, 0.0, "null"); }
  bool boolean(bool value) override {
    return add(Figure::Kind::truth, value ? 1.0 : 0.0, value ? "true" : "false");
  }
  bool number_integer(number_integer_t value) override {
    return add(Figure::Kind::number, static_cast<double>(value), std::to_string(value));
  }
  bool number_unsigned(number_unsigned_t value) override {
    return add(Figure::Kind::number, static_cast<double>(value), std::to_string(value));
  }
  bool number_float(number_float_t value, const string_t& digits) override {
    return add(Figure::Kind::number, value, digits);
  }
  bool string(string_t& value) override { return add(Figure::Kind::text, 0.0, value); }
  bool binary(binary_t& value) override {
    static_cast<void>(value);
    return fail("", "holds binary data");
  }
  bool start_object(std::size_t elements) override {
    static_cast<void>(elements);
    return open(false);
  }
  bool key(string_t& value) override {
    path_.back().name = value;
    return true;
  }
  bool end_object() override { return close(); }
  bool start_array(std::size_t elements) override {
    static_cast<void>(elements);
    if (path_.empty()) return fail_whole();
    return open(true);
  }
  bool end_array() override { return close(); }
  bool parse_error(std::size_t position, const std::string& last_token,
                   const nlohmann::detail::exception& error) override {
    static_cast<void>(last_token);
    static_cast<void>(error);
    const bool cut = position > text_.size();
    diagnostics_.error(
        place_in(text_, std::min(position > 0 ? position - 1 : 0, text_.size()), file_), "",
        cut ? "is not JSON: the text ends too early, the file is not whole" : "is not JSON from here on");
    return false;
  }

 private:
  /// An object or a list that is being read, and where in it.
  struct Level {
    bool is_list = false;
    std::string name;
    std::size_t next = 0;
  };

  bool open(bool is_list) {
    if (path_.size() == kMostDepth) return fail(here(), "is nested too deeply for a file of a run");
    path_.push_back({is_list, "", 0});
    return true;
  }
  bool close() {
    path_.pop_back();
    if (!path_.empty()) ++path_.back().next;
    return true;
  }
  [[nodiscard]] std::string here() const {
    std::string out;
    for (const Level& level : path_) {
      if (&level != &path_.front()) out += '.';
      out += level.is_list ? std::to_string(level.next) : level.name;
    }
    return out;
  }
  bool add(Figure::Kind kind, double number, std::string text) {
    if (path_.empty()) return fail_whole();
    const std::string key = here();
    ++path_.back().next;
    return figures.add({key, kind, number, std::move(text)}) || fail(key, "is there twice");
  }
  bool fail_whole() {
    diagnostics_.error(Place{file_, 1, 1}, "", "must hold a JSON object");
    return false;
  }
  bool fail(const std::string& key, const std::string& message) {
    diagnostics_.error(Place{file_, 0, 0}, key, message);
    return false;
  }

  std::string_view text_;
  const std::string& file_;
  Diagnostics& diagnostics_;
  std::vector<Level> path_;
};

}  // namespace

bool Figures::add(Figure figure) {
  if (!by_key_.try_emplace(figure.key, all_.size()).second) return false;
  all_.push_back(std::move(figure));
  return true;
}

const Figure* Figures::find(std::string_view key) const {
  const auto at = by_key_.find(key);
  return at == by_key_.end() ? nullptr : &all_[at->second];
}

std::optional<double> Figures::number(std::string_view key) const {
  const Figure* figure = find(key);
  if (figure == nullptr || figure->kind != Figure::Kind::number) return std::nullopt;
  return figure->number;
}

std::string Figures::text(std::string_view key) const {
  const Figure* figure = find(key);
  return figure == nullptr || figure->kind != Figure::Kind::text ? "" : figure->text;
}

std::vector<std::string> Figures::members(const std::string& object) const {
  std::vector<std::string> out;
  const std::string prefix = object + ".";
  for (const Figure& figure : all_) {
    if (figure.key.rfind(prefix, 0) != 0) continue;
    std::string name = figure.key.substr(prefix.size());
    if (name.find('.') == std::string::npos) out.push_back(std::move(name));
  }
  return out;
}

std::optional<Figures> parse_figures(std::string_view text, const std::string& file,
                                     Diagnostics& diagnostics) {
  if (is_blank(text)) {
    diagnostics.error(Place{file, 1, 1}, "", "the file is empty");
    return std::nullopt;
  }
  FigureReader reader(text, file, diagnostics);
  if (!Json::sax_parse(text, &reader)) return std::nullopt;
  return std::move(reader.figures);
}

}  // namespace squeezebar
