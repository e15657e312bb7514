// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <optional>
#include <vector>

#include "sim/base/wave_activity.h"
#include "sim/numerics/crossbar_layer.h"
#include "sim/run/hardware.h"
#include "sim/workload/bundle.h"

namespace squeezebar {

/// What one image did: values are known before time is.
struct ImageValues {
  std::vector<std::vector<WaveActivity>> activity;  ///< [layer][row group * waves + wave]
  FeatureMap output;
  int top1 = 0;
  int reference_top1 = 0;
  double signal = 0.0;  ///< sum of squares of the reference output
  double noise = 0.0;   ///< sum of squared differences from it
};

/// Computes the network bit for bit as the crossbars do. Thread-safe and pure.
class ValueEngine {
 public:
  /// Takes the programmed arrays out of `hardware` (they are large).
  ValueEngine(const Bundle& bundle, Hardware& hardware);

  [[nodiscard]] ImageValues compute(int image) const;
  /// Images [first, last) on `threads` threads, in order.
  [[nodiscard]] std::vector<ImageValues> compute(int first, int last, int threads) const;

 private:
  void compare_with_reference(int image, bool exact_so_far, ImageValues& out) const;

  /// Throws RunError if the bundle says otherwise.
  void check_expected(int image, const FeatureMap& reference) const;

  const Bundle& bundle_;
  std::vector<std::unique_ptr<CrossbarLayer>> layers_;  ///< null in the vector unit
  bool unit_steps_ = true;                              ///< every ADC step is one
  bool exact_weights_ = true;                           ///< squeezing cut nothing off
};

}  // namespace squeezebar
