// SPDX-License-Identifier: Apache-2.0
#include "sim/run/trace_params.h"

#include <utility>

#include <fmt/format.h>

#include "sim/base/config.h"

namespace squeezebar {
namespace {

/// A field that says what is written beside the results: it changes none of them.
template <class T>
FieldOptions<T> beside_results(T def, std::string doc) {
  return {.def = std::move(def),
          .doc = std::move(doc),
          .affects = Affects::accounting,
          .hashed = false,
          .recorded = false};
}

/// A point of simulated time. The kernel counts femtoseconds, of which 1000 s are far from too many.
FieldOptions<Time> moment(std::string doc) {
  FieldOptions<Time> out = beside_results(Time(0.0), std::move(doc));
  out.min = 0;
  out.max = 1000_s;
  return out;
}

std::string window_fault(const TraceParams& p) {
  if (p.to.si() == 0 || p.from < p.to) return {};
  return fmt::format("the window is empty: it begins at trace.from, {}", format_quantity(p.from));
}

Schema<TraceParams> trace_schema() {
  using Names = std::vector<std::string>;
  FieldOptions<std::int64_t> events = beside_results<std::int64_t>(
      1'000'000, "Most events of the timeline, and most changes in the waveforms; the rest is left out.");
  events.min = 1;
  events.max = 1e9;
  Schema<TraceParams> s("What is written of a run's course in time; it changes no result.");
  s.field("timeline", &TraceParams::timeline,
          beside_results(false, "Also write trace.json, a timeline for Perfetto and chrome://tracing."))
      .field("layers", &TraceParams::layers,
             beside_results(Names{}, "Layers that the timeline shows; empty: all."))
      .field("vcd", &TraceParams::vcd,
             beside_results(Names{},
                            "Also write waves.vcd, the waveforms of these layers, or of single row groups "
                            "written as layer.row_group_0_0 (row group, replica)."))
      .field("from", &TraceParams::from, moment("Simulated time from which on events are written."))
      .field("to", &TraceParams::to,
             moment("Simulated time up to which events are written; 0 s: to the end of the run."))
      .field("events", &TraceParams::events, events)
      .rule("to", [](const TraceParams& p) { return window_fault(p); });
  return s;
}

const RegisterSection<TraceParams> section{"trace", trace_schema()};

}  // namespace
}  // namespace squeezebar
