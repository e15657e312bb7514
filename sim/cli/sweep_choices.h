// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/base/registry.h"
#include "sim/cli/explanation.h"

namespace squeezebar {

/// What a sweep chooses from, by name: "sweep.engine" with its engines and their options.
struct SweepChoice {
  std::string name;
  std::string about;  ///< one sentence
  const VariantTable* variants;
};

std::vector<SweepChoice> sweep_choices();

/// An explanation of "sweep", "sweep.engine", "sweep.engine.local" or "sweep.engine.local.jobs"; empty if it
/// is none of these.
Explanation explain_sweep_choice(const std::string& topic);

/// Every topic that explain_sweep_choice knows.
std::vector<std::string> sweep_choice_topics();

}  // namespace squeezebar
