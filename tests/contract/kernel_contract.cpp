// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <string>
#include <vector>

#include "sim/engine/crossbar/kernels/wave_kernels.h"
#include "sim/numerics/requantise.h"
#include "tests/catch.h"
#include "tests/random.h"

// Every kernel variant that this CPU can run against the slow definition, on random arrays.

namespace squeezebar::test {
namespace {

std::vector<std::uint8_t> random_levels(Random& random, int rows, int columns, int cell_bits) {
  const int density = random.pick({0, 5, 50, 100});
  const bool full = random.chance(15);
  std::vector<std::uint8_t> levels(static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns));
  for (auto& level : levels) {
    if (full || random.chance(density))
      level =
          static_cast<std::uint8_t>(full ? (1 << cell_bits) - 1 : random.between(0, (1 << cell_bits) - 1));
  }
  return levels;
}

std::vector<std::uint16_t> random_codes(Random& random, int rows, int bits) {
  const int density = random.pick({0, 10, 60, 100});
  const bool full = random.chance(15);
  std::vector<std::uint16_t> codes(static_cast<std::size_t>(rows));
  for (auto& code : codes) {
    if (full || random.chance(density))
      code = static_cast<std::uint16_t>(full ? (1 << bits) - 1 : random.between(0, (1 << bits) - 1));
  }
  return codes;
}

struct Outcome {
  std::vector<std::int32_t> accumulator;
  std::vector<std::uint8_t> clip_mask;
  std::uint64_t clipped = 0;

  bool operator==(const Outcome&) const = default;
};

/// One random read, complete with everything that a kernel may use.
class Case {
 public:
  explicit Case(std::uint64_t seed) : random_(seed) {
    cell_bits_ = random_.between(1, 4);
    read_.dac_bits = random_.chance(50) ? 1 : random_.between(1, 4);
    const int most =
        static_cast<int>(kMaxColumnSum / (((1 << cell_bits_) - 1) * ((1 << read_.dac_bits) - 1)));
    rows_ = std::min(most, random_.pick({1, 3, 4, 128, 252, 253, 256, 1024, random_.between(1, 1024)}));
    const int columns = random_.pick({1, 63, 64, 65, 128, 129, random_.between(1, 300)});
    input_bits_ = random_.between(1, 16);
    const int cycles = (input_bits_ + read_.dac_bits - 1) / read_.dac_bits;
    slice_input(random_codes(random_, rows_, input_bits_), {read_.dac_bits, cycles}, input_);
    levels_ = random_levels(random_, rows_, columns, cell_bits_);
    cells_ = PackedArray(rows_, columns, cell_bits_, levels_);
    read_.cells = &cells_;
    choose_adc();
    choose_cycles(cycles);
    read_.negative = random_.chance(50);
    if (read_.dac_bits == 1 && random_.chance(50)) read_.negative_cycle = random_.between(0, cycles - 1);
    if (random_.chance(50)) clip_mask_.resize(static_cast<std::size_t>(cycles * cells_.padded_columns()));
    for (int t = 0; t < (clip_mask_.empty() ? 0 : cycles); ++t) {
      for (int c = 0; c < columns; ++c) {
        if (random_.chance(20)) clip_mask_[static_cast<std::size_t>(t * cells_.padded_columns() + c)] = 0xFF;
      }
    }
    read_.count_clips = random_.chance(70);
    start_.resize(static_cast<std::size_t>(cells_.padded_columns()));
    for (auto& value : start_) value = random_.between(-1000, 1000);
  }
  Case(const Case&) = delete;
  Case& operator=(const Case&) = delete;

  template <class Kernel>
  [[nodiscard]] Outcome outcome(Kernel kernel) const {
    Outcome out{start_, clip_mask_, 0};
    ArrayRead read = read_;
    read.accumulator = out.accumulator.data();
    read.clip_mask = out.clip_mask.empty() ? nullptr : out.clip_mask.data();
    out.clipped = kernel(read, input_);
    out.accumulator.resize(static_cast<std::size_t>(cells_.columns()));  // padding holds nothing of meaning
    return out;
  }

  [[nodiscard]] std::string text() const {
    return std::to_string(rows_) + " rows, " + std::to_string(cells_.columns()) + " columns, cell " +
           std::to_string(cell_bits_) + ", DAC " + std::to_string(read_.dac_bits) + ", input bits " +
           std::to_string(input_bits_) + ", max code " + std::to_string(read_.adc.max_code) + ", step " +
           std::to_string(read_.adc.step256) + (read_.codes != nullptr ? " by a table" : "") + ", cycles " +
           std::to_string(read_.first_cycle) + ".." + std::to_string(read_.last_cycle) + ", negative cycle " +
           std::to_string(read_.negative_cycle);
  }

 private:
  void choose_adc() {
    const int bits = random_.between(1, 16);
    read_.adc.max_code = (1 << bits) - 1;
    const std::int64_t bound = std::int64_t{rows_} * ((1 << cell_bits_) - 1) * ((1 << read_.dac_bits) - 1);
    const auto full = static_cast<int>(
        std::max<std::int64_t>(256, (256 * bound + read_.adc.max_code - 1) / read_.adc.max_code));
    read_.adc.step256 = random_.pick({256, 256, full, random_.between(256, 5000)});
    if (read_.dac_bits > 1 || cell_bits_ > 1 || rows_ > 255 || random_.chance(30)) return;
    codes_ = CodeTable(read_.adc, rows_);
    read_.codes = &codes_;
  }
  void choose_cycles(int cycles) {
    read_.first_cycle = random_.chance(50) ? 0 : random_.between(0, cycles - 1);
    read_.last_cycle = random_.chance(50) ? cycles : random_.between(read_.first_cycle, cycles);
    // The accumulators hold 32 bits: the caller keeps shift + bits within 30.
    const std::int64_t bound = std::int64_t{rows_} * ((1 << cell_bits_) - 1) * ((1 << read_.dac_bits) - 1);
    int code_bits = 0;
    while ((std::min<std::int64_t>(read_.adc.unsaturated(bound), read_.adc.max_code) >> code_bits) > 0)
      ++code_bits;
    const int most = (30 - code_bits) / read_.dac_bits;
    read_.last_cycle = std::min(read_.last_cycle, read_.first_cycle + most);
    const int room = 30 - code_bits - (read_.last_cycle - read_.first_cycle) * read_.dac_bits;
    read_.shift = random_.between(0, std::max(0, room));
  }

  Random random_;
  int rows_ = 0;
  int cell_bits_ = 0;
  int input_bits_ = 0;
  std::vector<std::uint8_t> levels_;
  PackedArray cells_;
  WaveBits input_;
  ArrayRead read_;
  CodeTable codes_;
  std::vector<std::uint8_t> clip_mask_;
  std::vector<std::int32_t> start_;
};

/// Lifts the choice of a variant when a test case ends, however it ends.
struct BestVariantAgain {
  ~BestVariantAgain() { select_kernel_variant(""); }
};

TEST_CASE("every kernel variant computes what the definition says", "[contract][kernel]") {
  const BestVariantAgain guard;
  const std::vector<std::string> variants = kernel_variants();
  REQUIRE_FALSE(variants.empty());
  for (std::uint64_t seed = 0; seed < 600; ++seed) {
    const Case c(seed);
    const Outcome wanted = c.outcome(read_array_reference);
    for (const std::string& variant : variants) {
      REQUIRE(select_kernel_variant(variant));
      const Outcome got = c.outcome(read_array);
      INFO("seed " << seed << ", " << variant << ": " << c.text());
      REQUIRE(got.clipped == wanted.clipped);
      REQUIRE((got == wanted));
    }
  }
}

TEST_CASE("every kernel variant requantises as the scalar definition does", "[contract][kernel]") {
  const BestVariantAgain guard;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    Random random(seed);
    const int low = random.between(-32768, 0);
    Quantisation q{16, true, 1.0, random.between(low, 32767), low, 0};
    q.max = random.between(q.min, 32767);
    const auto channels = static_cast<std::size_t>(random.between(1, 40));
    std::vector<std::int64_t> sums;
    std::vector<std::int32_t> bias;
    std::vector<double> multiplier;
    for (std::size_t c = 0; c < channels; ++c) {
      const int shift = random.between(10, 62);
      sums.push_back(static_cast<std::int64_t>(random.bits()) >> shift);
      bias.push_back(random.between(-2147483647, 2147483647) >> random.between(0, 31));
      // Powers of two make halves, which must go to the even neighbour.
      multiplier.push_back(random.pick({0.5, 0.25, 1.0, 1.0 / 1024, 0.3, 1e-9, 1e-310, 1e300}));
    }
    const RequantiseTable table(bias, multiplier, q);
    const auto stride = static_cast<std::size_t>(random.between(1, 5));
    for (const std::string& variant : kernel_variants()) {
      INFO("seed " << seed << ", " << variant);
      REQUIRE(select_kernel_variant(variant));
      std::vector<std::uint16_t> codes(channels * stride, 0xABCD);
      requantise_wave(sums, table, stride, codes.data());
      bool same = true;
      for (std::size_t i = 0; i < codes.size(); ++i) {
        const std::size_t c = i / stride;
        same = same && codes[i] == (i % stride == 0 ? to_code(requantise(sums[c], bias[c], multiplier[c], q))
                                                    : 0xABCD);
      }
      REQUIRE(same);
    }
  }
}

TEST_CASE("a kernel variant is chosen by name", "[contract][kernel]") {
  const BestVariantAgain guard;
  const std::vector<std::string> variants = kernel_variants();
  CHECK(selected_kernel_variant() == variants.front());
  for (const std::string& variant : variants) {
    CHECK(select_kernel_variant(variant));
    CHECK(selected_kernel_variant() == variant);
    CHECK(kernel_variants() == variants);
  }
  CHECK_FALSE(select_kernel_variant("no such variant"));
  CHECK(selected_kernel_variant() == variants.front());
}

TEST_CASE("the accumulators hold the largest sums that are asked of them", "[contract][kernel]") {
  // 1024 rows of full four-bit cells, 16 bit-cycles of ones: codes of 14 bits, shifted by up to 15.
  const BestVariantAgain guard;
  const std::vector<std::uint8_t> levels(1024 * 64, 15);
  const PackedArray cells(1024, 64, 4, levels);
  WaveBits input;
  slice_input(std::vector<std::uint16_t>(1024, 0xFFFF), {1, 16}, input);
  for (const std::string& variant : kernel_variants()) {
    INFO(variant);
    REQUIRE(select_kernel_variant(variant));
    std::vector<std::int32_t> accumulator(64);
    ArrayRead read{.cells = &cells, .adc = {65535, 256}, .last_cycle = 16, .accumulator = accumulator.data()};
    CHECK(read_array(read, input) == 0);
    CHECK(accumulator == std::vector<std::int32_t>(64, 15 * 1024 * 65535));
    read.negative = true;
    CHECK(read_array(read, input) == 0);
    CHECK(accumulator == std::vector<std::int32_t>(64, 0));
  }
}

}  // namespace
}  // namespace squeezebar::test
