// SPDX-License-Identifier: Apache-2.0
#include <string>
#include <vector>

#include "sim/run/mapping_steps.h"
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

/// Of the convolutions of a network on SME's crossbars, counting one array per pair.
Counts conv_counts(const std::string& workload, std::vector<std::string> more = {}) {
  more.push_back("workload.bundle=" + kSource + "/workloads/shapes/" + workload);
  more.emplace_back("mapping.signs=magnitude");
  Counts out;
  Diagnostics diagnostics;
  const Job job = load_inputs(kSource + "/configs/examples/digits_sme.yaml", more, diagnostics);
  REQUIRE(diagnostics.error_count() == 0);
  const MappingSteps counted = count_steps(job, diagnostics);
  REQUIRE(diagnostics.error_count() == 0);
  const auto conv = [&](const MappingStep& step) { return step.total(counted.layers, true).value().total(); };
  out.conventional = conv(counted.steps.front());
  out.allocated = conv(counted.steps.back());
  for (const CountedLayer& layer : counted.layers)
    out.dense_sliced += layer.is_convolution ? layer.dense_sliced : 0;
  return out;
}

TEST_CASE("CIFAR ResNet-18 needs SME's numbers of crossbars", "[validation]") {
  // papers: SME (arXiv 2103.01705), figure 8 and section III: 5552 one-bit and 2776 two-bit arrays when every
  // bit plane is kept; all bits of a weight in adjacent columns take 5468 and 2734.
  const Counts one = conv_counts("resnet18_cifar");
  CHECK(one.dense_sliced == 5552);
  CHECK(one.conventional == 5468);
  const Counts two = conv_counts("resnet18_cifar", {"cell.bits=2"});
  CHECK(two.dense_sliced == 2776);
  CHECK(two.conventional == 2734);
  // With t-distributed weights of 4 degrees of freedom, between the prototype's 3937 (3) and 4632 (5).
  CHECK(one.allocated == 4305);
}

}  // namespace
}  // namespace squeezebar::test
