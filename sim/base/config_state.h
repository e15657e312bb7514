// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "sim/base/config.h"

namespace squeezebar {

/// One section of a loaded config.
struct SectionState {
  const SectionInfo* info = nullptr;
  Place place;
  std::map<std::string, Place, std::less<>>
      written;  ///< Where each written field (and `model`) has its value.
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
