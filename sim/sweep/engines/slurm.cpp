// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <charconv>
#include <filesystem>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/interrupt.h"
#include "sim/base/whole_file.h"
#include "sim/base/yaml.h"
#include "sim/sweep/engine.h"
#include "sim/sweep/point_command.h"
#include "sim/sweep/program.h"

namespace squeezebar {
namespace {

namespace fs = std::filesystem;
using Words = std::vector<std::string>;

/// Slurm's own default, for a site that does not say (slurm.conf(5), MaxArraySize).
constexpr std::int64_t kUsualMaxArraySize = 1001;
/// Array tasks cost the scheduler about a second each: a task of many short points costs it no more than one
/// of one.
constexpr std::int64_t kPointsPerTask = 50;

struct SlurmParams {
  std::int64_t points_per_task = 0;
  std::int64_t max_running = 0;
  std::int64_t cpus = 1;
  std::string account;
  std::string partition;
  std::string time;
  std::string mem;
  std::string extra;
  bool dry_run = false;
};

Schema<SlurmParams> slurm_schema() {
  Schema<SlurmParams> s("One job array of a Slurm cluster, whose tasks compute many points each.");
  s.field("points_per_task", &SlurmParams::points_per_task,
          {.def = kPointsPerTask,
           .min = 1,
           .max = 1'000'000,
           .doc = "Points of one array task; more where the array would be larger than the site allows."})
      .field(
          "max_running", &SlurmParams::max_running,
          {.def = 0, .min = 0, .max = 1'000'000, .doc = "Tasks that may run at once; 0: no limit of ours."})
      .field("cpus", &SlurmParams::cpus,
             {.def = 1, .min = 1, .max = 4096, .doc = "Cores of a task: points computed beside each other."})
      .field("account", &SlurmParams::account, {.def = "", .doc = "As sbatch --account."})
      .field("partition", &SlurmParams::partition, {.def = "", .doc = "As sbatch --partition."})
      .field("time", &SlurmParams::time, {.def = "", .doc = "As sbatch --time."})
      .field("mem", &SlurmParams::mem, {.def = "", .doc = "As sbatch --mem."})
      .field("extra", &SlurmParams::extra, {.def = "", .doc = "Further options of sbatch, as one text."})
      .field("dry_run", &SlurmParams::dry_run, {.def = false, .doc = "Print the script and submit nothing."});
  return s;
}

/// Largest array that the site accepts: indices run up to MaxArraySize - 1.
std::int64_t largest_array() {
  const ProgramResult config = run_program({"scontrol", "show", "config"});
  constexpr std::string_view kKey = "MaxArraySize";
  const std::size_t at = config.output.find(kKey);
  std::int64_t size = kUsualMaxArraySize;
  if (config.exit_code == 0 && at != std::string::npos) {
    const std::size_t digits = config.output.find_first_of("0123456789", at + kKey.size());
    if (digits != std::string::npos)
      std::from_chars(config.output.data() + digits, config.output.data() + config.output.size(), size);
  }
  return std::max<std::int64_t>(size - 1, 1);
}

std::int64_t tasks_for(std::int64_t points, const SlurmParams& params) {
  const std::int64_t wanted = (points + params.points_per_task - 1) / params.points_per_task;
  return std::clamp<std::int64_t>(wanted, 1, largest_array());
}

std::string option_line(const char* name, const std::string& value) {
  return value.empty() ? "" : fmt::format("#SBATCH --{}={}\n", name, value);
}

std::string script(const EngineWork& work, const SlurmParams& params, std::int64_t tasks) {
  const fs::path folder = fs::absolute(work.folder).lexically_normal();
  const std::string limit = params.max_running > 0 ? fmt::format("%{}", params.max_running) : "";
  std::string out = "#!/bin/sh\n";
  out += fmt::format("#SBATCH --job-name={}\n#SBATCH --array=1-{}{}\n", "squeezebar", tasks, limit);
  out += fmt::format("#SBATCH --chdir={}\n#SBATCH --output={}\n", fs::current_path().string(),
                     (folder / "slurm" / "task_%a.log").string());
  out += fmt::format("#SBATCH --cpus-per-task={}\n", params.cpus);
  out += option_line("account", params.account) + option_line("partition", params.partition) +
         option_line("time", params.time) + option_line("mem", params.mem);
  if (!params.extra.empty()) out += "#SBATCH " + params.extra + "\n";
  const std::string program = fs::read_symlink("/proc/self/exe").string();
  const std::string share = fmt::format("\"$SLURM_ARRAY_TASK_ID/{}\"", tasks);
  out += fmt::format("exec {} -j {} --quiet\n", share_command(work, program, share), params.cpus);
  return out;
}

fs::path job_file(const fs::path& sweep) { return sweep / "slurm" / "job"; }

/// Number of the job that was submitted for a sweep; empty if none was.
std::string job_of(const fs::path& sweep) {
  Diagnostics ignored;
  std::string text = read_text_file(job_file(sweep), ignored).value_or("");
  text.erase(std::min(text.find_first_not_of("0123456789"), text.size()));
  return text;
}

class SlurmEngine final : public Engine {
 public:
  explicit SlurmEngine(const SlurmParams& params) : params_(params) {}

  SweepProgress run(const EngineWork& work) const override {
    const auto points = static_cast<std::int64_t>(work.pending.size());
    if (points == 0) return {};
    const std::int64_t tasks = tasks_for(points, params_);
    const std::string text = script(work, params_, tasks);
    if (params_.dry_run) {
      work.print(text);
      return {};
    }
    const std::string running = state(work.folder);
    if (!running.empty())
      throw UserError(Place{work.folder.string(), 0, 0}, "",
                      fmt::format("this sweep is being computed already: {}", running));
    const fs::path file = work.folder / "slurm" / "job.sh";
    std::error_code told_by_the_write;
    fs::create_directories(file.parent_path(), told_by_the_write);
    write_whole_file(file, text);
    auto held = hold_ending();  // a job that is submitted is written down
    throw_if_interrupted();
    const ProgramResult submitted = run_program({"sbatch", "--parsable", file.string()});
    if (submitted.exit_code != 0)
      throw UserError(Place{file.string(), 0, 0}, "",
                      fmt::format("sbatch refuses the job: {}", first_line(submitted.output)));
    write_whole_file(job_file(work.folder), submitted.output);
    held.unlock();
    work.print(fmt::format("job {}: {} points in {} tasks\n", job_of(work.folder), points, tasks));
    return {};
  }
  [[nodiscard]] bool waits() const override { return false; }

  [[nodiscard]] std::string state(const fs::path& sweep) const override {
    const std::string job = job_of(sweep);
    if (job.empty()) return {};
    const ProgramResult queue =
        run_program({"squeue", "--noheader", "--array", "--format=%T", "--jobs=" + job});
    // A job that is over is unknown to squeue, which some versions call an error.
    if (queue.exit_code != 0 || queue.output.empty()) return {};
    const auto count = [&queue](std::string_view state_name) {
      std::size_t found = 0;
      for (std::size_t at = queue.output.find(state_name); at != std::string::npos;
           at = queue.output.find(state_name, at + state_name.size()))
        ++found;
      return found;
    };
    return fmt::format("Slurm job {}: {} tasks running, {} waiting", job, count("RUNNING"), count("PENDING"));
  }

  bool cancel(const fs::path& sweep) const override {
    if (state(sweep).empty()) return false;
    const ProgramResult result = run_program({"scancel", job_of(sweep)});
    if (result.exit_code != 0) throw RunError(fmt::format("scancel failed: {}", first_line(result.output)));
    return true;
  }

 private:
  SlurmParams params_;
};

const Register<Engine> reg{"slurm", slurm_schema,
                           [](const SlurmParams& p) { return std::make_unique<SlurmEngine>(p); }};

}  // namespace
}  // namespace squeezebar
