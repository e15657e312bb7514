// SPDX-License-Identifier: Apache-2.0
#include "models/row_pipeline/row_pipeline.h"

#include <utility>

#include "sim/base/config.h"

namespace squeezebar {
namespace {

FieldOptions<int> stages(std::string doc) {
  return {.min = 0, .max = 1000, .doc = std::move(doc), .affects = Affects::timing};
}

Schema<RowPipelineParams> schema() {
  return Schema<RowPipelineParams>(
             "The pipeline that streams waves through row groups; a stage lasts one bit-cycle.")
      .field("fetch_stages", &RowPipelineParams::fetch_stages,
             stages("Stages from the tile buffer into the input register, before the first bit-cycle."))
      .field("drain_stages", &RowPipelineParams::drain_stages,
             stages("Stages in which the samples of the last bit-cycle are converted."))
      .field("reduce_stages", &RowPipelineParams::reduce_stages,
             stages("Stages that add the partial sums of the row groups."))
      .field("vector_stages", &RowPipelineParams::vector_stages,
             stages("Stages of bias, requantisation, activation and pooling."))
      .field("write_stages", &RowPipelineParams::write_stages,
             stages("Stages that write a result to the output buffer."))
      .field("partial_sum_depth", &RowPipelineParams::partial_sum_depth,
             {.def = 4,
              .min = 1,
              .max = 65536,
              .doc = "Finished waves that a row group may hold until the other groups of its column block "
                     "deliver theirs.",
              .affects = Affects::timing})
      .field("input_zero_skip", &RowPipelineParams::input_zero_skip,
             {.def = false,
              .doc = "Skip the bit-cycles of a wave in which no word line of the row group is driven."});
}

const RegisterSection<RowPipelineParams> section{"row_pipeline", schema()};

}  // namespace
}  // namespace squeezebar
