// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "sim/run/mapping_steps.h"
#include "sim/run/run.h"
#include "tests/catch.h"

// Crossbar counts of the networks in workloads/shapes.

namespace squeezebar::test {
namespace {

const std::string kSource = SQUEEZEBAR_SOURCE_DIR;

struct Counts {
  std::int64_t conventional = 0;
  std::int64_t dense_sliced = 0;
  std::int64_t allocated = 0;
};

/// Of the convolutions of CIFAR ResNet-18 in SME's study of counts.
Counts conv_counts(const std::vector<std::string>& more = {}) {
  Diagnostics diagnostics;
  const Job job = load_inputs(kSource + "/configs/papers/sme/resnet18_counts.yaml", more, diagnostics);
  REQUIRE(diagnostics.error_count() == 0);
  const MappingSteps counted = count_steps(job, diagnostics);
  Counts out;
  for (const CountedLayer& layer : counted.layers)
    if (layer.is_convolution) out.dense_sliced += layer.dense_sliced;
  for (const MappingStep& step : counted.steps) {
    const auto total = step.total(counted.layers, true);
    REQUIRE(total.has_value());
    if (step.name == "conventional") out.conventional = total->total();
    if (step.name == "configured") out.allocated = total->total();
  }
  return out;
}

TEST_CASE("CIFAR ResNet-18 needs SME's numbers of crossbars", "[validation]") {
  // SME (arXiv 2103.01705), figure 8: 5552 one-bit and 2776 two-bit arrays when every
  // bit plane is kept; all bits of a weight in adjacent columns take 5468 and 2734.
  const Counts one = conv_counts();
  CHECK(one.dense_sliced == 5552);
  CHECK(one.conventional == 5468);
  const Counts two = conv_counts({"cell.bits=2"});
  CHECK(two.dense_sliced == 2776);
  CHECK(two.conventional == 2734);
  // With t-distributed weights of 4 degrees of freedom, between the prototype's 3937 (3) and 4632 (5).
  CHECK(one.allocated == 4305);
}

}  // namespace
}  // namespace squeezebar::test
