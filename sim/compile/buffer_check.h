// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "models/chip/chip_plan.h"
#include "sim/base/config.h"

namespace squeezebar {

/// Runs the plan's dataflow without time: a wave fires as soon as its receptive field is in the input buffers
/// and the output buffer has a place. Whatever completes here completes with timing too, where results may
/// also wait in partial-sum buffers and links. True if every wave fires.
bool dataflow_completes(const ChipPlan& plan);

/// A buffer that is too small, and the least depth with which the graph completes when all other buffers are
/// unlimited.
struct ShallowBuffer {
  bool input = true;  ///< an input buffer of an edge, else an output buffer of a layer
  int index = 0;      ///< edge or layer
  int depth = 0;      ///< pixels, as configured
  int least = 0;
};
std::vector<ShallowBuffer> shallow_buffers(const ChipPlan& plan);

/// Bytes of one tile's buffers in the config.
BufferSizes buffer_sizes(const Config& config);

/// Sizes with which the graph completes and with one byte less of either would not, as far as they are larger
/// than `configured`: an output buffer that holds a pixel, then the least input buffer.
BufferSizes working_sizes(const ChipPlan& plan, const BufferSizes& configured);

/// Reports buffers that would let the run block, by name.
void check_buffers(const Config& config, const ChipPlan& plan, Diagnostics& diagnostics);

}  // namespace squeezebar
