// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace squeezebar {

/// Everything the hardware does that costs energy. Modules count actions; sim/energy prices them after the
/// run. One line per action: enumerator, component (a config section), action, what one count is.
#define SQUEEZEBAR_ACTIONS(X)                                                                              \
  X(dac_drive, "dac", "drive", "one word line driven in one bit-cycle")                                    \
  X(crossbar_read, "crossbar", "read",                                                                     \
    "one read of one allocated crossbar in one bit-cycle, or of one operation unit")                       \
  X(sample_hold_sample, "sample_hold", "sample", "one bit line sampled in one bit-cycle")                  \
  X(mux_select, "mux", "select", "one sample switched to an ADC")                                          \
  X(adc_convert, "adc", "convert", "one conversion")                                                       \
  X(shift_add_op, "shift_add", "add", "one code shifted and added over input bits")                        \
  X(splice_add, "splice", "add", "one code of a bit plane added to the code of its neighbour")             \
  X(input_register_byte, "input_register", "access", "one byte written to or read from an input register") \
  X(output_register_byte, "output_register", "access",                                                     \
    "one byte written to or read from an output register")                                                 \
  X(reducer_add, "reducer", "add", "one partial sum of a row group added to that of another")              \
  X(activation_op, "activation", "op", "one output value biased, requantised and clamped")                 \
  X(pool_op, "pool", "op", "one value of a pooling window or one residual addition")                       \
  X(tile_register_byte, "tile_register", "access", "one byte through a tile's output register")            \
  X(buffer_byte, "buffer", "access", "one byte written to or read from a tile buffer")                     \
  X(bus_byte, "bus", "transfer", "one byte moved between tile buffer and processing element")              \
  X(noc_byte, "noc", "transfer", "one byte moved between layers over the network on chip")                 \
  X(row_conversion_word, "row_conversion", "align", "one input word of a squeezed row group aligned")      \
  X(zero_detect_check, "zero_detect", "check", "the input bits of one row group tested in one bit-cycle")  \
  X(index_memory_bit, "index_memory", "read", "one bit of a mapping's index read")

enum class Action : std::uint8_t {
#define SQUEEZEBAR_ACTION_ENUM(name, component, action, what) name,
  SQUEEZEBAR_ACTIONS(SQUEEZEBAR_ACTION_ENUM)
#undef SQUEEZEBAR_ACTION_ENUM
};

struct ActionInfo {
  std::string_view component;
  std::string_view action;
  std::string_view what;
};

inline constexpr std::array kActions{
#define SQUEEZEBAR_ACTION_INFO(name, component, action, what) ActionInfo{component, action, what},
    SQUEEZEBAR_ACTIONS(SQUEEZEBAR_ACTION_INFO)
#undef SQUEEZEBAR_ACTION_INFO
};

/// Whether an action is counted where it happens. The others are counted from what was measured, because
/// prices decide which of them there are.
inline constexpr bool is_measured(Action action) { return action != Action::index_memory_bit; }

/// The highest ADC resolution a config may ask for.
inline constexpr int kMaxAdcBits = 16;

/// How often each action happened. Conversions are kept by resolution, because their cost depends on it.
struct ActionCounts {
  std::array<std::uint64_t, kActions.size()> count{};
  std::array<std::uint64_t, kMaxAdcBits + 1> conversions_by_bits{};

  std::uint64_t& operator[](Action action) { return count[static_cast<std::size_t>(action)]; }
  std::uint64_t operator[](Action action) const { return count[static_cast<std::size_t>(action)]; }

  void add_conversions(int bits, std::uint64_t n) {
    (*this)[Action::adc_convert] += n;
    conversions_by_bits[static_cast<std::size_t>(bits)] += n;
  }

  ActionCounts& operator+=(const ActionCounts& other) {
    for (std::size_t i = 0; i < count.size(); ++i) count[i] += other.count[i];
    for (std::size_t i = 0; i < conversions_by_bits.size(); ++i)
      conversions_by_bits[i] += other.conversions_by_bits[i];
    return *this;
  }
  bool operator==(const ActionCounts&) const = default;
};

}  // namespace squeezebar
