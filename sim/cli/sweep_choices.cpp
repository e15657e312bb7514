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

std::string explain_all() {
  TextTable table({Align::left, Align::left});
  for (const SweepChoice& choice : sweep_choices()) table.row({choice.name, choice.about});
  return "What a sweep chooses from:\n\n" + table.text("  ");
}

std::string explain_choice(const SweepChoice& choice) {
  TextTable table({Align::left, Align::left});
  for (const std::string& name : choice.variants->names())
    table.row({name, choice.variants->schema(name)->summary()});
  return fmt::format("{}: {}\n\n{}", choice.name, choice.about, table.text("  "));
}

std::string explain_variant(const std::string& topic, const RecordSchema& schema) {
  std::string out = fmt::format("{}: {}\n", topic, schema.summary());
  if (!schema.fields().empty()) out += fmt::format("\n{}", field_table(schema));
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

std::string explain_sweep_choice(const std::string& topic) {
  if (topic == "sweep") return explain_all();
  for (const SweepChoice& choice : sweep_choices()) {
    if (topic == choice.name) return explain_choice(choice);
    for (const std::string& name : choice.variants->names()) {
      const RecordSchema& schema = *choice.variants->schema(name);
      const std::string variant = below(choice.name, name);
      if (topic == variant) return explain_variant(variant, schema);
      for (const FieldInfo& field : schema.fields()) {
        if (topic == below(variant, field.name)) return describe_option(variant, field);
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
