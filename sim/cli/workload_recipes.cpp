// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/workload_recipes.h"

#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "sim/base/children.h"

namespace squeezebar {

void build_workloads(const std::vector<MissingWorkload>& missing, const Console& console) {
  std::set<std::string> done;
  for (const MissingWorkload& one : missing) {
    if (done.insert(one.recipe).second) {
      console.note("running " + one.recipe);
      if (run_child({"/bin/sh", "-c", "{ " + one.recipe + "; } >&2"}) != 0)
        throw RunError(fmt::format("the recipe '{}' failed; see its message above", one.recipe));
    }
    if (!std::filesystem::exists(one.bundle))
      throw RunError(fmt::format("the recipe '{}' did not make '{}'", one.recipe, one.bundle));
  }
}

}  // namespace squeezebar
