// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/config.h"

namespace squeezebar {

/// Where a value was written, and how late: see Config::layers.
struct WrittenValue {
  Place place;
  ValueLayers layers;
};

/// One section of a loaded config.
struct SectionState {
  const SectionInfo* info = nullptr;
  Place place;
  std::map<std::string, WrittenValue, std::less<>> written;  ///< Of each written field, and of `model`.
  std::vector<std::string> source;
  std::shared_ptr<void> params;
  std::string model;
  const RecordSchema* variant_schema = nullptr;
  std::shared_ptr<void> variant_params;
  std::shared_ptr<void> variant;  ///< Points to the interface.
};

struct Config::State {
  std::string file;
  std::map<std::string, SectionState, std::less<>> sections;
};

/// The rules over the whole config, in no particular order.
const std::vector<ConfigRule>& config_rules();

/// Throws std::logic_error if a variant declares a field that its section has already.
void check_declarations();

}  // namespace squeezebar
