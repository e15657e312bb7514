// SPDX-License-Identifier: Apache-2.0
#include "sim/run/host.h"

#include <fstream>
#include <string>

#include <sys/resource.h>

#include "sim/base/parallel.h"
#include "sim/engine/crossbar/kernels/crossbar_kernel.h"

namespace squeezebar {
namespace {

std::string cpu_name() {
  std::ifstream info("/proc/cpuinfo");
  for (std::string line; std::getline(info, line);) {
    if (line.rfind("model name", 0) == 0) return line.substr(line.find(':') + 2);
  }
  return "unknown";
}

const auto program_start = std::chrono::steady_clock::now();

}  // namespace

double seconds_since_start() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - program_start).count();
}

void HostClock::report(int threads, HostFacts& facts) const {
  facts.simulation_s = std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  facts.peak_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  facts.cpu = cpu_name();
  facts.threads = threads_of_machine(threads);
  facts.kernel_variant = selected_kernel_variant();
}

}  // namespace squeezebar
