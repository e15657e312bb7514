// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "sim/base/whole_folder.h"
#include "sim/report/host_json.h"
#include "sim/report/run_files.h"
#include "sim/report/writer.h"
#include "sim/run/host.h"
#include "sim/run/run.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

/// What runs wrote, and 'squeezebar report' beside it, before there was a list of files.
bool older_runs_wrote(const std::string& name) {
  constexpr std::array kFiles{kValuesFile, kTimelineFile, kWaveformsFile, "interactive.html"};
  if (Registry<ReportWriter>::instance().find(name) != nullptr) return true;
  if (std::find(kFiles.begin(), kFiles.end(), name) != kFiles.end()) return true;
  const fs::path path(name);
  const fs::path folder = path.parent_path();
  if (folder == kOutputsFolder) return path.extension() == ".npy";
  return folder == "figures" &&
         (path.extension() == ".pdf" || path.extension() == ".svg" || path.extension() == ".png");
}

FolderKind run_folder_kind() {
  return {.holds = "results",
          .unlisted = {kHostFile},
          .needed = {"summary.json", "resolved.yaml"},
          .wrote = older_runs_wrote};
}

void write_outputs(const Job& job, const Run& run, const fs::path& folder) {
  if (run.outputs.empty()) return;
  const Network& network = job.bundle.network;
  const Quantisation& q = network.quantisation(network.output);
  const FeatureShape& shape = network.shape(network.output);
  const bool byte = q.bits <= 8;
  const DType dtype =
      byte ? (q.is_signed ? DType::int8 : DType::uint8) : (q.is_signed ? DType::int16 : DType::uint16);
  std::vector<char> data;
  for (const FeatureMap& map : run.outputs) {
    for (const std::uint16_t code : map.codes) {
      data.push_back(static_cast<char>(code & 0xFF));
      if (!byte) data.push_back(static_cast<char>(code >> 8));
    }
  }
  const std::vector<std::int64_t> extents{static_cast<std::int64_t>(run.outputs.size()), shape.channels,
                                          shape.height, shape.width};
  fs::create_directory(folder / kOutputsFolder);
  write_npy(
      folder / kOutputsFolder / (network.layers[static_cast<std::size_t>(network.output - 1)].name + ".npy"),
      dtype, extents, data);
}

}  // namespace

RunFolder::RunFolder(const fs::path& folder, bool force)
    : partial_(std::make_unique<WholeFolder>(folder, run_folder_kind(), force)) {}

RunFolder::~RunFolder() = default;

fs::path RunFolder::path() const { return partial_->path(); }

void RunFolder::complete(const Job& job, const Run& run) {
  RunResult result = run.result;
  result.resolved_yaml = job.config.resolved_yaml(partial_->target());
  if (run.values_digest) partial_->add_digest(kValuesFile, *run.values_digest);
  for (const auto& [name, entry] : Registry<ReportWriter>::instance()) {
    partial_->write(name, Registry<ReportWriter>::instance().create(name)->write(result));
  }
  HostFacts host = run.host;
  host.wall_s = seconds_since_start();
  partial_->write(kHostFile, host_json(host));
  try {
    write_outputs(job, run, path());
  } catch (const UserError&) {
    throw;
  } catch (const std::runtime_error& error) {
    partial_->refuse(error.what());
  }
  partial_->keep();
}

void write_run_folder(const Job& job, const Run& run, const fs::path& folder, bool force) {
  RunFolder(folder, force).complete(job, run);
}

// A place that cannot be written to refuses the temporary folder, which is removed at once.
void check_output_folder(const fs::path& folder, bool force) { RunFolder probe(folder, force); }

}  // namespace squeezebar
