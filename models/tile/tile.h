// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

struct TileParams {
  int elements = 0;
};

}  // namespace squeezebar
