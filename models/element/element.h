// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

struct ElementParams {
  int crossbars = 0;
};

}  // namespace squeezebar
