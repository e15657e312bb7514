// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "sim/base/config.h"
#include "sim/base/yaml.h"
#include "sim/sweep/axis_value.h"
#include "sim/sweep/interval.h"

namespace squeezebar {

/// One dimension of a grid.
struct Axis {
  std::vector<std::string> columns;  ///< "adc.bits", or a name of the user's; several where keys go together
  Place place;
  std::vector<AxisValue> values;
};

/// A key that is sampled between two bounds, or among values.
struct SampledAxis {
  std::string name;
  Place place;
  std::vector<AxisValue> values;     ///< one of these, each as likely
  std::optional<Interval> interval;  ///< or any number of it
};

/// Points drawn in place of, or across, the grid.
struct SampleSpec {
  std::string method;  ///< name in Registry<Sampler>
  int points = 0;
  std::uint64_t seed = 1;
  std::vector<SampledAxis> axes;
};

/// Points to leave out: those that have all of these.
struct Exclusion {
  Place place;
  std::vector<std::pair<std::string, std::string>> values;  ///< name of an axis, label on it
};

/// What a sweep runs (docs/reference/sweep.md has the format).
struct SweepSpec {
  std::string file;
  std::string base;  ///< a config, "file.yaml" or "file.yaml#variant", relative to the current folder
  Place base_place;
  std::vector<ConfigOverride> fixed;  ///< of every point
  std::vector<Axis> axes;
  SampleSpec sample;  ///< no points: none
  std::vector<Exclusion> exclude;
  int replicates = 1;  ///< each point with run.seed, run.seed + 1, ...
};

/// Reads a spec. Everything wrong with its form goes to `diagnostics`; whether the values suit the config is
/// for the plan to say.
SweepSpec read_sweep_spec(const std::string& file, Diagnostics& diagnostics);
/// The same of a text; `file` names it in messages, and paths are relative to its folder.
SweepSpec parse_sweep_spec(std::string_view text, const std::string& file, Diagnostics& diagnostics);

}  // namespace squeezebar
