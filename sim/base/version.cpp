// SPDX-License-Identifier: Apache-2.0
#include "sim/base/version.h"

namespace squeezebar {

std::string tool_version() { return SQUEEZEBAR_VERSION; }

}  // namespace squeezebar
