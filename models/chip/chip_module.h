// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <systemc>
#include <vector>

#include "models/noc/noc_module.h"
#include "models/tile/tile_module.h"

namespace squeezebar {

/// All input pixels of all images, ready from the start.
class ImageSource final : public sc_core::sc_module, public OutputBufferIf {
 public:
  ImageSource(const sc_core::sc_module_name& name, std::int64_t pixels) : sc_module(name), pixels_(pixels) {}
  [[nodiscard]] std::int64_t written() const override { return pixels_; }
  void sent(int) override {}

 private:
  std::int64_t pixels_;
};

/// A network on a chip: tiles with its layers, links between them, and the source of images.
class ChipModule final : public sc_core::sc_module {
 public:
  /// Runs for `most` cycles at most.
  ChipModule(const sc_core::sc_module_name& name, const ChipPlan& plan, Cycles most, WorkSource& source);

  /// Lets the observer see links and layers; called before the simulation starts.
  void observe(TimelineObserver& observer);
  /// Puts what they want into the waveforms; called before the simulation starts.
  void show_in(Waveforms& waveforms);

  [[nodiscard]] LayerModule& layer(std::size_t index) { return *layers_[index]; }
  /// When the last output pixel of each image was written.
  [[nodiscard]] const std::vector<Cycles>& image_ends() const { return image_ends_; }
  [[nodiscard]] bool finished() const;
  [[nodiscard]] const SimClock& clock() const { return clock_; }
  /// One line per process that is still waiting.
  [[nodiscard]] std::vector<std::string> blocked() const;

  std::function<void(int images_done)> on_image;  ///< progress; may be empty

 private:
  void build_tiles(WorkSource& source);
  void build_links();

  const ChipPlan& plan_;
  SimClock clock_;
  ScheduleGate gate_;
  std::unique_ptr<ImageSource> source_;
  std::vector<std::unique_ptr<TileModule>> tiles_;
  std::vector<LayerModule*> layers_;
  std::vector<std::unique_ptr<Link>> links_;
  std::vector<Cycles> image_ends_;
};

}  // namespace squeezebar
