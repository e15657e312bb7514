// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "sim/engine/crossbar/kernels/crossbar_layer.h"
#include "sim/engine/crossbar/mapped_network.h"
#include "sim/terms/work.h"

namespace squeezebar {

/// Values and work of one layer on its crossbars, wave by wave. Immutable, so that many threads may use it at
/// once.
class CrossbarProgram {
 public:
  /// Of the layer with this number; the layer's own record must outlive this.
  CrossbarProgram(const Layer& layer, const Quantisation& input, std::shared_ptr<const MappedNetwork> mapped,
                  std::size_t index);

  /// What the waves of an image share: the input with its padding.
  [[nodiscard]] std::vector<std::uint16_t> prepare(const FeatureMap& in) const { return crossbars_.pad(in); }
  /// Waves [first, last): writes their output codes and their work.
  void run(const std::vector<std::uint16_t>& prepared, int first, int last, FeatureMap& out,
           WorkTable& work) const;
  [[nodiscard]] const std::shared_ptr<const WorkLayout>& layout() const { return layout_; }
  /// Whether the outputs are those of the integer reference: every weight as it is, steps of one and no
  /// clipped conversion.
  [[nodiscard]] bool exact(const WorkTable& work) const;

 private:
  std::shared_ptr<const WorkLayout> layout_;
  bool operation_units_;
  bool exact_unless_clipped_;
  CrossbarLayer crossbars_;
};

}  // namespace squeezebar
