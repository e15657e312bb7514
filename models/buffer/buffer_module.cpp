// SPDX-License-Identifier: Apache-2.0
#include "models/buffer/buffer_module.h"

#include <algorithm>
#include <limits>

#include "models/lane/layer_if_module.h"

namespace squeezebar {

InputBuffer::InputBuffer(const sc_core::sc_module_name& name, const EdgePlan& edge, int waves_per_image)
    : sc_module(name), edge_(edge), waves_per_image_(waves_per_image) {}

void InputBuffer::push(Cycles arrival) {
  // A pixel that every wave is already past is dropped on arrival.
  if (sent_ >= first_) {
    arrivals_.push_back(arrival);
  }
  ++sent_;
  tell_fill();
  if (sent_ < awaited_) return;
  awaited_ = std::numeric_limits<std::int64_t>::max();
  on_push();
}

Cycles InputBuffer::arrival(std::int64_t wave) {
  const std::int64_t image = wave / waves_per_image_;
  const std::int64_t needed =
      image * edge_.pixels + edge_.needed[static_cast<std::size_t>(wave % waves_per_image_)];
  if (needed > sent_) {
    awaited_ = std::min(awaited_, needed);
    return kNotYet;
  }
  return arrivals_[static_cast<std::size_t>(needed - 1 - first_)];
}

void InputBuffer::release(std::int64_t waves) {
  if (waves == 0) return;
  const std::int64_t last = waves - 1;
  const std::int64_t floor = last / waves_per_image_ * edge_.pixels +
                             edge_.released[static_cast<std::size_t>(last % waves_per_image_)];
  if (floor <= released_) return;
  released_ = floor;
  while (!arrivals_.empty() && first_ < released_) {
    arrivals_.pop_front();
    ++first_;
  }
  first_ = std::max(first_, released_);
  tell_fill();
  on_release();
}

OutputBuffer::OutputBuffer(const sc_core::sc_module_name& name, int depth, int links)
    : sc_module(name), depth_(depth), sent_(static_cast<std::size_t>(links), 0) {}

void OutputBuffer::write() {
  ++written_;
  if (on_fill) on_fill(written_ - drained_);
  if (sent_.empty()) drain();  // the network's output leaves at once
  on_write();
}

void OutputBuffer::sent(int link) {
  ++sent_[static_cast<std::size_t>(link)];
  drain();
}

void OutputBuffer::drain() {
  const std::int64_t floor = sent_.empty() ? written_ : *std::min_element(sent_.begin(), sent_.end());
  if (floor == drained_) return;
  drained_ = floor;
  if (on_fill) on_fill(written_ - drained_);
  on_drain();
}

}  // namespace squeezebar
