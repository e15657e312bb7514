// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/sweep_choices.h"

#include <fmt/format.h>

#include "sim/cli/field_description.h"
#include "sim/report/text_table.h"
#include "sim/sweep/engine.h"
#include "sim/sweep/sampler.h"
#include "sim/sweep/table.h"

namespace squeezebar {
namespace {

std::string below(const std::string& topic, const std::string& name) {
  return fmt::format("{}.{}", topic, name);
}

Explanation explain_all() {
  Explanation out;
  TextTable table({Align::left, Align::left});
  for (const SweepChoice& choice : sweep_choices()) {
    table.row({choice.name, choice.about});
    out.json["choices"][choice.name] = choice.about;
  }
  out.text = "What a sweep chooses from:\n\n" + table.text("  ");
  return out;
}

Explanation explain_choice(const SweepChoice& choice) {
  return {fmt::format("{}: {}\n\n{}", choice.name, choice.about, variant_table(*choice.variants)),
          {{"about", choice.about}, {"models", variants_json(*choice.variants)}}};
}

Explanation explain_variant(const std::string& topic, const RecordSchema& schema) {
  Explanation out{fmt::format("{}: {}\n", topic, schema.summary()),
                  {{"about", schema.summary()}, {"keys", nlohmann::ordered_json::array()}}};
  if (!schema.fields().empty()) out.text += fmt::format("\n{}", field_table(schema));
  for (const FieldInfo& field : schema.fields()) out.json["keys"].push_back(option_json(topic, field));
  return out;
}

}  // namespace

std::vector<SweepChoice> sweep_choices() {
  return {
      {"sweep.engine", "Who computes the points: --engine NAME, its options as --engine-set KEY=VALUE.",
       &Registry<Engine>::instance()},
      {"sweep.sampler", "How points are drawn: `method` of a spec's sample.", &Registry<Sampler>::instance()},
      {"sweep.table", "Files that the table is written to.", &Registry<TableWriter>::instance()}};
}

Explanation explain_sweep_choice(const std::string& topic) {
  if (topic == "sweep") return explain_all();
  for (const SweepChoice& choice : sweep_choices()) {
    if (topic == choice.name) return explain_choice(choice);
    for (const std::string& name : choice.variants->names()) {
      const RecordSchema& schema = *choice.variants->schema(name);
      const std::string variant = below(choice.name, name);
      if (topic == variant) return explain_variant(variant, schema);
      for (const FieldInfo& field : schema.fields()) {
        if (topic == below(variant, field.name))
          return {describe_option(variant, field), option_json(variant, field)};
      }
    }
  }
  return {};
}

std::vector<std::string> sweep_choice_topics() {
  std::vector<std::string> out{"sweep"};
  for (const SweepChoice& choice : sweep_choices()) {
    out.push_back(choice.name);
    for (const std::string& name : choice.variants->names()) {
      const std::string variant = below(choice.name, name);
      out.push_back(variant);
      for (const std::string& field : choice.variants->schema(name)->field_names())
        out.push_back(below(variant, field));
    }
  }
  return out;
}

}  // namespace squeezebar
