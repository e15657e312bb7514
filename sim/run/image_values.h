// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <vector>

#include "sim/terms/work.h"
#include "sim/workload/bundle.h"

namespace squeezebar {

/// What one image did: values are known before time is.
struct ImageValues {
  std::vector<WorkTable> work;  ///< [layer]; without lanes in the vector unit
  FeatureMap output;            ///< empty if the values come from a file
  int top1 = 0;
  int reference_top1 = 0;
  double signal = 0.0;  ///< sum of squares of the reference output
  double noise = 0.0;   ///< sum of squared differences from it
};

/// Where the values of images come from.
class ValueSource {
 public:
  virtual ~ValueSource() = default;
  /// Images [first, last), in order, on up to `threads` threads. Called by one thread at a time. Throws
  /// RunError.
  [[nodiscard]] virtual std::vector<ImageValues> values(int first, int last, int threads) = 0;
};

}  // namespace squeezebar
