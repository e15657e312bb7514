// SPDX-License-Identifier: Apache-2.0
#include "tests/scenario/chip_bench.h"

#include <cstring>
#include <limits>
#include <stdexcept>
#include <systemc>
#include <type_traits>

#include <sys/wait.h>
#include <unistd.h>

#include "sim/base/diag.h"

namespace squeezebar::testing {
namespace {

// Plain bytes through a pipe: child and parent are the same program.
template <class T>
void put(std::string& out, const T& value) {
  static_assert(std::is_trivially_copyable_v<T>);
  out.append(reinterpret_cast<const char*>(&value), sizeof(T));
}

template <class T>
T get(const std::string& in, std::size_t& at) {
  static_assert(std::is_trivially_copyable_v<T>);
  T value;
  if (at + sizeof(T) > in.size()) throw std::runtime_error("the simulating child died");
  std::memcpy(&value, in.data() + at, sizeof(T));
  at += sizeof(T);
  return value;
}

/// Among the objects and below them.
std::size_t modules(const std::vector<sc_core::sc_object*>& objects) {
  std::size_t out = 0;
  for (const sc_core::sc_object* object : objects) {
    out += dynamic_cast<const sc_core::sc_module*>(object) != nullptr;
    out += modules(object->get_child_objects());
  }
  return out;
}

std::string run_in_child(const ChipPlan& plan, const Workload& workload, const Watch& watch) {
  std::string out;
  std::string error;
  ChipTiming timing;
  try {
    BenchSource source(workload);
    timing = simulate(plan, source, {}, watch);
  } catch (const RunError& failure) {
    error = failure.what();
  }
  put(out, error.size());
  out += error;
  put(out, timing.end);
  put(out, timing.image_ends.size());
  for (const Cycles end : timing.image_ends) put(out, end);
  put(out, timing.layers.size());
  for (const LayerTiming& layer : timing.layers) put(out, layer);
  put(out, timing.delta_cycles);
  put(out, modules(sc_core::sc_get_top_level_objects()));
  return out;
}

Outcome parse(const std::string& in) {
  Outcome out;
  std::size_t at = 0;
  const auto length = get<std::size_t>(in, at);
  out.error = in.substr(at, length);
  at += length;
  out.end = get<Cycles>(in, at);
  for (auto n = get<std::size_t>(in, at); n > 0; --n) out.image_ends.push_back(get<Cycles>(in, at));
  for (auto n = get<std::size_t>(in, at); n > 0; --n) out.layers.push_back(get<LayerTiming>(in, at));
  out.delta_cycles = get<std::uint64_t>(in, at);
  out.modules = get<std::size_t>(in, at);
  return out;
}

}  // namespace

BenchSource::BenchSource(Workload workload, Count per_step)
    : workload_(std::move(workload)),
      per_step_(per_step),
      one_(std::make_shared<const WorkLayout>(
          std::vector<Counter>{{"steps", std::numeric_limits<std::uint32_t>::max()},
                               {"per_step", std::numeric_limits<std::uint32_t>::max()}},
          1, 1)) {}

WaveWork BenchSource::take(int layer, int lane, std::int64_t wave) {
  const Count steps = workload_(layer, lane, wave);
  one_.set(kSteps, 0, 0, steps);
  one_.set(kSteps + 1, 0, 0, steps * per_step_);
  return {one_, 0, 0};
}

ChipBench::ChipBench() { plan.clock_period_fs = 1000000; }

void ChipBench::set_depth(int depth) {
  for (LayerPlan& layer : plan.layers) {
    for (LanePlan& lane : layer.engine.lanes) lane.depth = depth;
  }
}

int ChipBench::layer(const std::string& name, int waves, std::vector<Group> groups, Cycles fetch,
                     Cycles tail) {
  LayerPlan layer;
  layer.name = name;
  layer.waves = waves;
  layer.engine.fetch = fetch;
  layer.engine.tail = tail;
  layer.output_depth = 1000000;
  layer.interval = 0;  // no contention in the vector unit unless a test wants it
  for (const Group& group : groups) {
    LanePlan lane;
    lane.name = "row_group_" + std::to_string(layer.lanes());
    lane.row = "row group " + std::to_string(layer.lanes());
    lane.block = group.column_block;
    lane.stages = {{.steps = kSteps, .step = group.bit_cycle}};
    layer.engine.lanes.push_back(std::move(lane));
    layer.places.push_back({.replicas = group.replicas, .tiles = {}});
  }
  plan.layers.push_back(std::move(layer));
  plan.output_layer = static_cast<int>(plan.layers.size()) - 1;
  return plan.output_layer;
}

int ChipBench::vector_layer(const std::string& name, int waves, Cycles service) {
  const int index = layer(name, waves, {});
  plan.layers.back().service = service;
  return index;
}

int ChipBench::connect(int from, int to, int pixels, std::vector<int> needed, std::vector<int> released,
                       int depth) {
  EdgePlan edge;
  edge.from_layer = from;
  edge.to_layer = to;
  edge.pixels = pixels;
  edge.depth = depth;
  edge.needed = std::move(needed);
  edge.released = std::move(released);
  const int index = static_cast<int>(plan.edges.size());
  plan.edges.push_back(std::move(edge));
  plan.layers[static_cast<std::size_t>(to)].inputs.push_back(index);
  if (from >= 0) plan.layers[static_cast<std::size_t>(from)].outputs.push_back(index);
  return index;
}

int ChipBench::connect_elementwise(int from, int to, int pixels, int depth) {
  std::vector<int> each;
  for (int i = 1; i <= pixels; ++i) each.push_back(i);
  return connect(from, to, pixels, each, each, depth);
}

int ChipBench::connect_all(int from, int to, int pixels, int waves, int depth) {
  std::vector<int> released(static_cast<std::size_t>(waves), 0);
  released.back() = pixels;
  return connect(from, to, pixels, std::vector<int>(static_cast<std::size_t>(waves), pixels), released,
                 depth);
}

Outcome simulate_apart(const ChipPlan& plan, const Workload& workload, const Watch& watch) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no child process");
  if (child == 0) {
    close(ends[0]);
    const std::string out = run_in_child(plan, workload, watch);
    for (std::size_t at = 0; at < out.size();) {
      const ssize_t n = write(ends[1], out.data() + at, out.size() - at);
      if (n <= 0) break;
      at += static_cast<std::size_t>(n);
    }
    _exit(0);
  }
  close(ends[1]);
  std::string in;
  char buffer[4096];
  for (ssize_t n = 0; (n = read(ends[0], buffer, sizeof buffer)) > 0;)
    in.append(buffer, static_cast<std::size_t>(n));
  close(ends[0]);
  int status = 0;
  waitpid(child, &status, 0);
  return parse(in);
}

}  // namespace squeezebar::testing
