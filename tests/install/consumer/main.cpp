// SPDX-License-Identifier: Apache-2.0
// Uses one inline and one compiled part of the installed library: a unit's value and its reader.
#include <cstdlib>
#include <iostream>

#include "sim/base/units.h"

int main() {
  const auto read_time = squeezebar::quantity<squeezebar::Time>("100 ns");
  std::cout << "crossbar read time in seconds: " << read_time.si() << '\n';
  return read_time.si() == 1e-7 ? EXIT_SUCCESS : EXIT_FAILURE;
}
