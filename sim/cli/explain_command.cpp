// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <map>
#include <memory>
#include <set>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "sim/base/config.h"
#include "sim/cli/command.h"
#include "sim/cli/field_description.h"
#include "sim/cli/sweep_choices.h"
#include "sim/report/text_table.h"
#include "sim/terms/cost_rule.h"

namespace squeezebar {
namespace {

using Json = nlohmann::ordered_json;

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

Explanation all_sections() {
  Explanation out;
  TextTable table({Align::left, Align::left});
  for (const SectionInfo* section : config_sections()) {
    table.row({section->name, section->summary()});
    out.json["sections"][section->name] = section->summary();
  }
  out.text = "Sections of a config:\n\n" + table.text("  ") +
             "\nEvery section also takes `source:`, a text that says where its numbers come from.\n"
             "What is chosen for a sweep: squeezebar explain sweep\n";
  return out;
}

Json keys_json(const std::string& section, const RecordSchema& schema) {
  Json out = Json::array();
  for (const FieldInfo& field : schema.fields()) out.push_back(field_json(section, field));
  return out;
}

Json model_json(const SectionInfo& section) {
  Json out{{"key", section.name + ".model"}, {"default", nullptr}};
  if (section.default_model) out["default"] = *section.default_model;
  out["affects"] = affects_name(section.model_affects);
  out["models"] = variants_json(*section.variants);
  return out;
}

Explanation explain_section(const SectionInfo& section) {
  Explanation out{section.name + ": " + section.summary() + "\n",
                  {{"about", section.summary()}, {"keys", keys_json(section.name, *section.schema)}}};
  if (!section.schema->fields().empty()) out.text += fmt::format("\n{}", field_table(*section.schema));
  if (const CostRule* rule = find_cost_rule(section.name)) {
    out.text += "\nPrice: " + rule->sentence() + "\n";
    out.json["price"] = rule->sentence();
  }
  if (!section.is_variant()) return out;
  out.text += "\nmodel: one of\n\n" + variant_table(*section.variants) +
              fmt::format("\nThe keys of a model: squeezebar explain {}.<model>\n", section.name);
  out.json["model"] = model_json(section);
  return out;
}

Explanation explain_model(const SectionInfo& section, const std::string& model) {
  const RecordSchema& schema = *section.variants->schema(model);
  Explanation out{fmt::format("{} with model: {}: {}\n", section.name, model, schema.summary()),
                  {{"model", model}, {"about", schema.summary()}, {"keys", keys_json(section.name, schema)}}};
  if (!schema.fields().empty()) out.text += fmt::format("\n{}", field_table(schema));
  if (!section.schema->fields().empty()) {
    out.text += fmt::format("\nKeys of every model of {}:\n\n", section.name) + field_table(*section.schema);
  }
  out.json["keys_of_every_model"] = keys_json(section.name, *section.schema);
  return out;
}

Explanation explain_model_key(const SectionInfo& section) {
  return {fmt::format("{}.model\n  {}: {}\n  affects: {}\n\n", section.name,
                      section.default_model ? "default" : "required",
                      section.default_model ? *section.default_model : "one of",
                      affects_text(section.model_affects)) +
              variant_table(*section.variants),
          model_json(section)};
}

/// The field, of the section or of those of its models that have it; declarations that are equal are told
/// once.
Explanation explain_field(const SectionInfo& section, const std::string& name) {
  struct Declared {
    std::string text;
    Json json;
    std::vector<std::string> models;
  };
  if (const FieldInfo* field = section.schema->find(name))
    return {describe_field(section.name, *field),
            {{"declared", Json::array({field_json(section.name, *field)})}}};
  if (!section.is_variant()) return {};
  std::vector<Declared> told;
  for (const std::string& model : section.variants->names()) {
    const FieldInfo* field = section.variants->schema(model)->find(name);
    if (field == nullptr) continue;
    const std::string text = describe_field(section.name, *field);
    const auto same = [&text](const Declared& one) { return one.text == text; };
    const auto known = std::find_if(told.begin(), told.end(), same);
    if (known == told.end()) {
      told.push_back({text, field_json(section.name, *field), {model}});
    } else {
      known->models.push_back(model);
    }
  }
  Explanation out;
  for (Declared& one : told) {
    out.text += fmt::format("{}{}  models: {}\n", out.empty() ? "" : "\n", one.text, join_names(one.models));
    one.json["models"] = one.models;
    out.json["declared"].push_back(std::move(one.json));
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
       "    isaac: {include: [../chip/isaac_single.yaml]}\n"}};
  return keys;
}

Explanation explain(const std::string& topic) {
  if (topic.empty()) return all_sections();
  if (const auto key = file_keys().find(topic); key != file_keys().end())
    return {key->second, {{"about", key->second}}};
  if (Explanation choice = explain_sweep_choice(topic); !choice.empty()) return choice;
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
  if (section->is_variant() && name == "model") return explain_model_key(*section);
  Explanation out = explain_field(*section, name);
  if (section->is_variant() && section->variants->schema(name) != nullptr) {
    const Explanation model = explain_model(*section, name);
    out.text += fmt::format("{}{}", out.empty() ? "" : "\n", model.text);
    out.json.update(model.json);
  }
  if (out.empty()) unknown_topic(topic, topics_of(*section));
  return out;
}

/// Adds the values in a config of everything that the topic covers.
void add_values(const Config& config, const std::string& topic, Explanation& explanation) {
  TextTable table({Align::left, Align::left, Align::left});
  Json values = Json::array();
  for (const ConfigValue& value : config.values()) {
    const std::string section = value.key.substr(0, value.key.find('.'));
    if (!topic.empty() && value.key != topic && section != topic &&
        section + "." + config_model(config, section) != topic) {
      continue;
    }
    table.row({value.key, value.text, config.comment(value.key)});
    values.push_back({{"key", value.key}, {"value", value.text}, {"from", config.comment(value.key)}});
  }
  explanation.text += values.empty() ? "\nThe config does not use it.\n"
                                     : "\nIn " + config.file() + ":\n\n" + table.text("  ");
  explanation.json["config"] = config.file();
  explanation.json["values"] = std::move(values);
}

std::string json_text(Json head, const Json& rest) {
  head.update(rest);
  return head.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
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
           "  squeezebar explain adc.bits --config configs/examples/digits_sme.yaml\n"
           "  squeezebar explain adc.bits --json\n";
  }

  int run(const Invocation& invocation) const override {
    const std::string topic = invocation.get<std::string>("TOPIC");
    Explanation out = explain(topic);
    if (invocation.has("config")) {
      Diagnostics diagnostics;
      const Config config =
          load_config(config_of(invocation, "config"), overrides_of(invocation), diagnostics);
      if (diagnostics.has_errors()) throw UserError(diagnostics);
      invocation.console.warnings(diagnostics);
      add_values(config, topic, out);
    } else if (invocation.has("set")) {
      throw UserError(Place{"squeezebar explain", 0, 0}, "", "--set needs --config");
    }
    invocation.console.result(invocation.console.json() ? json_text({{"topic", topic}}, out.json) : out.text);
    return 0;
  }
};

const Register<Command> reg{"explain",
                            "Explains a section, key or model of the config, or an option of a sweep.",
                            [] { return std::make_unique<ExplainCommand>(); }};

}  // namespace
}  // namespace squeezebar
