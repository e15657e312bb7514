// SPDX-License-Identifier: Apache-2.0
// Nanoseconds per read of a 128 x 128 crossbar with accumulation on every column, for each kernel variant of
// this CPU, with ADCs that clip and with ADCs of full range.
#include <random>
#include <string>

#include <benchmark/benchmark.h>

#include "sim/engine/crossbar/kernels/wave_kernels.h"

namespace {

using namespace squeezebar;

constexpr int kSize = 128;
constexpr int kInputBits = 8;

/// Half of the input bits are ones, as in uniformly random activations: nothing can be skipped.
WaveBits dense_input(std::mt19937& random) {
  std::vector<std::uint16_t> codes(kSize);
  for (auto& code : codes) code = static_cast<std::uint16_t>(random() % (1U << kInputBits));
  WaveBits bits;
  slice_input(codes, {1, kInputBits}, bits);
  return bits;
}

void read_crossbar(benchmark::State& state, const std::string& variant, int cell_bits,
                   const AdcTransfer& adc) {
  select_kernel_variant(variant);
  std::mt19937 random(1);
  std::vector<std::uint8_t> levels(kSize * kSize);
  for (auto& level : levels) level = static_cast<std::uint8_t>(random() % (1U << cell_bits));
  const PackedArray cells(kSize, kSize, cell_bits, levels);
  const WaveBits input = dense_input(random);
  std::vector<std::int32_t> accumulator(kSize);
  const CodeTable codes = cell_bits == 1 && adc.step256 != 256 ? CodeTable(adc, kSize) : CodeTable();
  const ArrayRead read{.cells = &cells,
                       .adc = adc,
                       .codes = codes.empty() ? nullptr : &codes,
                       .last_cycle = kInputBits,
                       .accumulator = accumulator.data()};
  for (auto _ : state) {
    benchmark::DoNotOptimize(read_array(read, input));
    benchmark::ClobberMemory();
    std::fill(accumulator.begin(), accumulator.end(), 0);
  }
  state.counters["per_read"] = benchmark::Counter(static_cast<double>(state.iterations()) * kInputBits,
                                                  benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
  select_kernel_variant("");
}

const bool kRegistered = [] {
  for (const std::string& variant : kernel_variants()) {
    for (const int cell_bits : {1, 2}) {
      const std::string name = variant + "/cell_bits:" + std::to_string(cell_bits);
      benchmark::RegisterBenchmark((name + "/clip").c_str(), [=](benchmark::State& state) {
        read_crossbar(state, variant, cell_bits, {255, 256});
      });
      const int largest_sum = kSize * ((1 << cell_bits) - 1);
      benchmark::RegisterBenchmark((name + "/full").c_str(), [=](benchmark::State& state) {
        read_crossbar(state, variant, cell_bits, {15, least_step256(largest_sum, 15)});
      });
    }
  }
  return true;
}();

}  // namespace
