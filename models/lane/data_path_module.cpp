// SPDX-License-Identifier: Apache-2.0
#include "models/lane/data_path_module.h"

namespace squeezebar {

void PathComponent::pass(const PathPart& part, const Passage& passage, const WaveWork& work,
                         const TimelineTrack& track) {
  ++passed_;
  if (!track) return;
  std::vector<Count> figures;
  for (const WaveFigure& figure : part.figures) figures.push_back(figure.of(work));
  if (!figures.empty() && figures.front() == 0) return;
  track->passes(track.number(), passage.wave, passage.first_step + part.from,
                passage.last_step + part.from + part.time, figures);
}

void DataPath::add(const Stage& stage) {
  if (!stage.path) return;
  for (const PathPart& part : *stage.path) {
    auto& component = components_[part.component];
    if (!component) component = std::make_unique<PathComponent>(part.component.c_str());
  }
}

void DataPath::pass(const Stage& stage, const Passage& passage, const WaveWork& work,
                    const std::vector<TimelineTrack>& tracks) {
  if (!stage.path) return;
  for (std::size_t i = 0; i < stage.path->size(); ++i) {
    const PathPart& part = (*stage.path)[i];
    components_.find(part.component)->second->pass(part, passage, work, tracks[i]);
  }
}

}  // namespace squeezebar
