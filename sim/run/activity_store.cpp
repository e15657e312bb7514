// SPDX-License-Identifier: Apache-2.0
#include "sim/run/activity_store.h"

#include <algorithm>

#include "sim/base/interrupt.h"

namespace squeezebar {

ActivityStore::ActivityStore(ValueSource& values, const Network& network, int images, int window, int threads,
                             std::function<void(const ImageValues&)> on_image)
    : values_(values),
      network_(network),
      images_(images),
      window_(window),
      threads_(threads),
      on_image_(std::move(on_image)) {}

ActivityStore::~ActivityStore() {
  if (next_.valid()) next_.wait();
}

std::future<std::vector<ImageValues>> ActivityStore::start_window(int first) {
  const int last = std::min(first + window_, images_);
  // One thread means one: values are then computed when they are asked for.
  const auto policy = threads_ > 1 ? std::launch::async : std::launch::deferred;
  return std::async(policy, [this, first, last] { return values_.values(first, last, threads_); });
}

void ActivityStore::load_next_window() {
  throw_if_interrupted();
  if (!next_.valid()) next_ = start_window(loaded_);
  std::vector<ImageValues> values = next_.get();
  for (ImageValues& image : values) {
    on_image_(image);
    Image held;
    for (const auto& layer : image.activity) held.left += static_cast<std::int64_t>(layer.size());
    held.values = std::move(image);
    held_.push_back(std::move(held));
  }
  loaded_ += static_cast<int>(values.size());
  if (loaded_ < images_) next_ = start_window(loaded_);
}

WaveActivity ActivityStore::take(int layer, int group, std::int64_t wave) {
  const int waves = network_.layers[static_cast<std::size_t>(layer)].waves();
  const auto image = static_cast<int>(wave / waves);
  while (image >= loaded_) load_next_window();
  Image& held = held_[static_cast<std::size_t>(image - first_)];
  const WaveActivity activity =
      held.values.activity[static_cast<std::size_t>(layer)]
                          [static_cast<std::size_t>(std::int64_t{group} * waves + wave % waves)];
  --held.left;
  while (!held_.empty() && held_.front().left == 0) {
    held_.pop_front();
    ++first_;
  }
  return activity;
}

void ActivityStore::drain(const std::function<void(std::int64_t)>& progress) {
  while (loaded_ < images_) {
    load_next_window();
    held_.clear();
    first_ = loaded_;
    if (progress) progress(loaded_);
  }
}

}  // namespace squeezebar
