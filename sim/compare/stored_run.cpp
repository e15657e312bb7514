// SPDX-License-Identifier: Apache-2.0
#include "sim/compare/stored_run.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <set>

#include <fmt/format.h>

#include "sim/base/document.h"
#include "sim/base/file_list.h"
#include "sim/base/units.h"
#include "sim/base/yaml.h"
#include "sim/report/run_files.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

constexpr double kSchemaVersion = 1;
/// Sums of rounded parts come back to the total but for this.
constexpr double kRounding = 1e-9;
constexpr const char* kRunAgain = "the folder is damaged or was changed; run it again";

constexpr std::array kNumbers{"seed",
                              "images",
                              "clock_hz",
                              "ops",
                              "area_mm2",
                              "adc_conversions",
                              "adc_clipped",
                              "bit_cycles",
                              "bit_cycles_skipped",
                              "crossbars.conventional.total",
                              "crossbars.dense_sliced.total",
                              "crossbars.allocated.total",
                              "crossbars.allocated.conv",
                              "crossbars.replicated.total"};
constexpr std::array kTexts{"tool_version", "workload",  "workload_hash",  "function", "schedule",
                            "devices",      "adc_model", "mapping_scheme", "signs",    "config_hash.values"};
/// Null in a run without timing.
constexpr std::array kTimed{"latency_s", "cycles", "energy_j"};
/// Columns that sum to the figure of the same name.
constexpr std::array kSummed{"bit_cycles", "bit_cycles_skipped", "adc_conversions", "adc_clipped"};

bool close(double a, double b) { return std::abs(a - b) <= kRounding * std::max(std::abs(a), std::abs(b)); }

std::string file_in(const fs::path& folder, const char* name) { return (folder / name).string(); }

void check_version(const Figures& summary, const Place& place, Diagnostics& diagnostics) {
  const Figure* version = summary.find("schema_version");
  if (version == nullptr || version->kind != Figure::Kind::number) {
    diagnostics.error(place, "schema_version", "is missing: this is no summary of a run");
  } else if (version->number != kSchemaVersion) {
    diagnostics.error(place, "schema_version",
                      fmt::format("is {}, this program reads {}; run it again with this program",
                                  version->text, kSchemaVersion));
  }
}

void check_keys(const Figures& summary, const Place& place, Diagnostics& diagnostics) {
  const auto check = [&](const char* key, Figure::Kind kind, bool may_be_null, const char* what) {
    const Figure* figure = summary.find(key);
    if (figure == nullptr) {
      diagnostics.error(place, key, fmt::format("is missing; {}", kRunAgain));
    } else if (figure->kind != kind && !(may_be_null && figure->kind == Figure::Kind::null)) {
      diagnostics.error(place, key, fmt::format("must be {}; {}", what, kRunAgain));
    }
  };
  for (const char* key : kNumbers) check(key, Figure::Kind::number, false, "a number");
  for (const char* key : kTexts) check(key, Figure::Kind::text, false, "a text");
  for (const char* key : kTimed) check(key, Figure::Kind::number, true, "a number or null");
  if (summary.number("images").value_or(1) < 1)
    diagnostics.error(place, "images", fmt::format("must be at least 1; {}", kRunAgain));
}

/// Sum of a column; nothing if it is not there or does not hold numbers, which is told.
std::optional<double> column_sum(const CsvTable& table, const char* name, Diagnostics& diagnostics) {
  const auto column = table.column(name);
  if (!column) {
    diagnostics.error(Place{table.file, 1, 0}, "", fmt::format("has no column '{}'; {}", name, kRunAgain));
    return std::nullopt;
  }
  double sum = 0.0;
  for (std::size_t i = 0; i < table.records.size(); ++i) {
    const ParsedNumber number = parse_number(table.records[i][*column]);
    if (!number.ok()) {
      diagnostics.error(Place{table.file, table.lines[i], 0}, name,
                        fmt::format("{}; {}", number.error, kRunAgain));
      return std::nullopt;
    }
    sum += number.value;
  }
  return sum;
}

void check_sum(const std::optional<double>& sum, const std::optional<double>& total, const Place& place,
               const std::string& key, Diagnostics& diagnostics) {
  if (!sum || !total || close(*sum, *total)) return;
  diagnostics.error(place, key,
                    fmt::format("the parts sum to {}, the total in summary.json is {}; {}",
                                format_number(*sum), format_number(*total), kRunAgain));
}

void check_layers(const StoredRun& run, Diagnostics& diagnostics) {
  const auto names = run.layers.column("layer");
  if (!names) {
    diagnostics.error(Place{run.layers.file, 1, 0}, "", fmt::format("has no column 'layer'; {}", kRunAgain));
    return;
  }
  std::set<std::string_view> seen;
  for (std::size_t i = 0; i < run.layers.records.size(); ++i) {
    const std::string& name = run.layers.records[i][*names];
    if (seen.insert(name).second) continue;
    diagnostics.error(Place{run.layers.file, run.layers.lines[i], 0}, "layer",
                      fmt::format("'{}' is there twice; {}", name, kRunAgain));
    return;
  }
  const Place place{run.layers.file, 0, 0};
  for (const char* column : kSummed) {
    check_sum(column_sum(run.layers, column, diagnostics), run.summary.number(column), place, column,
              diagnostics);
  }
}

void check_energy(const StoredRun& run, Diagnostics& diagnostics) {
  const std::optional<double> total = run.summary.number("energy_j");
  const std::optional<double> sum = column_sum(run.energy, "energy_j", diagnostics);
  if (!total) return;
  check_sum(sum, total, {run.energy.file, 0, 0}, "energy_j", diagnostics);
  double parts = 0.0;
  for (const std::string& component : run.summary.members("energy_by_component_j"))
    parts += run.summary.number("energy_by_component_j." + component).value_or(0.0);
  check_sum(parts, total, {file_in(run.folder, "summary.json"), 0, 0}, "energy_by_component_j", diagnostics);
}

std::string text_of(const YamlNode& node) {
  if (!node.is_sequence()) return node.text;
  std::string out = "[";
  for (const YamlNode& item : node.items) out += (&item == &node.items.front() ? "" : ", ") + text_of(item);
  return out + "]";
}

/// Sources are citations, and the path of the bundle depends on where the folder lies: neither is a setting.
bool is_setting(const std::string& section, const std::string& key) {
  return key != "source" && !(section == "workload" && key == "bundle");
}

void read_config(const std::string& text, const std::string& file, StoredRun& run, Diagnostics& diagnostics) {
  const std::optional<YamlNode> root =
      parse_yaml_map(text, file, fmt::format("a config; {}", kRunAgain), diagnostics);
  if (!root) return;
  for (const YamlEntry& section : root->entries) {
    for (const YamlEntry& entry : section.value.entries) {
      if (is_setting(section.key, entry.key))
        run.config.emplace_back(section.key + "." + entry.key, text_of(entry.value));
    }
  }
}

/// Run folders in a folder, such as the variants of one config, in alphabetical order.
std::vector<std::string> runs_in(const fs::path& folder) {
  std::vector<std::string> out;
  std::error_code ec;
  for (fs::directory_iterator at(folder, ec); !ec && at != fs::directory_iterator(); at.increment(ec)) {
    std::error_code ignored;
    if (fs::is_regular_file(at->path() / "summary.json", ignored))
      out.push_back(at->path().filename().string());
  }
  std::sort(out.begin(), out.end());
  return out;
}

/// Why a path is no run folder, in words that help.
std::string not_a_run(const fs::path& folder) {
  std::error_code ec;
  if (folder.parent_path().extension() == ".partial") return "is a run that did not finish; run it again";
  const fs::file_status status = fs::status(folder, ec);
  if (!fs::exists(status)) return "there is no such folder; name the folder that 'squeezebar run -o' wrote";
  const std::string extension = folder.extension().string();
  if (fs::is_regular_file(status) && (extension == ".yaml" || extension == ".yml"))
    return "is a file; 'squeezebar run' it first and compare the folders";
  if (!fs::is_directory(status)) return "is not a folder; name the folder that 'squeezebar run -o' wrote";
  if (fs::is_regular_file(folder / "network.yaml", ec)) return "is a bundle, not the folder of a run";
  if (extension == ".partial") return "is a run that did not finish; run it again";
  if (fs::exists(folder / "summary.json", ec)) return {};
  if (const std::vector<std::string> names = runs_in(folder); !names.empty())
    return fmt::format("holds the runs {}; name those to compare, the baseline first", join_names(names));
  return {};
}

/// Every file is as the run wrote it. Runs of versions that named no program had no list of files.
void check_files(const StoredRun& run, Diagnostics& diagnostics) {
  const FileCheck check(run.folder);
  for (const auto& [name, why] : check.faults({kValuesFile})) {
    const int first = name == kListFile ? 1 : 0;  // it is what holds nothing that can be read
    diagnostics.error(Place{file_in(run.folder, name.c_str()), first, first}, "",
                      fmt::format("{}; {}", why, kRunAgain));
  }
  if (!check.has_list() && check.list_fault().empty() && !run.summary.text("program").empty())
    diagnostics.error(Place{file_in(run.folder, kListFile), 0, 0}, "",
                      fmt::format("is missing; {}", kRunAgain));
}

}  // namespace

StoredRun parse_run(const fs::path& folder, const StoredRunTexts& texts, Diagnostics& diagnostics) {
  StoredRun run;
  run.folder = folder;
  run.name = folder.string();
  const Place place{file_in(folder, "summary.json"), 0, 0};
  auto summary = parse_figures(texts.summary, place.file, diagnostics);
  auto layers = parse_csv(texts.layers, file_in(folder, "layers.csv"), diagnostics);
  auto energy = parse_csv(texts.energy, file_in(folder, "energy.csv"), diagnostics);
  read_config(texts.resolved, file_in(folder, "resolved.yaml"), run, diagnostics);
  if (summary) {
    run.summary = std::move(*summary);
    check_version(run.summary, place, diagnostics);
    if (!diagnostics.has_errors()) check_keys(run.summary, place, diagnostics);
  }
  if (!layers || !energy || diagnostics.has_errors()) return run;
  run.layers = std::move(*layers);
  run.energy = std::move(*energy);
  check_layers(run, diagnostics);
  check_energy(run, diagnostics);
  return run;
}

StoredRun read_run(const fs::path& folder, Diagnostics& diagnostics) {
  const Place place{folder.string(), 0, 0};
  if (const std::string why = not_a_run(folder); !why.empty()) {
    diagnostics.error(place, "", why);
    return {};
  }
  StoredRunTexts texts;
  const std::array<std::pair<const char*, std::string*>, 4> files{{{"summary.json", &texts.summary},
                                                                   {"layers.csv", &texts.layers},
                                                                   {"energy.csv", &texts.energy},
                                                                   {"resolved.yaml", &texts.resolved}}};
  Diagnostics missing;
  for (const auto& [name, text] : files) {
    std::error_code ec;
    if (!fs::exists(folder / name, ec) && !ec) {
      missing.error(
          place, "",
          fmt::format("is not a complete run: {} is missing; run it again with 'squeezebar run -o'", name));
      continue;
    }
    if (auto content = read_text_file(folder / name, missing)) *text = std::move(*content);
  }
  Diagnostics found;
  StoredRun run;
  if (!missing.has_errors()) {
    run = parse_run(folder, texts, found);
    check_files(run, found);
  }
  diagnostics.merge(missing);
  diagnostics.merge(found);
  return run;
}

}  // namespace squeezebar
