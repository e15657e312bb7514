// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "sim/base/hash.h"
#include "sim/base/version.h"
#include "sim/compile/buffer_check.h"
#include "sim/compile/chip_plan_builder.h"
#include "sim/compile/cost_table.h"
#include "sim/compile/time_limit.h"
#include "sim/engine/crossbar/adc/adc_resolution.h"
#include "sim/engine/crossbar/adc/calibrated_steps.h"
#include "sim/engine/crossbar/adc/calibration.h"
#include "sim/run/params.h"
#include "sim/run/prepared.h"
#include "sim/run/run.h"
#include "sim/run/traces.h"

namespace squeezebar {

int images_to_run(const Config& config, const Bundle& bundle, Diagnostics& diagnostics) {
  const std::int64_t first = config.get<RunParams>().first_image;
  const std::int64_t wanted = config.get<RunParams>().images;
  const int there = bundle.images();
  if (there == 0) return 0;
  if (first >= there) {
    diagnostics.error(config.place("run.first_image"), "run.first_image",
                      fmt::format("the images of '{}' are numbered 0 to {}", bundle.network.name, there - 1));
    return 0;
  }
  if (bundle.drawn_inputs && wanted == 0) return 1;
  const std::int64_t left = there - first;
  if (wanted > left) {
    diagnostics.error(config.place("run.images"), "run.images",
                      fmt::format("{} are asked for, '{}' has {}{}", wanted, bundle.network.name, left,
                                  first > 0 ? fmt::format(" from image {} on", first) : ""));
  }
  return static_cast<int>(wanted == 0 ? left : std::min(wanted, left));
}

namespace {

DrawOptions draw_options(const Config& config) {
  DrawOptions draw{.seed = static_cast<std::uint64_t>(config.get<RunParams>().seed), .inputs = std::nullopt};
  const WorkloadInputs inputs = config.get<WorkloadParams>().inputs;
  if (inputs == WorkloadInputs::uniform) draw.inputs = InputDistribution::uniform;
  if (inputs == WorkloadInputs::half_normal) draw.inputs = InputDistribution::half_normal;
  return draw;
}

}  // namespace

Bundle load_workload(const Config& config, Diagnostics& diagnostics) {
  const Path& folder = config.get<WorkloadParams>().bundle;
  Diagnostics in_bundle;
  Bundle bundle = load_bundle(folder.value, in_bundle, draw_options(config));
  if (in_bundle.has_errors() && in_bundle.sorted().front().place.file.empty()) {
    // The folder itself is at fault: point at the config key that names it.
    const std::string& recipe = config.get<WorkloadParams>().recipe;
    const std::string advice = recipe.empty() ? "" : "; it is made by: " + recipe;
    for (const Diagnostic& d : in_bundle.sorted())
      diagnostics.error(config.place(d.key), d.key, d.message + advice);
  } else {
    diagnostics.merge(in_bundle);
  }
  return bundle;
}

Job load_inputs(const std::string& config_file, const std::vector<std::string>& overrides,
                Diagnostics& diagnostics) {
  Job job;
  job.config = load_config(config_file, overrides, diagnostics);
  if (job.config.valid() && !diagnostics.has_errors()) job.bundle = load_workload(job.config, diagnostics);
  return job;
}

void check_cost(const Config& config, const AdcResolutions& adcs, Diagnostics& diagnostics) {
  try {
    cost_table(config, adcs);
  } catch (const UserError& error) {
    diagnostics.merge(error.diagnostics());
  }
}

namespace {

/// The network on its chip; what does not fit goes to `diagnostics`.
PreparedHardware compile(const Job& job, Diagnostics& diagnostics) {
  const Config& config = job.config;
  const Network& network = job.bundle.network;
  const bool timed = config.get<RunParams>().function != RunFunction::values;
  const std::size_t errors_before = diagnostics.error_count();
  PreparedHardware out;
  out.hardware = build_hardware(config, network, job.calibration.get(), diagnostics, timed);
  if (diagnostics.error_count() != errors_before) return out;
  out.plan = build_chip_plan(config, network, out.hardware, std::max(1, job.images),
                             config.get<RunParams>().schedule == Schedule::layer_serial);
  if (timed) {
    check_buffers(config, out.plan, diagnostics);
    check_time(config, out.plan, diagnostics);
  }
  check_cost(config, adc_resolutions(out.hardware), diagnostics);
  check_traces(config, network, out.plan, diagnostics);
  return out;
}

}  // namespace

void prepare(Job& job, Diagnostics& diagnostics) {
  job.images = images_to_run(job.config, job.bundle, diagnostics);
  if (is_calibrated(job.config) && !job.calibration)
    job.calibration = load_calibration(job.config, job.bundle, diagnostics);
  job.hardware = std::make_shared<const PreparedHardware>(compile(job, diagnostics));
}

Job load_job(const std::string& config_file, const std::vector<std::string>& overrides,
             Diagnostics& diagnostics) {
  Job job = load_inputs(config_file, overrides, diagnostics);
  if (job.config.valid() && !diagnostics.has_errors()) prepare(job, diagnostics);
  return job;
}

RunIdentity identity_of(const Job& job) {
  std::string values = job.config.hash(Affects::values);
  if (job.calibration) values = sha256_hex(values + "\n" + job.calibration->hash);
  return {.accounting = job.config.hash(Affects::accounting),
          .timing = job.config.hash(Affects::timing),
          .values = values,
          .workload = job.bundle.hash,
          .tool_version = tool_version(),
          .program = program_digest()};
}

void check_images(const Job& job) {
  if (job.images > 0) return;
  throw UserError(
      job.config.place("workload.bundle"), "workload.bundle",
      fmt::format("'{}' has no images to run; export it with samples, or draw synthetic ones with "
                  "workload.inputs: uniform",
                  job.bundle.network.name));
}

}  // namespace squeezebar
