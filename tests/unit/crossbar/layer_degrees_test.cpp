// SPDX-License-Identifier: Apache-2.0
#include "sim/engine/crossbar/mapping/layer_degrees.h"

#include <stdexcept>

#include "tests/catch.h"

namespace squeezebar::test {
namespace {

std::string fault(const char* text) {
  try {
    const LayerDegrees parsed(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "";
}

TEST_CASE("squeeze degrees by layer are read from text") {
  const LayerDegrees degrees(" conv1=2, block/a=b = 15 ,fc=0");
  CHECK(degrees.of("conv1", 1) == 2);
  CHECK(degrees.of("block/a=b", 1) == 15);
  CHECK(degrees.of("fc", 1) == 0);
  CHECK(degrees.of("other", 1) == 1);
  CHECK(LayerDegrees("").degrees().empty());
  CHECK(LayerDegrees("  ").degrees().empty());
}

TEST_CASE("text that is no list of layer degrees is refused with what is wrong") {
  CHECK(fault("conv1") == "'conv1' is not like layer=degree");
  CHECK(fault("=1") == "'=1' is not like layer=degree");
  CHECK(fault("a=1,") == "'' is not like layer=degree");
  CHECK(fault(",") == "'' is not like layer=degree");
  CHECK(fault("a=1,a=2") == "layer 'a' is given twice");
  for (const char* text : {"a=", "a=x", "a=1.5", "a=-1", "a=16", "a=99999999999", "a=1 2", "a=+1"})
    CHECK(fault(text).find("is no squeeze degree") != std::string::npos);
}

}  // namespace
}  // namespace squeezebar::test
