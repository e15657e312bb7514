// SPDX-License-Identifier: Apache-2.0
// Ratio of a whole run (map, values, SystemC, accounting) to the bare reads of all its crossbars, bit by bit,
// both measured in this process. Usage: bench_run_ratio CONFIG [KEY=VALUE]...
#include <chrono>
#include <cstdio>

#include <fmt/format.h>

#include "sim/engine/crossbar/kernels/wave_kernels.h"
#include "sim/numerics/integer_layer.h"
#include "sim/run/prepared.h"
#include "sim/run/run.h"

namespace {

using namespace squeezebar;
using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

/// Every wave's input of one row group, sliced outside the measurement.
std::vector<WaveBits> slice_waves(const CrossbarLayer& crossbars, const FeatureMap& in) {
  std::vector<WaveBits> out(static_cast<std::size_t>(crossbars.waves()));
  crossbars.slice(0, crossbars.pad(in), 0, out);
  return out;
}

double bare_reads(const Job& job) {
  const Network& network = job.bundle.network;
  double total = 0;
  std::vector<std::int32_t> accumulator(4096);
  for (int image = 0; image < job.images; ++image) {
    const auto nodes = evaluate_reference(network, sample_input(job.bundle, image));
    for (std::size_t l = 0; l < network.layers.size(); ++l) {
      const Layer& layer = network.layers[l];
      for (const MappedGroup& group : job.hardware->hardware.layers[l].mapping.groups) {
        const Quantisation& q = network.quantisation(layer.inputs[0]);
        const int dac_bits = job.hardware->hardware.geometry.dac_bits;
        RowGroupProgram program = group.program;
        for (ProgrammedArray& array : program.arrays) array.exact = false;
        const CrossbarLayer crossbars(layer, q, dac_bits, false, share({program}));
        const auto waves = slice_waves(crossbars, nodes[static_cast<std::size_t>(layer.inputs[0])]);
        const int cycles = crossbars.bit_cycles(0);
        const auto start = Clock::now();
        for (const ProgrammedArray& array : program.arrays) {
          if (array.blank) continue;
          for (const WaveBits& wave : waves) {
            read_array({.cells = &array.cells,
                        .adc = array.adc,
                        .dac_bits = dac_bits,
                        .last_cycle = cycles,
                        .accumulator = accumulator.data()},
                       wave);
          }
        }
        total += seconds_since(start);
      }
    }
  }
  return total;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::string kernel = argv[1];
  if (!select_kernel_variant(kernel == "best" ? "" : kernel)) return 2;
  const std::vector<std::string> overrides(argv + 3, argv + argc);
  Diagnostics diagnostics;
  const Job for_reads = load_job(argv[2], overrides, diagnostics);
  if (diagnostics.has_errors()) throw UserError(diagnostics);
  const double reads = bare_reads(for_reads);
  const auto start = Clock::now();
  const Job job = load_job(argv[2], overrides, diagnostics);
  run_job(job);
  const double run = seconds_since(start);
  std::puts(fmt::format("{}: run {:.3f} s, bare crossbar reads {:.3f} s, ratio {:.2f}",
                        selected_kernel_variant(), run, reads, run / reads)
                .c_str());
  return 0;
}
