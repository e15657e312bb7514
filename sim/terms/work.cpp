// SPDX-License-Identifier: Apache-2.0
#include "sim/terms/work.h"

#include <algorithm>
#include <cstring>
#include <limits>
#include <stdexcept>

#include <fmt/format.h>

#include "sim/base/diag.h"

namespace squeezebar {
namespace {

std::size_t width_of(Count most) {
  if (most <= std::numeric_limits<std::uint8_t>::max()) return 1;
  if (most <= std::numeric_limits<std::uint16_t>::max()) return 2;
  if (most <= std::numeric_limits<std::uint32_t>::max()) return 4;
  return 8;
}

/// Calls use(number of the column's type) for a width.
template <class Use>
decltype(auto) with_type(std::size_t width, Use use) {
  switch (width) {
    case 1:
      return use(std::uint8_t{});
    case 2:
      return use(std::uint16_t{});
    case 4:
      return use(std::uint32_t{});
    default:
      return use(std::uint64_t{});
  }
}

template <class T>
Count sum_of(const std::byte* at, int waves) {
  Count sum = 0;
  for (int wave = 0; wave < waves; ++wave) {
    T value;
    std::memcpy(&value, at + static_cast<std::size_t>(wave) * sizeof value, sizeof value);
    sum += value;
  }
  return sum;
}

}  // namespace

WorkLayout::WorkLayout(const std::vector<Counter>& counters, int lanes, int waves,
                       std::span<const FixedCount> fixed)
    : counters_{{"waves", 1}}, lanes_(lanes), waves_(waves) {
  if (lanes < 0 || waves < 0) throw std::logic_error("a layer has less than no lane or wave");
  counters_.insert(counters_.end(), counters.begin(), counters.end());
  for (const Counter& counter : counters_) widths_.push_back(width_of(counter.most));
  places_.assign(counters_.size() * static_cast<std::size_t>(lanes), {.column = 0, .value = 0});
  for (int lane = 0; lane < lanes; ++lane) place(kWaves, lane) = {-1, 1};
  for (const FixedCount& one : fixed) {
    if (one.counter < 0 || one.lane < 0 || one.counter >= static_cast<int>(counters_.size()) ||
        one.lane >= lanes)
      throw std::logic_error("a count is fixed that no lane has");
    place(one.counter, one.lane) = {-1, one.value};
  }
  arrange();
}

int WorkLayout::counter(std::string_view name) const {
  const auto found = std::find_if(counters_.begin(), counters_.end(),
                                  [name](const Counter& counter) { return counter.name == name; });
  if (found == counters_.end()) throw std::logic_error(fmt::format("no counter is called '{}'", name));
  return static_cast<int>(found - counters_.begin());
}

/// Gives the lanes whose counts differ from wave to wave their columns.
void WorkLayout::arrange() {
  offsets_.clear();
  bytes_ = 0;
  auto place = places_.begin();
  for (const std::size_t width : widths_) {
    // Columns of wider numbers stay aligned to their width.
    bytes_ = (bytes_ + width - 1) / width * width;
    offsets_.push_back(bytes_);
    std::int64_t columns = 0;
    for (int lane = 0; lane < lanes_; ++lane, ++place) {
      if (place->column >= 0) place->column = columns++;
    }
    bytes_ += static_cast<std::size_t>(columns) * static_cast<std::size_t>(waves_) * width;
  }
}

WorkTable::WorkTable() {
  static const auto none = std::make_shared<const WorkLayout>();
  layout_ = none;
}

WorkTable::WorkTable(std::shared_ptr<const WorkLayout> layout)
    : layout_(std::move(layout)), bytes_(layout_->bytes()) {}

std::size_t WorkTable::offset(int counter, std::int64_t column, int wave) const {
  const auto index = static_cast<std::size_t>(column) * static_cast<std::size_t>(layout_->waves_) +
                     static_cast<std::size_t>(wave);
  return layout_->offsets_[static_cast<std::size_t>(counter)] + index * layout_->width(counter);
}

void WorkTable::set(int counter, int lane, int wave, Count value) {
  const WorkLayout::Place& place = layout_->at(counter, lane);
  const Counter& what = layout_->counters_[static_cast<std::size_t>(counter)];
  if (place.column < 0 ? value != place.value : value > what.most) {
    throw std::logic_error(fmt::format("wave {} of lane {} has {} {}, but {}", wave, lane, value, what.name,
                                       place.column < 0
                                           ? fmt::format("all its waves have {}", place.value)
                                           : fmt::format("no wave may have more than {}", what.most)));
  }
  if (place.column < 0) return;
  with_type(layout_->width(counter), [&](auto number) {
    number = static_cast<decltype(number)>(value);
    std::memcpy(bytes_.data() + offset(counter, place.column, wave), &number, sizeof number);
  });
}

Count WorkTable::at(int counter, int lane, int wave) const {
  const WorkLayout::Place& place = layout_->at(counter, lane);
  if (place.column < 0) return place.value;
  return with_type(layout_->width(counter), [&](auto number) {
    std::memcpy(&number, bytes_.data() + offset(counter, place.column, wave), sizeof number);
    return static_cast<Count>(number);
  });
}

Count WorkTable::total(int counter, int lane) const {
  const WorkLayout::Place& place = layout_->at(counter, lane);
  if (place.column < 0) return place.value * static_cast<Count>(layout_->waves_);
  const std::byte* first = bytes_.data() + offset(counter, place.column, 0);
  return with_type(layout_->width(counter),
                   [&](auto number) { return sum_of<decltype(number)>(first, layout_->waves_); });
}

WorkTotals::WorkTotals(int lanes, int counters)
    : sums_(static_cast<std::size_t>(lanes), std::vector<Count>(static_cast<std::size_t>(counters), 0)) {}

void WorkTotals::add(const WorkTable& image) {
  for (int lane = 0; lane < lanes(); ++lane) {
    std::vector<Count>& sums = sums_[static_cast<std::size_t>(lane)];
    for (std::size_t i = 0; i < sums.size(); ++i) {
      if (__builtin_add_overflow(sums[i], image.total(static_cast<int>(i), lane), &sums[i]))
        throw RunError("there are too many actions to count in 64 bits");
    }
  }
}

Count WorkTotals::sum(int counter) const {
  Count out = 0;
  for (const std::vector<Count>& lane : sums_) out += lane[static_cast<std::size_t>(counter)];
  return out;
}

}  // namespace squeezebar
