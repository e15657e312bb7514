// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "sim/engine/crossbar/mapping/mapping.h"

namespace squeezebar {

/// Index storage of a layer that is read by operation units (OUs), over its dense layout: whether each (row,
/// column group) has a word line, and whether each block of OU size holds anything. 778 KB and 48 KB for
/// ResNet-50 with units of 16 x 16 (SRE, ISCA 2019, as SME, arXiv 2103.01705, figure 10 gives it).
IndexStorage operation_unit_index(const WeightMatrix& weights, const CrossbarGeometry& geometry,
                                  const OperationUnit& unit);

}  // namespace squeezebar
