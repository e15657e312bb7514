// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "sim/engine/crossbar/kernels/crossbar_kernel.h"
#include "sim/workload/feature_map.h"

namespace squeezebar {

/// How input vectors are sliced.
struct InputSlices {
  int dac_bits = 1;
  int bit_cycles = 0;
  bool listed = true;  ///< false: what is driven in each bit-cycle is only counted
};

/// Slices stored codes (two's complement in 16 bits), one for each row, into bit_cycles * dac_bits input
/// bits, least significant first.
void slice_input(std::span<const std::uint16_t> codes, const InputSlices& slices, WaveBits& out);

/// The same for rows whose codes are first doubled row_shift[r] times; signed codes are sign-extended to the
/// whole stream.
void slice_shifted_input(std::span<const std::uint16_t> codes, std::span<const std::uint8_t> row_shift,
                         bool is_signed, const InputSlices& slices, WaveBits& out);

/// The codes as numbers, doubled row_shift[r] times (not at all if that is empty), and a zero if their number
/// is odd. They must fit.
void shift_inputs(std::span<const std::uint16_t> codes, std::span<const std::uint8_t> row_shift,
                  bool is_signed, std::vector<std::int16_t>& out);

/// The splice of one array as plain sums: channel k adds columns [digits * k, digits * (k + 1)), each
/// times its factor, and the unit column times its own.
struct SpliceSums {
  int digits = 0;  ///< columns of one channel
  std::vector<std::int32_t> factor;
  std::vector<std::int64_t> unit_factor;
  std::int32_t first_channel = 0;
};

/// Adds scale * splice(codes) to the sums of the array's channels. The spliced codes of a channel must fit 32
/// bits.
void splice_columns(const SpliceSums& splice, const std::int32_t* codes, std::int64_t unit_codes,
                    std::int64_t scale, std::int64_t* sums);

/// Requantisation of a layer's accumulators (in 1/256, because ADC steps are k/256), one entry per channel.
struct RequantiseTable {
  RequantiseTable(std::span<const std::int32_t> bias, std::span<const double> multiplier,
                  const Quantisation& q);

  std::vector<std::int64_t> bias256;
  std::vector<double> multiplier_by_256;
  double low;
  double high;
  std::int32_t zero_point;
};

/// codes[c * stride] = code of sums[c]: the same as requantise() channel by channel.
void requantise_wave(std::span<const std::int64_t> sums, const RequantiseTable& table, std::size_t stride,
                     std::uint16_t* codes);

}  // namespace squeezebar
