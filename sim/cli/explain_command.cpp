// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>

#include "sim/base/config.h"
#include "sim/base/cost_rule.h"
#include "sim/cli/command.h"
#include "sim/cli/field_description.h"
#include "sim/cli/sweep_choices.h"
#include "sim/report/text_table.h"

namespace squeezebar {
namespace {

[[noreturn]] void unknown_topic(const std::string& topic, const std::vector<std::string>& candidates) {
  throw UserError(Place{"squeezebar explain", 0, 0}, "",
                  fmt::format("nothing is called '{}'{} (see squeezebar explain)", topic,
                              did_you_mean(topic, candidates)));
}

/// Every name that can be explained inside a section: "adc.bits", "adc.model", "adc.linear".
std::vector<std::string> topics_of(const SectionInfo& section) {
  std::set<std::string> names;
  for (const std::string& name : section.schema->field_names()) names.insert(name);
  if (section.is_variant()) {
    names.insert("model");
    for (const std::string& model : section.variants->names()) {
      names.insert(model);
      for (const std::string& name : section.variants->schema(model)->field_names()) names.insert(name);
    }
  }
  std::vector<std::string> out;
  for (const std::string& name : names) out.push_back(section.name + "." + name);
  return out;
}

std::string all_sections() {
  TextTable table({Align::left, Align::left});
  for (const SectionInfo* section : config_sections()) table.row({section->name, section->summary()});
  return "Sections of a config:\n\n" + table.text("  ") +
         "\nEvery section also takes `source:`, a text that says where its numbers come from.\n"
         "What is chosen for a sweep: squeezebar explain sweep\n";
}

std::string model_list(const SectionInfo& section) {
  TextTable table({Align::left, Align::left});
  for (const std::string& model : section.variants->names()) {
    table.row({model, section.variants->schema(model)->summary()});
  }
  return table.text("  ");
}

std::string explain_section(const SectionInfo& section) {
  std::string out = section.name + ": " + section.summary() + "\n";
  if (!section.schema->fields().empty()) out += fmt::format("\n{}", field_table(*section.schema));
  if (const CostRule* rule = find_cost_rule(section.name)) out += "\nPrice: " + rule->sentence() + "\n";
  if (!section.is_variant()) return out;
  return out + "\nmodel: one of\n\n" + model_list(section) +
         fmt::format("\nThe keys of a model: squeezebar explain {}.<model>\n", section.name);
}

std::string explain_model(const SectionInfo& section, const std::string& model) {
  const RecordSchema& schema = *section.variants->schema(model);
  std::string out = fmt::format("{} with model: {}: {}\n", section.name, model, schema.summary());
  if (!schema.fields().empty()) out += fmt::format("\n{}", field_table(schema));
  if (!section.schema->fields().empty()) {
    out += fmt::format("\nKeys of every model of {}:\n\n", section.name) + field_table(*section.schema);
  }
  return out;
}

std::string explain_model_key(const SectionInfo& section) {
  return fmt::format("{}.model\n  {}: {}\n  affects: {}\n\n", section.name,
                     section.default_model ? "default" : "required",
                     section.default_model ? *section.default_model : "one of",
                     affects_text(section.model_affects)) +
         model_list(section);
}

/// The field, of the section or of those of its models that have it; declarations that are equal are told
/// once.
std::string explain_field(const SectionInfo& section, const std::string& name) {
  if (const FieldInfo* field = section.schema->find(name)) return describe_field(section.name, *field);
  if (!section.is_variant()) return {};
  std::vector<std::pair<std::string, std::vector<std::string>>> told;
  for (const std::string& model : section.variants->names()) {
    const FieldInfo* field = section.variants->schema(model)->find(name);
    if (field == nullptr) continue;
    const std::string text = describe_field(section.name, *field);
    const auto same = [&text](const auto& one) { return one.first == text; };
    const auto known = std::find_if(told.begin(), told.end(), same);
    if (known == told.end()) {
      told.push_back({text, {model}});
    } else {
      known->second.push_back(model);
    }
  }
  std::string out;
  for (const auto& [text, models] : told) {
    out += fmt::format("{}{}  models: {}\n", out.empty() ? "" : "\n", text, join_names(models));
  }
  return out;
}

/// The keys of a file beside its sections.
const std::map<std::string, std::string>& file_keys() {
  static const std::map<std::string, std::string> keys{
      {"version", "version: the version of the config format, 1. Every file that is run starts with it.\n"},
      {"include",
       "include: files, relative to this one, that are laid over each other in their order; the file itself "
       "wins.\n\n"
       "  include: [../chip/sme.yaml]\n"},
      {"variants",
       "variants: alternatives to compare. Each name stands for sections (and files to include) that win "
       "over the "
       "file's\nown. 'run' and 'check' take all of them, 'run' ends with their comparison; FILE#NAME means "
       "one.\n\n"
       "  variants:\n"
       "    plain:\n"
       "    four_bits: {adc: {bits: 4}}\n"
       "    isaac: {include: [../chip/isaac.yaml]}\n"}};
  return keys;
}

std::string explain(const std::string& topic) {
  if (topic.empty()) return all_sections();
  if (const auto key = file_keys().find(topic); key != file_keys().end()) return key->second;
  if (std::string choice = explain_sweep_choice(topic); !choice.empty()) return choice;
  const std::size_t dot = topic.find('.');
  const std::string section_name = topic.substr(0, dot);
  if (section_name == "sweep") unknown_topic(topic, sweep_choice_topics());
  const SectionInfo* section = find_section(section_name);
  if (section == nullptr) {
    std::vector<std::string> names;
    for (const SectionInfo* known : config_sections()) names.push_back(known->name);
    for (const auto& [key, text] : file_keys()) names.push_back(key);
    names.emplace_back("sweep");
    unknown_topic(section_name, names);
  }
  if (dot == std::string::npos) return explain_section(*section);
  const std::string name = topic.substr(dot + 1);
  std::string out = explain_field(*section, name);
  if (section->is_variant()) {
    if (name == "model") return explain_model_key(*section);
    if (section->variants->schema(name) != nullptr) {
      out += fmt::format("{}{}", out.empty() ? "" : "\n", explain_model(*section, name));
    }
  }
  if (out.empty()) unknown_topic(topic, topics_of(*section));
  return out;
}

/// The values in a config of everything that the topic covers.
std::string values_in(const Config& config, const std::string& topic) {
  TextTable table({Align::left, Align::left, Align::left});
  bool any = false;
  for (const ConfigValue& value : config.values()) {
    const std::string section = value.key.substr(0, value.key.find('.'));
    if (!topic.empty() && value.key != topic && section != topic &&
        section + "." + config_model(config, section) != topic) {
      continue;
    }
    table.row({value.key, value.text, config.comment(value.key)});
    any = true;
  }
  if (!any) return "\nThe config does not use it.\n";
  return "\nIn " + config.file() + ":\n\n" + table.text("  ");
}

class ExplainCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"TOPIC", false}}; }

  void declare(po::options_description& options) const override {
    options.add_options()("config", po::value<std::string>()->value_name("CONFIG"),
                          "also show the value in this config, and where it was given");
    declare_overrides(options);
  }

  std::string details() const override {
    return "TOPIC is a section (adc), a key (adc.bits), a model (adc.linear) or what a sweep chooses from "
           "(sweep.engine,\n"
           "sweep.engine.local, sweep.engine.local.jobs); without it, the sections are listed.\n\n"
           "  squeezebar explain\n"
           "  squeezebar explain adc\n"
           "  squeezebar explain adc.bits --config configs/examples/digits_sme.yaml\n";
  }

  int run(const Invocation& invocation) const override {
    const std::string topic = invocation.get<std::string>("TOPIC");
    std::string out = explain(topic);
    if (invocation.has("config")) {
      Diagnostics diagnostics;
      const Config config =
          load_config(invocation.get<std::string>("config"), overrides_of(invocation), diagnostics);
      if (diagnostics.has_errors()) throw UserError(diagnostics);
      invocation.console.warnings(diagnostics);
      out += values_in(config, topic);
    } else if (invocation.has("set")) {
      throw UserError(Place{"squeezebar explain", 0, 0}, "", "--set needs --config");
    }
    invocation.console.result(out);
    return 0;
  }
};

const Register<Command> reg{"explain",
                            "Explains a section, key or model of the config, or an option of a sweep.",
                            [] { return std::make_unique<ExplainCommand>(); }};

}  // namespace
}  // namespace squeezebar
