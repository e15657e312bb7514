// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/program.h"

#include <algorithm>

#include "sim/engine/crossbar/row_group_time.h"
#include "sim/engine/crossbar/row_group_work.h"

namespace squeezebar {
namespace {

std::shared_ptr<const WorkLayout> layout_of(const Layer& layer, const Quantisation& input,
                                            const MappedNetwork& mapped, const LayerMapping& mapping) {
  std::vector<int> lengths;
  for (const MappedGroup& group : mapping.groups)
    lengths.push_back(stream_length(input, mapped.geometry, group));
  return row_group_work(mapping, lengths, mapped.skip_zeros, layer.waves());
}

bool is_exact_unless_clipped(const LayerMapping& mapping) {
  if (mapping.error.squared_error != 0) return false;
  return std::all_of(mapping.groups.begin(), mapping.groups.end(), [](const MappedGroup& group) {
    return std::all_of(group.program.arrays.begin(), group.program.arrays.end(),
                       [](const ProgrammedArray& array) { return array.adc.step256 == 256; });
  });
}

/// They stay part of the mapped network, which is there as long as one of them is.
SharedPrograms programs_of(const std::shared_ptr<const MappedNetwork>& mapped, std::size_t index) {
  SharedPrograms out;
  for (const MappedGroup& group : mapped->layers[index].mapping.groups)
    out.emplace_back(mapped, &group.program);
  return out;
}

}  // namespace

CrossbarProgram::CrossbarProgram(const Layer& layer, const Quantisation& input,
                                 std::shared_ptr<const MappedNetwork> mapped, std::size_t index)
    : layout_(layout_of(layer, input, *mapped, mapped->layers[index].mapping)),
      operation_units_(reads_operation_units(mapped->layers[index].mapping)),
      exact_unless_clipped_(is_exact_unless_clipped(mapped->layers[index].mapping)),
      crossbars_(layer, input, mapped->geometry.dac_bits, mapped->skip_zeros, programs_of(mapped, index)) {}

void CrossbarProgram::run(const std::vector<std::uint16_t>& prepared, int first, int last, FeatureMap& out,
                          WorkTable& work) const {
  const auto count = static_cast<std::size_t>(last - first);
  const std::size_t groups = crossbars_.groups();
  thread_local std::vector<WaveActivity> activity;
  activity.resize(groups * count);
  crossbars_.run(prepared, first, last, out, std::span(activity).first(groups * count));
  for (std::size_t g = 0; g < groups; ++g) {
    for (std::size_t i = 0; i < count; ++i) {
      note_work(activity[g * count + i], operation_units_, static_cast<int>(g), first + static_cast<int>(i),
                work);
    }
  }
}

bool CrossbarProgram::exact(const WorkTable& work) const {
  if (!exact_unless_clipped_) return false;
  for (int lane = 0; lane < layout_->lanes(); ++lane) {
    if (work.total(kClipped, lane) > 0) return false;
  }
  return true;
}

}  // namespace squeezebar
