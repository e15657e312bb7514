// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace squeezebar {

/// Parameters common to all cell models.
struct CellParams {
  int bits = 1;
};

/// What a memory cell does to the level that is written into it. A variant registers itself in
/// Registry<CellModel>.
class CellModel {
 public:
  virtual ~CellModel() = default;

  /// Names the device physics in reports: "ideal" when a cell reads back exactly the level written.
  virtual std::string devices() const = 0;
};

}  // namespace squeezebar
