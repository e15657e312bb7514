// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "sim/terms/actions.h"

namespace squeezebar {

/// What the waves of a layer count. Only keys of class `values` may decide a count: how often something is
/// charged, and at which price, belongs to rates.
struct Counter {
  std::string name;
  Count most = 1;  ///< in one wave of one lane; decides its width in memory and on disk

  bool operator==(const Counter&) const = default;
};

/// Counter 0 of every layer: 1 in each wave.
inline constexpr int kWaves = 0;

/// A count that is the same in all waves of a lane.
struct FixedCount {
  int counter = 0;
  int lane = 0;
  Count value = 0;
};

/// Which counts the lanes of a layer keep for every wave of an image, and which are the same in all waves of
/// a lane.
class WorkLayout {
 public:
  /// Of a layer without lanes.
  WorkLayout() : WorkLayout({}, 0, 0) {}
  /// `counters` without that of waves: the first of them gets number 1.
  WorkLayout(const std::vector<Counter>& counters, int lanes, int waves,
             std::span<const FixedCount> fixed = {});

  [[nodiscard]] int lanes() const { return lanes_; }
  [[nodiscard]] int waves() const { return waves_; }
  [[nodiscard]] const std::vector<Counter>& counters() const { return counters_; }
  /// Its number; throws std::logic_error if there is none of this name.
  [[nodiscard]] int counter(std::string_view name) const;
  [[nodiscard]] bool fixed(int counter, int lane) const { return at(counter, lane).column < 0; }
  /// Of a counter that is fixed.
  [[nodiscard]] Count value(int counter, int lane) const { return at(counter, lane).value; }
  /// Bytes of a count in its column: 1, 2, 4 or 8.
  [[nodiscard]] std::size_t width(int counter) const { return widths_[static_cast<std::size_t>(counter)]; }
  /// Bytes of all columns of one image.
  [[nodiscard]] std::size_t bytes() const { return bytes_; }

 private:
  friend class WorkTable;
  struct Place {
    std::int64_t column = -1;  ///< among those of its counter; -1: fixed
    Count value = 0;
  };
  [[nodiscard]] const Place& at(int counter, int lane) const {
    return places_[static_cast<std::size_t>(counter) * static_cast<std::size_t>(lanes_) +
                   static_cast<std::size_t>(lane)];
  }
  [[nodiscard]] Place& place(int counter, int lane) {
    return places_[static_cast<std::size_t>(counter) * static_cast<std::size_t>(lanes_) +
                   static_cast<std::size_t>(lane)];
  }
  void arrange();

  std::vector<Counter> counters_;
  int lanes_ = 0;
  int waves_ = 0;
  std::vector<std::size_t> widths_;   ///< [counter]
  std::vector<std::size_t> offsets_;  ///< [counter] of its first column
  std::vector<Place> places_;         ///< [counter][lane]
  std::size_t bytes_ = 0;
};

/// What the waves of one layer did in one image: a column of counts for every counter and lane. Threads may
/// write disjoint waves at the same time.
class WorkTable {
 public:
  /// Of a layer without lanes.
  WorkTable();
  explicit WorkTable(std::shared_ptr<const WorkLayout> layout);

  [[nodiscard]] const WorkLayout& layout() const { return *layout_; }
  /// A counter that is fixed must have this value. Throws std::logic_error if it has another, or if the value
  /// is above the counter's most.
  void set(int counter, int lane, int wave, Count value);
  [[nodiscard]] Count at(int counter, int lane, int wave) const;
  /// Sum over all waves.
  [[nodiscard]] Count total(int counter, int lane) const;

  /// All columns, one after the other, in the order of the layout; numbers in the machine's byte order.
  [[nodiscard]] std::span<const std::byte> bytes() const { return bytes_; }
  [[nodiscard]] std::span<std::byte> bytes() { return bytes_; }

 private:
  [[nodiscard]] std::size_t offset(int counter, std::int64_t column, int wave) const;

  std::shared_ptr<const WorkLayout> layout_;
  std::vector<std::byte> bytes_;
};

/// One wave of a lane, as long as its table is there.
class WaveWork {
 public:
  WaveWork() = default;
  WaveWork(const WorkTable& table, int lane, int wave) : table_(&table), lane_(lane), wave_(wave) {}
  /// 0 of the wave of no table.
  [[nodiscard]] Count operator[](int counter) const {
    return table_ == nullptr ? 0 : table_->at(counter, lane_, wave_);
  }

 private:
  const WorkTable* table_ = nullptr;
  int lane_ = 0;
  int wave_ = 0;
};

/// Sums of a layer's work over images: [lane][counter].
class WorkTotals {
 public:
  WorkTotals() = default;
  WorkTotals(int lanes, int counters);
  void add(const WorkTable& image);
  [[nodiscard]] int lanes() const { return static_cast<int>(sums_.size()); }
  [[nodiscard]] std::span<const Count> of(int lane) const { return sums_[static_cast<std::size_t>(lane)]; }
  [[nodiscard]] std::span<Count> of(int lane) { return sums_[static_cast<std::size_t>(lane)]; }
  /// Over all lanes.
  [[nodiscard]] Count sum(int counter) const;

 private:
  std::vector<std::vector<Count>> sums_;
};

}  // namespace squeezebar
