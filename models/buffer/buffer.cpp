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
  return Schema<BufferParams>("The memory of a tile for the feature maps that it reads and writes.")
      .field("size", &BufferParams::size, capacity("Capacity of one tile's buffer."))
      .field("input_size", &BufferParams::input_size, capacity("The part that holds inputs."))
      .field("output_size", &BufferParams::output_size,
             capacity("The part that holds results until they are sent on."))
      .rule("input_size", [](const BufferParams& p) {
        return p.input_size + p.output_size > p.size ? "input_size and output_size together exceed size"
                                                     : nullptr;
      });
}

const RegisterComponent<BufferParams> component{
    "buffer",
    schema(),
    {.energy_key = "energy_per_byte",
     .energy_doc = "Energy of writing or reading one byte.",
     .actions = {{"access", "one byte written to or read from a tile buffer"}},
     .sizes = {cost_property<BufferParams>(
         "cost_size", &BufferParams::cost_size,
         priced_capacity("Capacity for which area and leakage are given."), "buffer.size",
         [](const Config& config) { return config.get<BufferParams>().size.si(); })},
     .sized = {.leakage = true, .area = true},
     .source = "a bit more is a cell more; what is around the cells is taken to grow with them",
     .assumption = true}};

}  // namespace
}  // namespace squeezebar
