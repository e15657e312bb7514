// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/sweep_request.h"

#include <algorithm>
#include <set>
#include <vector>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/piped_config.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// What can be done with a sweep instead of computing it.
Words other_actions() { return {"plan", "status", "merge", "cancel"}; }

std::unique_ptr<Engine> engine_with(const std::string& name, const Words& fields) {
  try {
    // In a block, commas and brackets of a value are no YAML.
    return Registry<Engine>::instance().create(
        name, fields.empty() ? "{}" : fmt::format("{}\n", fmt::join(fields, "\n")));
  } catch (const UserError& error) {
    Diagnostics diagnostics;
    for (const Diagnostic& one : error.diagnostics().sorted())
      diagnostics.error(Place{"--engine-set", 0, 0}, one.key, one.message);
    throw UserError(diagnostics);
  }
}

}  // namespace

void refuse_sweep_usage(const std::string& message) {
  throw UserError(Place{"squeezebar sweep", 0, 0}, "", message + " (see squeezebar sweep --help)");
}

void declare_sweep_options(po::options_description& options) {
  declare_overrides(options);
  auto add = options.add_options();
  add("output,o", po::value<std::string>()->value_name("DIR"),
      "folder of the sweep: plan, tables, failures (default: runs/<name of SPEC>)");
  add("store", po::value<std::string>()->value_name("DIR"),
      "folder of the points' results, which sweeps may share (default: points beside the sweep's folder)");
  add("engine", po::value<std::string>()->value_name("NAME"), "who computes the points (default: local)");
  add("engine-set", po::value<Words>()->composing()->value_name("KEY=VALUE"),
      "an option of the engine; may be repeated");
  add("jobs,j", po::value<std::string>()->value_name("N"), "as --engine-set jobs=N");
  add("shard", po::value<std::string>()->value_name("K/N"),
      "compute the K-th of N shares of the points, and nothing else");
  add("fresh", "compute points again that have results");
  add("retry-failed", "compute points again that failed before");
  add("verify",
      "read every file of the results, not what the tables need alone; what is not as it was written is "
      "computed again");
  add("strict", "refuse the sweep if one of its points is unfit, instead of giving it a row");
  add("all-may-be-unfit", "go on if every point is unfit (for the generations of a search)");
  add("no-report", "write the tables alone, not report.html");
  add("build-workloads", "run the recipes of bundles that are missing");
}

SweepRequest sweep_request_of(const Invocation& invocation) {
  const std::string first = invocation.get<std::string>("SPEC");
  const std::string second = invocation.get<std::string>("TARGET");
  SweepRequest out;
  const Words actions = other_actions();
  const bool is_action = std::find(actions.begin(), actions.end(), first) != actions.end();
  if (!second.empty() && !is_action)
    refuse_sweep_usage(
        fmt::format("'{}' is none of {}{}", first, fmt::join(actions, ", "), did_you_mean(first, actions)));
  if (is_action && second.empty())
    refuse_sweep_usage(fmt::format("'{}' needs a spec or the folder of a sweep", first));
  out.action = is_action ? first : "";
  out.target = take_config(is_action ? second : first);
  std::error_code error;
  out.is_folder = fs::is_directory(out.target, error);
  return out;
}

SweepFolder open_sweep(const Invocation& invocation, const SweepRequest& request) {
  SweepFolder out = SweepFolder::open(request.target);
  if (invocation.has("verify")) out.verify_all();
  return out;
}

SweepFolder sweep_folder_of(const Invocation& invocation, const SweepRequest& request) {
  if (request.is_folder) {
    if (invocation.has("output") || invocation.has("store"))
      refuse_sweep_usage("the folder of a sweep knows its places; leave out --output and --store");
    return open_sweep(invocation, request);
  }
  const fs::path folder = invocation.has("output")
                              ? fs::path(invocation.get<std::string>("output"))
                              : fs::path("runs") / ConfigName::parse(request.target.string()).stem();
  const fs::path beside = fs::absolute(folder).lexically_normal().parent_path() / "points";
  SweepFolder out(folder, invocation.has("store") ? fs::path(invocation.get<std::string>("store"))
                                                  : beside.lexically_relative(fs::current_path()));
  if (invocation.has("verify")) out.verify_all();
  return out;
}

PendingOptions pending_options_of(const Invocation& invocation) {
  PendingOptions out{
      .shard = {}, .fresh = invocation.has("fresh"), .retry_failed = invocation.has("retry-failed")};
  if (!invocation.has("shard")) return out;
  const std::optional<Shard> shard = Shard::parse(invocation.get<std::string>("shard"));
  if (!shard) refuse_sweep_usage("--shard must be K/N with K from 1 to N, like 3/40");
  out.shard = *shard;
  return out;
}

std::unique_ptr<Engine> engine_of(const Invocation& invocation) {
  const std::string name = invocation.get<std::string>("engine", "local");
  const auto& engines = Registry<Engine>::instance();
  if (engines.find(name) == nullptr)
    refuse_sweep_usage(fmt::format("--engine must be one of {}, not '{}'{}", fmt::join(engines.names(), ", "),
                                   name, did_you_mean(name, engines.names())));
  Words fields;
  if (invocation.has("jobs")) fields.push_back(fmt::format("jobs: {}", invocation.get<std::string>("jobs")));
  for (const std::string& text : invocation.get<Words>("engine-set")) {
    const std::size_t equals = text.find('=');
    if (equals == std::string::npos)
      refuse_sweep_usage(fmt::format("--engine-set '{}' must have the form key=value", text));
    fields.push_back(text.substr(0, equals) + ": " + text.substr(equals + 1));
  }
  return engine_with(name, fields);
}

void add_overrides(const Invocation& invocation, SweepSpec& spec, Diagnostics& diagnostics) {
  std::set<std::string> axes;
  const auto take = [&axes](const std::vector<AxisValue>& values) {
    for (const AxisValue& value : values) {
      for (const ConfigOverride& setting : value.settings) axes.insert(setting.key);
    }
  };
  for (const Axis& axis : spec.axes) take(axis.values);
  for (const SampledAxis& axis : spec.sample.axes) {
    take(axis.values);
    if (axis.interval) axes.insert(axis.name);
  }
  for (const std::string& text : overrides_of(invocation)) {
    std::optional<ConfigOverride> one = parse_override(text, diagnostics);
    if (!one) continue;
    if (axes.contains(one->key)) {
      diagnostics.error(one->value.place, one->key, "is an axis of the sweep; change it in the spec");
      continue;
    }
    std::erase_if(spec.fixed, [&](const ConfigOverride& known) { return known.key == one->key; });
    spec.fixed.push_back(std::move(*one));
  }
}

}  // namespace squeezebar
