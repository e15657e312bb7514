// SPDX-License-Identifier: Apache-2.0
// Parses arbitrary bytes as a .npy file. What is accepted must have exactly the data that its header claims,
// and must be refused when a byte is missing.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "sim/workload/npy.h"

using namespace squeezebar;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::vector<char> bytes(data, data + size);
  NpyArray array;
  if (!parse_npy(bytes, array).empty()) return 0;
  if (array.size() < 0 ||
      array.data.size() != static_cast<std::size_t>(array.size()) * dtype_size(array.dtype))
    std::abort();
  if (array.dtype != DType::float64 &&
      array.as<std::int64_t>().size() != static_cast<std::size_t>(array.size()))
    std::abort();
  if (array.as<double>().size() != static_cast<std::size_t>(array.size())) std::abort();
  NpyArray cut;
  if (!array.data.empty() && parse_npy(std::span(bytes).first(bytes.size() - 1), cut).empty()) std::abort();
  return 0;
}
