// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <vector>

#include "sim/compile/hardware.h"
#include "sim/engine/crossbar/program.h"
#include "sim/run/image_values.h"

namespace squeezebar {

/// Computes the network bit for bit as the crossbars do. Pure.
class ValueEngine final : public ValueSource {
 public:
  /// Begins with the bundle's image `first_image`.
  ValueEngine(const Bundle& bundle, int first_image, const std::shared_ptr<const Hardware>& hardware);

  [[nodiscard]] std::vector<ImageValues> values(int first, int last, int threads) override;

 private:
  [[nodiscard]] ImageValues compute(int image) const;
  void compare_with_reference(int image, bool exact_so_far, ImageValues& out) const;

  /// Throws RunError if the bundle says otherwise.
  void check_expected(int image, const FeatureMap& reference) const;

  const Bundle& bundle_;
  int first_image_;
  std::vector<std::unique_ptr<CrossbarProgram>> layers_;  ///< null in the vector unit
};

}  // namespace squeezebar
