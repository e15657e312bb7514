// SPDX-License-Identifier: Apache-2.0
#include "models/buffer/buffer.h"

#include "models/cost_fields.h"
#include "sim/base/config.h"

namespace squeezebar {
namespace {

FieldOptions<Capacity> capacity(std::string doc) {
  return {.min = 1_B, .max = 1024_GB, .doc = std::move(doc), .affects = Affects::timing};
}

Schema<BufferParams> schema() {
  return with_cost(
      Schema<BufferParams>("The memory of a tile for the feature maps that it reads and writes.")
          .field("size", &BufferParams::size, capacity("Capacity of one tile's buffer."))
          .field("input_size", &BufferParams::input_size, capacity("The part that holds inputs."))
          .field("output_size", &BufferParams::output_size,
                 capacity("The part that holds results until they are sent on."))
          .rule("input_size",
                [](const BufferParams& p) {
                  return p.input_size + p.output_size > p.size
                             ? "input_size and output_size together exceed size"
                             : nullptr;
                }),
      "energy_per_byte", "Energy of writing or reading one byte.");
}

const RegisterSection<BufferParams> section{"buffer", schema()};

}  // namespace
}  // namespace squeezebar
