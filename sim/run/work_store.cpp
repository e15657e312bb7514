// SPDX-License-Identifier: Apache-2.0
#include "sim/run/work_store.h"

#include <algorithm>

#include "sim/base/interrupt.h"

namespace squeezebar {

WorkStore::WorkStore(ValueSource& values, const Network& network, int images, int window, int threads,
                     std::function<void(const ImageValues&)> on_image)
    : values_(values),
      network_(network),
      images_(images),
      window_(window),
      threads_(threads),
      on_image_(std::move(on_image)) {}

WorkStore::~WorkStore() {
  if (next_.valid()) next_.wait();
}

std::future<std::vector<ImageValues>> WorkStore::start_window(int first) {
  const int last = std::min(first + window_, images_);
  // One thread means one: values are then computed when they are asked for.
  const auto policy = threads_ > 1 ? std::launch::async : std::launch::deferred;
  return std::async(policy, [this, first, last] { return values_.values(first, last, threads_); });
}

void WorkStore::load_next_window() {
  throw_if_interrupted();
  if (!next_.valid()) next_ = start_window(loaded_);
  std::vector<ImageValues> values = next_.get();
  for (ImageValues& image : values) {
    on_image_(image);
    Image held;
    for (const WorkTable& work : image.work)
      held.left += std::int64_t{work.layout().lanes()} * work.layout().waves();
    held.values = std::move(image);
    held_.push_back(std::move(held));
  }
  loaded_ += static_cast<int>(values.size());
  if (loaded_ < images_) next_ = start_window(loaded_);
}

void WorkStore::forget_finished() {
  while (!held_.empty() && held_.front().left == 0) {
    held_.pop_front();
    ++first_;
  }
}

WaveWork WorkStore::take(int layer, int lane, std::int64_t wave) {
  // The wave that was given out last is done with.
  forget_finished();
  const int waves = network_.layers[static_cast<std::size_t>(layer)].waves();
  const auto image = static_cast<int>(wave / waves);
  while (image >= loaded_) load_next_window();
  Image& held = held_[static_cast<std::size_t>(image - first_)];
  --held.left;
  return {held.values.work[static_cast<std::size_t>(layer)], lane, static_cast<int>(wave % waves)};
}

void WorkStore::drain(const std::function<void(std::int64_t)>& progress) {
  while (loaded_ < images_) {
    load_next_window();
    held_.clear();
    first_ = loaded_;
    if (progress) progress(loaded_);
  }
}

}  // namespace squeezebar
