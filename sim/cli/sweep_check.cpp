// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/sweep_check.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <mutex>
#include <optional>

#include "sim/base/interrupt.h"
#include "sim/engine/crossbar/adc/adc_resolution.h"
#include "sim/engine/crossbar/adc/calibrated_steps.h"
#include "sim/run/params.h"
#include "sim/run/prepared.h"
#include "sim/run/run.h"

namespace squeezebar {
namespace {

/// What a check found out about a point.
struct Fitting {
  AdcResolutions adcs;
  int images = 0;
};

/// Bundles and checks that points share. Thread-safe.
class Shared {
 public:
  /// The bundle of a config; a copy of one that was loaded before where nothing that is drawn differs.
  Bundle bundle(const Config& config, Diagnostics& diagnostics) {
    const std::string key = config.get<WorkloadParams>().bundle.value + "\n" + config.text("run.seed") +
                            "\n" + config.text("workload.inputs");
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = bundles_.find(key); known != bundles_.end()) return *known->second;
    }
    Bundle loaded = load_workload(config, diagnostics);
    if (diagnostics.has_errors()) return loaded;
    const std::lock_guard lock(mutex_);
    bundles_.try_emplace(key, std::make_shared<const Bundle>(loaded));
    return loaded;
  }

  /// The calibration that a point needs; read once.
  std::shared_ptr<const Calibration> calibration(const Job& job, Diagnostics& diagnostics) {
    if (!is_calibrated(job.config)) return nullptr;
    const std::string folder = job.config.text("adc.calibration");
    std::shared_ptr<const Calibration> read;
    {
      const std::lock_guard lock(mutex_);
      if (const auto known = calibrations_.find(folder); known != calibrations_.end()) read = known->second;
    }
    if (!read) read = read_named_calibration(job.config, diagnostics);
    if (!read) return nullptr;
    {
      const std::lock_guard lock(mutex_);
      calibrations_.try_emplace(folder, read);
    }
    return check_calibration(job.config, job.bundle, *read, diagnostics) ? read : nullptr;
  }

  /// The same of a point that fitted its chip and differs from this one in what things cost, in nothing else.
  std::optional<Fitting> fitting(const std::string& timing_id) {
    const std::lock_guard lock(mutex_);
    const auto known = fitting_.find(timing_id);
    return known == fitting_.end() ? std::nullopt : std::optional(known->second);
  }
  void fits(const std::string& timing_id, const Fitting& fitting) {
    const std::lock_guard lock(mutex_);
    fitting_.emplace(timing_id, fitting);
  }

 private:
  std::mutex mutex_;
  std::map<std::string, std::shared_ptr<const Bundle>> bundles_;
  std::map<std::string, std::shared_ptr<const Calibration>> calibrations_;
  std::map<std::string, Fitting> fitting_;
};

/// What a point sets, in the form in which the config holds it: relative paths as seen from the current
/// folder.
std::vector<std::string> texts_of(const std::vector<ConfigOverride>& settings, const Config& config) {
  std::vector<std::string> out;
  for (const ConfigOverride& setting : settings) out.push_back(setting.key + "=" + config.text(setting.key));
  return out;
}

bool is_read_by(const RecordSchema& schema, const std::string& field, const YamlNode& value) {
  const FieldInfo* known = schema.find(field);
  if (known == nullptr) return false;
  bool is_read = true;
  known->set(schema.create().get(), value, [&is_read](auto&&...) { is_read = false; });
  return is_read;
}

/// Whether the section of the key, or one of its models, takes the value, whatever else a config says.
bool is_taken(const ConfigOverride& setting) {
  const std::size_t dot = setting.key.find('.');
  const SectionInfo* section = find_section(setting.key.substr(0, dot));
  if (section == nullptr || dot == std::string::npos) return false;
  const std::string field = setting.key.substr(dot + 1);
  if (is_read_by(*section->schema, field, setting.value)) return true;
  if (!section->is_variant()) return false;
  const std::vector<std::string> models = section->variants->names();
  if (field == "model") return std::find(models.begin(), models.end(), setting.value.text) != models.end();
  return std::any_of(models.begin(), models.end(), [&](const std::string& model) {
    return is_read_by(*section->variants->schema(model), field, setting.value);
  });
}

CheckedPoint check(const ConfigBase& base, const std::vector<ConfigOverride>& settings, Shared& shared,
                   Diagnostics& diagnostics) {
  throw_if_interrupted();
  CheckedPoint out;
  Job job;
  job.config = base.with(settings, diagnostics);
  if (!job.config.valid() || diagnostics.has_errors()) {
    out.is_misread = !std::all_of(settings.begin(), settings.end(), is_taken);
    return out;
  }
  out.overrides = texts_of(settings, job.config);
  const WorkloadParams& workload = job.config.get<WorkloadParams>();
  out.bundle = workload.bundle.value;
  if (!workload.recipe.empty() && !std::filesystem::exists(workload.bundle.value)) {
    out.recipe = workload.recipe;
    return out;
  }
  job.bundle = shared.bundle(job.config, diagnostics);
  out.is_misread = diagnostics.has_errors();
  if (!diagnostics.has_errors()) {
    job.calibration = shared.calibration(job, diagnostics);
    const bool is_absent =
        is_calibrated(job.config) && !std::filesystem::exists(job.config.text("adc.calibration"));
    out.is_misread = diagnostics.has_errors() && is_absent;
  }
  if (diagnostics.has_errors()) return out;
  out.identity = identity_of(job);
  const std::string timing = out.identity.timing_id();
  if (const std::optional<Fitting> known = shared.fitting(timing)) {
    check_cost(job.config, known->adcs, diagnostics);
    out.images = known->images;
    return out;
  }
  prepare(job, diagnostics);
  if (diagnostics.has_errors()) return out;
  out.is_misread = job.images == 0;
  if (out.is_misread)
    diagnostics.error(job.config.place("workload.bundle"), "workload.bundle", "has no images to run");
  out.images = job.images;
  shared.fits(timing, {adc_resolutions(job.hardware->hardware), job.images});
  return out;
}

}  // namespace

PointCheck check_like_run(const std::string& base) {
  return [base = ConfigBase(base), shared = std::make_shared<Shared>()](
             const std::vector<ConfigOverride>& settings, Diagnostics& diagnostics) {
    return check(base, settings, *shared, diagnostics);
  };
}

}  // namespace squeezebar
