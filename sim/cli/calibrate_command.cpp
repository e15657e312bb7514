// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "models/adc/adc.h"
#include "sim/base/log.h"
#include "sim/base/whole_folder.h"
#include "sim/cli/command.h"
#include "sim/cli/progress.h"
#include "sim/cli/variants.h"
#include "sim/run/calibrate.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// Histograms are called "layer_7.npy".
bool older_calibrations_wrote(const std::string& name) {
  constexpr std::string_view kBegin = "layer_";
  constexpr std::string_view kEnd = ".npy";
  if (name == kCalibrationFile) return true;
  if (!name.starts_with(kBegin) || !name.ends_with(kEnd)) return false;
  const std::string number = name.substr(kBegin.size(), name.size() - kBegin.size() - kEnd.size());
  return !number.empty() && number.find_first_not_of("0123456789") == std::string::npos;
}

FolderKind calibration_folder_kind() {
  return {.holds = "a calibration",
          .unlisted = {},
          .needed = {kCalibrationFile},
          .wrote = older_calibrations_wrote};
}

class CalibrateCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"CONFIG"}}; }

  void declare(po::options_description& options) const override {
    declare_overrides(options);
    auto add = options.add_options();
    add("images", po::value<std::string>()->value_name("N"),
        "sample inputs to run, from the first (default: run.images)");
    add("output,o", po::value<std::string>()->value_name("FOLDER"),
        "folder of the calibration (default: adc.calibration, else calibrations/<name of CONFIG>)");
    add("force", "replace the calibration in FOLDER even if other files are there, which stay");
  }

  std::string details() const override {
    return "Runs sample inputs with ADCs that lose nothing and stores how often each column sum reaches the "
           "ADCs of\n"
           "each crossbar, for adc.range: calibrated. What is stored depends on workload, mapping, cells, "
           "crossbars\n"
           "and DACs, and on no key of the section adc, so that one calibration serves a sweep of "
           "resolutions.\n\n"
           "  squeezebar calibrate configs/examples/digits_sme.yaml --images 16 -o calibrations/digits\n"
           "  squeezebar run configs/examples/digits_sme.yaml --set adc.range=calibrated \\\n"
           "    --set adc.calibration=calibrations/digits --set adc.bits=4\n";
  }

  int run(const Invocation& invocation) const override {
    refuse_all_variants("calibrate", config_of(invocation));
    const Job job = checked_job(invocation);
    const fs::path target = output_folder(invocation, job.config);
    WholeFolder folder(target, calibration_folder_kind(), invocation.has("force"));
    const Calibration calibration = calibrated(job, invocation.console);
    try {
      write_calibration(calibration, folder.path());
    } catch (const UserError&) {
      throw;
    } catch (const std::runtime_error& error) {
      folder.refuse(error.what());
    }
    folder.keep();
    show(calibration, target, invocation.console);
    return 0;
  }

 private:
  static Job checked_job(const Invocation& invocation) {
    std::vector<std::string> overrides = overrides_of(invocation);
    if (invocation.has("images")) overrides.push_back("run.images=" + invocation.get<std::string>("images"));
    Diagnostics diagnostics;
    Job job = load_inputs(config_of(invocation), overrides, diagnostics);
    if (!diagnostics.has_errors()) job.images = images_to_run(job.config, job.bundle, diagnostics);
    if (diagnostics.has_errors()) throw UserError(diagnostics);
    invocation.console.warnings(diagnostics);
    check_images(job);
    return job;
  }

  static fs::path output_folder(const Invocation& invocation, const Config& config) {
    if (invocation.has("output")) return invocation.get<std::string>("output");
    const std::string& named = config.get<AdcParams>().calibration.value;
    if (!named.empty()) return named;
    return fs::path("calibrations") / ConfigName::parse(config_of(invocation)).stem();
  }

  static Calibration calibrated(const Job& job, const Console& console) {
    log_info(fmt::format("counting the column sums of {} images of {}", job.images, job.bundle.network.name));
    ProgressLine line(console.shows_progress());
    Diagnostics diagnostics;
    Calibration out = calibrate(
        job, [&line](std::int64_t done, std::int64_t all) { line.update({.done = done, .all = all}); },
        diagnostics);
    if (diagnostics.has_errors()) throw UserError(diagnostics);
    return out;
  }

  static void show(const Calibration& calibration, const fs::path& folder, const Console& console) {
    if (console.quiet()) return;
    std::int64_t crossbars = 0;
    std::int64_t sums = 0;
    for (const LayerSums& layer : calibration.layers) {
      crossbars += static_cast<std::int64_t>(layer.crossbars.size());
      for (const SumHistogram& one : layer.crossbars) {
        for (const std::int64_t n : one) sums += n;
      }
    }
    if (console.json()) {
      console.result(nlohmann::ordered_json{{"folder", folder.string()},
                                            {"workload", calibration.workload},
                                            {"images", calibration.images},
                                            {"crossbars", crossbars},
                                            {"sums", sums}}
                         .dump(2) +
                     "\n");
    } else {
      console.result(fmt::format("{} column sums of {} crossbars on {} images of {}\ncalibration in {}\n",
                                 sums, crossbars, calibration.images, calibration.workload, folder.string()));
    }
  }
};

const Register<Command> reg{"calibrate",
                            "Counts column sums on sample inputs, from which the steps of ADCs are chosen.",
                            [] { return std::make_unique<CalibrateCommand>(); }};

}  // namespace
}  // namespace squeezebar
