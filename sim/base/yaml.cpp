// SPDX-License-Identifier: Apache-2.0
#include "sim/base/yaml.h"

#include <algorithm>
#include <map>
#include <sstream>
#include <utility>

#include <fmt/core.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include "sim/base/text_check.h"

namespace squeezebar {
namespace {

/// Ends the walk over a document that cannot become a tree.
struct Refused {
  Place place;
  std::string key;
  std::string message;
};

std::size_t count_nodes(const YamlNode& node) {
  std::size_t count = 1;
  for (const YamlNode& item : node.items) count += count_nodes(item);
  for (const YamlEntry& entry : node.entries) count += count_nodes(entry.value);
  return count;
}

std::size_t height(const YamlNode& node) {
  std::size_t below = 0;
  for (const YamlNode& item : node.items) below = std::max(below, height(item));
  for (const YamlEntry& entry : node.entries) below = std::max(below, height(entry.value));
  return below + 1;
}

/// Builds the tree from the parser's events, so that limits hold before memory is spent.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(std::string file, Diagnostics& diagnostics)
      : file_(std::move(file)), diagnostics_(diagnostics) {}

  YamlNode take() { return std::move(root_); }
  Place place(const YAML::Mark& mark) const {
    // Marks count from 0 and lack the file; -1 means unknown.
    return mark.is_null() ? Place{file_, 0, 0} : Place{file_, mark.line + 1, mark.column + 1};
  }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) throw Refused{place(mark), "", "only one YAML document per file is allowed"};
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    YamlNode node;
    node.place = place(mark);
    finish(std::move(node), anchor);
  }

  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override {
    if (awaits_key()) throw Refused{place(mark), path(), "an alias cannot be a key"};
    const auto known = anchors_.find(anchor);
    if (known == anchors_.end())
      throw Refused{place(mark), path(), "an alias cannot stand inside its own anchor"};
    spend(known->second.count, mark);
    if (frames_.size() + known->second.height > kYamlMaxDepth) too_deep(mark);
    YamlNode node = known->second.node;
    node.place = place(mark);
    finish(std::move(node), YAML::NullAnchor);
  }

  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check_tag(tag, mark);
    YamlNode node;
    node.kind = YamlNode::Kind::scalar;
    node.text = value;
    node.quoted = tag == "!";
    node.place = place(mark);
    finish(std::move(node), anchor);
  }

  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    start(YamlNode::Kind::sequence, mark, tag, anchor);
  }
  void OnSequenceEnd() override { end(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    start(YamlNode::Kind::map, mark, tag, anchor);
  }
  void OnMapEnd() override { end(); }

 private:
  struct Frame {
    YamlNode node;
    YAML::anchor_t anchor = YAML::NullAnchor;
    bool has_key = false;
    bool drop_value = false;
    std::string key;
    Place key_place;
    std::map<std::string, int, std::less<>> first_line;
  };
  struct Anchored {
    YamlNode node;
    std::size_t count = 0;
    std::size_t height = 0;
  };

  bool awaits_key() const {
    return !frames_.empty() && frames_.back().node.is_map() && !frames_.back().has_key;
  }

  /// Dotted keys down to the innermost open collection.
  std::string path() const {
    std::string out;
    for (const Frame& frame : frames_) {
      if (!frame.has_key) continue;
      if (!out.empty()) out += '.';
      out += frame.key;
    }
    return out;
  }

  void check_tag(const std::string& tag, const YAML::Mark& mark) const {
    if (tag != "?" && tag != "!" && !tag.empty())
      throw Refused{place(mark), path(), "YAML tags are not allowed"};
  }

  void spend(std::size_t count, const YAML::Mark& mark) {
    nodes_ += count;
    if (nodes_ > kYamlMaxNodes) {
      throw Refused{place(mark), path(),
                    fmt::format("more than {} values (aliases expanded)", kYamlMaxNodes)};
    }
  }

  [[noreturn]] void too_deep(const YAML::Mark& mark) const {
    throw Refused{place(mark), "", fmt::format("nested deeper than {} levels", kYamlMaxDepth)};
  }

  void start(YamlNode::Kind kind, const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    check_tag(tag, mark);
    if (awaits_key())
      throw Refused{place(mark), path(),
                    "a key must be a plain word, not a list or a map; is a bracket open?"};
    if (frames_.size() >= kYamlMaxDepth) too_deep(mark);
    spend(1, mark);
    Frame frame;
    frame.node.kind = kind;
    frame.node.place = place(mark);
    frame.anchor = anchor;
    frames_.push_back(std::move(frame));
  }

  void end() {
    Frame frame = std::move(frames_.back());
    frames_.pop_back();
    store(frame.node, frame.anchor);
    attach(std::move(frame.node));
  }

  void finish(YamlNode node, YAML::anchor_t anchor) {
    spend(1, YAML::Mark::null_mark());
    store(node, anchor);
    attach(std::move(node));
  }

  void store(const YamlNode& node, YAML::anchor_t anchor) {
    if (anchor == YAML::NullAnchor) return;
    const std::size_t count = count_nodes(node);
    spend(count, YAML::Mark::null_mark());
    anchors_[anchor] = {node, count, height(node)};
  }

  void attach(YamlNode node) {
    if (frames_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& parent = frames_.back();
    if (parent.node.is_sequence()) {
      parent.node.items.push_back(std::move(node));
    } else if (parent.has_key) {
      if (!parent.drop_value) parent.node.entries.push_back({parent.key, parent.key_place, std::move(node)});
      parent.has_key = false;
    } else {
      begin_entry(parent, node);
    }
  }

  void begin_entry(Frame& parent, const YamlNode& key) {
    if (!key.is_scalar()) throw Refused{key.place, path(), "empty key"};
    const std::string where = path();
    const auto [first, is_new] = parent.first_line.try_emplace(key.text, key.place.line);
    parent.drop_value = false;
    if (key.text == "<<" && !key.quoted) {
      parent.drop_value = true;
      diagnostics_.error(key.place, where, "merge keys ('<<') are not supported; use include");
    } else if (!is_new) {
      parent.drop_value = true;
      diagnostics_.error(key.place, where,
                         fmt::format("key '{}' given twice (first at line {})", key.text, first->second));
    }
    parent.has_key = true;
    parent.key = key.text;
    parent.key_place = key.place;
  }

  std::string file_;
  Diagnostics& diagnostics_;
  YamlNode root_;
  std::vector<Frame> frames_;
  std::map<YAML::anchor_t, Anchored> anchors_;
  std::size_t nodes_ = 0;
  int documents_ = 0;
};

}  // namespace

const YamlEntry* YamlNode::find(std::string_view key) const {
  const auto match =
      std::find_if(entries.begin(), entries.end(), [key](const YamlEntry& e) { return e.key == key; });
  return match == entries.end() ? nullptr : &*match;
}

const YamlNode* YamlNode::value(std::string_view key) const {
  const YamlEntry* entry = find(key);
  return entry == nullptr ? nullptr : &entry->value;
}

std::optional<YamlNode> parse_yaml(std::string_view text, const std::string& file, Diagnostics& diagnostics) {
  diagnostics.add_file(file);
  constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kYamlMaxBytes) {
    diagnostics.error({file, 0, 0}, "", fmt::format("larger than {} MiB", kYamlMaxBytes >> 20U));
    return std::nullopt;
  }
  if (const std::optional<TextFault> fault = find_text_fault(text)) {
    diagnostics.error({file, fault->line, fault->column}, "", fault->message);
    return std::nullopt;
  }
  TreeBuilder builder(file, diagnostics);
  try {
    std::istringstream in{std::string(text)};
    YAML::Parser parser(in);
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take();
  } catch (const Refused& refused) {
    diagnostics.error(refused.place, refused.key, refused.message);
  } catch (const YAML::Exception& e) {
    // yaml-cpp 0.8 adds the anchor's name where 0.7 does not; the place says which one it is.
    constexpr std::string_view kUnknownAnchor = "the referenced anchor is not defined";
    const bool unknown_anchor = e.msg.compare(0, kUnknownAnchor.size(), kUnknownAnchor) == 0;
    diagnostics.error(
        builder.place(e.mark), "",
        fmt::format("not valid YAML: {}", unknown_anchor ? kUnknownAnchor : std::string_view(e.msg)));
  }
  return std::nullopt;
}

std::optional<YamlNode> load_yaml(const std::filesystem::path& path, Diagnostics& diagnostics) {
  const std::optional<std::string> text = read_text_file(path, diagnostics);
  if (!text) return std::nullopt;
  return parse_yaml(*text, path.string(), diagnostics);
}

}  // namespace squeezebar
