// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include "sim/base/config_merge.h"
#include "sim/base/config_state.h"
#include "sim/base/log.h"
#include "sim/base/piped_config.h"

namespace squeezebar {
namespace {

std::string quoted_list(const std::vector<std::string>& names) {
  std::vector<std::string> quoted;
  for (const std::string& name : names) quoted.push_back("'" + name + "'");
  return join_names(quoted);
}

bool all_optional(const RecordSchema& schema) {
  return std::none_of(schema.fields().begin(), schema.fields().end(),
                      [](const FieldInfo& f) { return f.required(); });
}

/// Reads one section from its merged entries.
class SectionReader {
 public:
  /// `files`: layers below the overrides.
  SectionReader(const SectionInfo& info, const MergedSection& merged, int files, bool report_missing,
                Diagnostics& diagnostics)
      : info_(info),
        merged_(merged),
        files_(files),
        report_missing_(report_missing),
        diagnostics_(diagnostics) {}

  SectionState read() {
    const std::size_t errors_before = diagnostics_.error_count();
    state_.info = &info_;
    state_.place = merged_.place;
    state_.params = info_.schema->create();
    if (info_.is_variant()) read_model();
    check_keys();
    read_source();
    for (const auto& [key, merged] : merged_.entries) {
      state_.written[key] = {merged.entry.value.place,
                             {std::min(merged.layer, files_ + 1), std::min(merged.since, files_ + 1)}};
    }
    read_record_of(*info_.schema, state_.params.get());
    if (state_.variant_schema != nullptr) {
      state_.variant_params = state_.variant_schema->create();
      read_record_of(*state_.variant_schema, state_.variant_params.get());
    }
    if (diagnostics_.error_count() == errors_before) finish();
    return std::move(state_);
  }

 private:
  std::string prefix() const { return info_.name + "."; }
  FindEntry finder() const {
    return [this](std::string_view key) { return merged_.find(key); };
  }

  void read_record_of(const RecordSchema& schema, void* params) {
    read_fields(schema, params, finder(), merged_.place, prefix(), diagnostics_, report_missing_);
  }

  void read_model() {
    const std::string key = prefix() + "model";
    const std::vector<std::string> names = info_.variants->names();
    const YamlEntry* entry = merged_.find("model");
    if (entry == nullptr) {
      if (info_.default_model) {
        state_.model = *info_.default_model;
      } else if (report_missing_) {
        diagnostics_.error(merged_.place, key, fmt::format("missing; choose {}", choices(names)));
      }
    } else {
      const Scalar<std::string> text = scalar_text(entry->value);
      if (!text.ok()) {
        diagnostics_.error(entry->value.place, key, text.error);
      } else if (info_.variants->schema(text.value) == nullptr) {
        diagnostics_.error(entry->value.place, key,
                           fmt::format("unknown model '{}'; choose {}{}", text.value, choices(names),
                                       did_you_mean(text.value, names)));
      } else {
        state_.model = text.value;
      }
    }
    if (!state_.model.empty()) state_.variant_schema = info_.variants->schema(state_.model);
  }

  static std::string choices(const std::vector<std::string>& names) {
    return names.size() == 1 ? names[0] : "one of " + join_names(names);
  }

  std::vector<std::string> models_with(std::string_view key) const {
    std::vector<std::string> out;
    if (!info_.is_variant()) return out;
    for (const std::string& name : info_.variants->names()) {
      if (info_.variants->schema(name)->find(key) != nullptr) out.push_back(name);
    }
    return out;
  }

  std::vector<std::string> valid_keys() const {
    std::vector<std::string> out = info_.schema->field_names();
    if (state_.variant_schema != nullptr) {
      const std::vector<std::string> more = state_.variant_schema->field_names();
      out.insert(out.end(), more.begin(), more.end());
    }
    if (info_.is_variant()) out.emplace_back("model");
    out.emplace_back("source");
    return out;
  }

  /// A field of a model that a later layer replaced.
  bool is_left_over(const MergedEntry& merged, const std::vector<std::string>& owners) const {
    const auto model = merged_.entries.find("model");
    if (model == merged_.entries.end() || merged.layer >= model->second.layer) return false;
    const std::vector<std::string>& replaced = merged_.replaced_models;
    return std::any_of(owners.begin(), owners.end(), [&](const std::string& owner) {
      return std::find(replaced.begin(), replaced.end(), owner) != replaced.end();
    });
  }

  void check_keys() {
    const std::vector<std::string> valid = valid_keys();
    for (const auto& [key, merged] : merged_.entries) {
      if (std::find(valid.begin(), valid.end(), key) != valid.end()) continue;
      const std::vector<std::string> owners = models_with(key);
      if (is_left_over(merged, owners)) continue;
      // Without a known model, a key of any model may be right.
      if (info_.is_variant() && state_.model.empty() && !owners.empty()) continue;
      report_unknown(merged.entry, owners, valid);
    }
  }

  void report_unknown(const YamlEntry& entry, const std::vector<std::string>& owners,
                      const std::vector<std::string>& valid) {
    std::string message = fmt::format("unknown key '{}'", entry.key);
    if (!state_.model.empty()) message += fmt::format(" for {} model '{}'", info_.name, state_.model);
    if (owners.empty()) {
      message += did_you_mean(entry.key, valid);
    } else {
      message += fmt::format("; it belongs to model{} {}", owners.size() > 1 ? "s" : "", quoted_list(owners));
    }
    diagnostics_.error(entry.key_place, info_.name, message);
  }

  void read_source() {
    const YamlEntry* entry = merged_.find("source");
    if (entry == nullptr) return;
    const auto add = [&](const YamlNode& node) {
      const Scalar<std::string> text = scalar_text(node);
      if (text.ok()) {
        state_.source.push_back(text.value);
      } else {
        diagnostics_.error(node.place, prefix() + "source", text.error);
      }
    };
    if (!entry->value.is_sequence()) return add(entry->value);
    for (const YamlNode& item : entry->value.items) add(item);
  }

  /// Runs the rules and builds the variant of a section without errors.
  void finish() {
    const std::size_t errors_before = diagnostics_.error_count();
    check_rules(*info_.schema, state_.params.get(), finder(), merged_.place, prefix(), diagnostics_);
    if (state_.variant_schema == nullptr) return;
    check_rules(*state_.variant_schema, state_.variant_params.get(), finder(), merged_.place, prefix(),
                diagnostics_);
    if (diagnostics_.error_count() != errors_before) return;
    try {
      state_.variant = info_.variants->build(state_.model, state_.variant_params.get());
    } catch (const std::invalid_argument& e) {
      const YamlEntry* model = merged_.find("model");
      diagnostics_.error(model == nullptr ? merged_.place : model->value.place, prefix() + "model", e.what());
    }
  }

  const SectionInfo& info_;
  const MergedSection& merged_;
  int files_;
  bool report_missing_;
  Diagnostics& diagnostics_;
  SectionState state_;
};

/// Whether a section can be left out because everything in it has a default.
bool has_defaults(const SectionInfo& info) {
  if (!all_optional(*info.schema)) return false;
  if (!info.is_variant()) return true;
  const RecordSchema* variant = info.default_model ? info.variants->schema(*info.default_model) : nullptr;
  return variant != nullptr && all_optional(*variant);
}

std::shared_ptr<Config::State> read_sections(const std::string& path, const MergedConfig& merged,
                                             Diagnostics& diagnostics) {
  auto state = std::make_shared<Config::State>();
  state->file = path;
  MergedSection absent;
  absent.place = {path, 1, 1};
  for (const SectionInfo* info : config_sections()) {
    const auto given = merged.sections.find(info->name);
    if (given == merged.sections.end() && !has_defaults(*info)) {
      if (merged.broken) continue;
      diagnostics.error(absent.place, info->name, fmt::format("missing section: {}", info->summary()));
      continue;
    }
    const MergedSection& section = given == merged.sections.end() ? absent : given->second;
    state->sections[info->name] =
        SectionReader(*info, section, merged.files, !merged.broken, diagnostics).read();
  }
  return state;
}

/// Reads what the files of `path` say, with the overrides laid over it. Whatever is wrong since
/// `errors_before` makes it invalid.
Config read_config(const std::string& path, MergedConfig merged, const std::vector<ConfigOverride>& overrides,
                   std::size_t errors_before, Diagnostics& diagnostics) {
  for (const ConfigOverride& one : overrides) lay_override(one, merged, diagnostics);
  const std::shared_ptr<Config::State> state =
      read_sections(ConfigName::parse(path).file, merged, diagnostics);
  if (diagnostics.error_count() != errors_before) return Config();
  Config config(state);
  for (const ConfigRule& rule : config_rules()) rule(config, diagnostics);
  return diagnostics.error_count() == errors_before ? config : Config();
}

}  // namespace

struct ConfigBase::Files {
  std::string path;
  MergedConfig merged;
  Diagnostics diagnostics;
};

ConfigBase::ConfigBase(const std::string& path) {
  check_declarations();
  auto files = std::make_shared<Files>();
  files->path = path;
  files->merged = merge_files(path, read_config_text, files->diagnostics);
  files_ = std::move(files);
}

Config ConfigBase::with(const std::vector<ConfigOverride>& overrides, Diagnostics& diagnostics) const {
  const std::size_t errors_before = diagnostics.error_count();
  diagnostics.merge(files_->diagnostics);
  return read_config(files_->path, files_->merged, overrides, errors_before, diagnostics);
}

Config load_config(const std::string& path, const std::vector<std::string>& overrides,
                   Diagnostics& diagnostics, const ReadFile& read) {
  diagnostics.add_file(ConfigName::parse(path).file);  // what is wrong with it comes before the overrides
  const std::size_t errors_before = diagnostics.error_count();
  std::vector<ConfigOverride> parsed;
  for (const std::string& text : overrides) {
    if (std::optional<ConfigOverride> one = parse_override(text, diagnostics))
      parsed.push_back(std::move(*one));
  }
  check_declarations();
  MergedConfig merged = merge_files(path, read, diagnostics);
  return read_config(path, std::move(merged), parsed, errors_before, diagnostics);
}

Config load_config(const std::string& path, const std::vector<std::string>& overrides,
                   Diagnostics& diagnostics) {
  return load_config(path, overrides, diagnostics, read_config_text);
}

Config load_config(const std::string& path, const std::vector<std::string>& overrides) {
  Diagnostics diagnostics;
  Config config = load_config(path, overrides, diagnostics);
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  for (const Diagnostic& warning : diagnostics.sorted()) log_warning(to_string(warning));
  return config;
}

}  // namespace squeezebar
