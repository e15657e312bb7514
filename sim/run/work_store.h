// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <deque>
#include <functional>
#include <future>
#include <vector>

#include "models/lane/work_source.h"
#include "sim/run/image_values.h"
#include "sim/workload/network.h"

namespace squeezebar {

/// Lets values run ahead of time: takes images in windows (the next one on other threads while this one is
/// simulated) and forgets each image's work when every wave of it has started.
class WorkStore final : public WorkSource {
 public:
  /// `on_image` is called once per image, in order, when its values are known.
  WorkStore(ValueSource& values, const Network& network, int images, int window, int threads,
            std::function<void(const ImageValues&)> on_image);
  ~WorkStore() override;

  WaveWork take(int layer, int lane, std::int64_t wave) override;
  /// Takes every image without handing out work (values alone).
  void drain(const std::function<void(std::int64_t done)>& progress);

 private:
  struct Image {
    ImageValues values;
    std::int64_t left = 0;  ///< waves of lanes that have not been taken
  };
  void load_next_window();
  [[nodiscard]] std::future<std::vector<ImageValues>> start_window(int first);
  void forget_finished();

  ValueSource& values_;
  const Network& network_;
  int images_;
  int window_;
  int threads_;
  std::function<void(const ImageValues&)> on_image_;
  int loaded_ = 0;
  int first_ = 0;  ///< image number of held_.front()
  std::deque<Image> held_;
  std::future<std::vector<ImageValues>> next_;
};

}  // namespace squeezebar
