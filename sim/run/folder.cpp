// SPDX-License-Identifier: Apache-2.0
#include <cstring>
#include <fstream>

#include <fmt/format.h>
#include <unistd.h>

#include "sim/report/host_json.h"
#include "sim/report/writer.h"
#include "sim/run/run.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(const fs::path& folder, const std::string& why) {
  throw UserError({}, "", fmt::format("cannot write results to '{}': {}", folder.string(), why));
}

/// A folder that an earlier run completed may be replaced without asking.
bool is_run_folder(const fs::path& folder) {
  std::error_code ec;
  return fs::is_regular_file(folder / "summary.json", ec) &&
         fs::is_regular_file(folder / "resolved.yaml", ec);
}

fs::path normalised(const fs::path& folder) {
  fs::path out = fs::absolute(folder).lexically_normal();
  return out.has_filename() ? out : out.parent_path();
}

}  // namespace

class RunFolder::Partial {
 public:
  explicit Partial(const fs::path& target) : target_(target) {
    path_ = target.parent_path() / fmt::format(".{}.{}.partial", target.filename().string(), getpid());
    std::error_code ec;
    for (fs::path p = target.parent_path(); !p.empty() && !fs::exists(p, ec) && !ec; p = p.parent_path()) {
      new_parents_.push_back(p);
    }
    if (!ec) fs::create_directories(target.parent_path(), ec);
    if (!ec) fs::remove_all(path_, ec);
    if (!ec) fs::create_directory(path_, ec);
    if (ec) refuse(target, ec.message());
  }
  Partial(const Partial&) = delete;
  Partial& operator=(const Partial&) = delete;
  ~Partial() {
    std::error_code ec;
    fs::remove_all(path_, ec);
    // Parents that are still empty were made for nothing.
    for (const fs::path& parent : new_parents_) fs::remove(parent, ec);
  }

  [[nodiscard]] const fs::path& path() const { return path_; }
  [[nodiscard]] const fs::path& target() const { return target_; }

  void write(const std::string& name, const std::string& content) const {
    std::ofstream out(path_ / name, std::ios::binary);
    out << content;
    out.close();
    if (!out) refuse(target_, fmt::format("{}: {}", name, std::strerror(errno)));
  }

  /// Puts the folder in its place; a complete older one leaves only when the new one is there.
  void keep() const {
    std::error_code ec;
    const fs::path old = path_.string() + ".old";
    const bool replaces = fs::exists(target_, ec);
    if (replaces) fs::rename(target_, old, ec);
    if (!ec) fs::rename(path_, target_, ec);
    if (ec) {
      const std::string why = ec.message();
      if (replaces) fs::rename(old, target_, ec);
      refuse(target_, why);
    }
    if (replaces) fs::remove_all(old, ec);
  }

 private:
  fs::path target_;
  fs::path path_;
  std::vector<fs::path> new_parents_;  ///< innermost first
};

namespace {

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
  fs::create_directory(folder / "outputs");
  write_npy(folder / "outputs" / (network.layers[static_cast<std::size_t>(network.output - 1)].name + ".npy"),
            dtype, extents, data);
}

/// Refuses a folder that holds something else; its normalised name.
fs::path checked(const fs::path& folder, bool force) {
  std::error_code ec;
  const fs::path target = normalised(folder);
  if (fs::exists(target, ec) && !fs::is_directory(target, ec)) refuse(folder, "there is a file of that name");
  if (fs::is_directory(target, ec) && !fs::is_empty(target, ec) && !is_run_folder(target) && !force) {
    refuse(folder,
           "the folder exists and does not hold the results of a run; choose another one or use --force");
  }
  return target;
}

}  // namespace

RunFolder::RunFolder(const fs::path& folder, bool force)
    : partial_(std::make_unique<Partial>(checked(folder, force))), force_(force) {}

RunFolder::~RunFolder() = default;

const fs::path& RunFolder::path() const { return partial_->path(); }

void RunFolder::complete(const Job& job, const Run& run) {
  checked(partial_->target(), force_);  // somebody may have put something there meanwhile
  RunResult result = run.result;
  result.resolved_yaml = job.config.resolved_yaml(partial_->target());
  for (const auto& [name, entry] : Registry<ReportWriter>::instance()) {
    partial_->write(name, Registry<ReportWriter>::instance().create(name)->write(result));
  }
  partial_->write("host.json", host_json(run.host));
  try {
    write_outputs(job, run, path());
  } catch (const std::runtime_error& error) {
    refuse(partial_->target(), error.what());
  }
  partial_->keep();
}

void write_run_folder(const Job& job, const Run& run, const fs::path& folder, bool force) {
  RunFolder(folder, force).complete(job, run);
}

// A place that cannot be written to refuses the temporary folder, which is removed at once.
void check_output_folder(const fs::path& folder, bool force) { RunFolder probe(folder, force); }

}  // namespace squeezebar
