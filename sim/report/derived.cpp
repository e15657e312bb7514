// SPDX-License-Identifier: Apache-2.0
#include "sim/report/derived.h"

#include <cmath>

namespace squeezebar {
namespace {

std::optional<double> quotient(double a, std::optional<double> b) {
  if (!b) return std::nullopt;
  const double value = a / *b;
  if (!std::isfinite(value)) return std::nullopt;
  return value;
}

}  // namespace

Derived derive(const RunResult& result) {
  Derived out;
  const double tera_ops = static_cast<double>(result.ops) / 1e12;
  out.tops = quotient(tera_ops, result.latency_s);
  if (out.tops) out.tops_per_mm2 = quotient(*out.tops, result.area_mm2);
  if (result.energy_j) {
    out.power_w = quotient(*result.energy_j, result.latency_s);
    out.tops_per_w = quotient(tera_ops, result.energy_j);
    out.energy_per_image_j = quotient(*result.energy_j, static_cast<double>(result.images));
  }
  if (result.run_cycles)
    out.run_length_s = quotient(static_cast<double>(*result.run_cycles), result.clock_hz);
  for (const ComponentEnergy& part : result.energy) {
    out.dynamic_j += part.dynamic_j;
    out.static_j += part.static_j;
  }
  for (const LayerResult& layer : result.layers) {
    out.cycles.busy += layer.cycles.busy;
    out.cycles.idle += layer.cycles.idle;
    out.cycles.stall_input += layer.cycles.stall_input;
    out.cycles.stall_partial_sum += layer.cycles.stall_partial_sum;
    out.cycles.stall_output += layer.cycles.stall_output;
  }
  return out;
}

}  // namespace squeezebar
