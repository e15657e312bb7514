// SPDX-License-Identifier: Apache-2.0
#include "sim/base/random_stream.h"

namespace squeezebar {
namespace {

/// FNV-1a, 64 bits.
std::uint64_t hash_of(std::string_view name) {
  std::uint64_t hash = 0xCBF29CE484222325;
  for (const char c : name) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3;
  return hash;
}

std::array<std::uint32_t, 2> words(std::uint64_t value) {
  return {static_cast<std::uint32_t>(value), static_cast<std::uint32_t>(value >> 32)};
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name)
    : key_(words(seed)), name_(words(hash_of(name))) {}

std::uint64_t combine_seeds(std::uint64_t first, std::uint64_t second) {
  const auto a = words(first);
  const auto b = words(second);
  const RandomBlock mixed = philox4x32({a[0], a[1], 0, 0}, b);
  return mixed[0] | std::uint64_t{mixed[1]} << 32;
}

}  // namespace squeezebar
