// SPDX-License-Identifier: Apache-2.0
#include <array>

#include "sim/engine/crossbar/mapping/mapping.h"
#include "sim/engine/crossbar/mapping/squeeze_bound.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

struct ConvShape {
  int inputs, outputs, kernel;
};

/// The 20 convolutions of ResNet-18 for CIFAR (3x3 stem, three 1x1 shortcuts).
constexpr std::array kResNet18{
    ConvShape{3, 64, 3},    ConvShape{64, 64, 3},   ConvShape{64, 64, 3},   ConvShape{64, 64, 3},
    ConvShape{64, 64, 3},   ConvShape{64, 128, 3},  ConvShape{128, 128, 3}, ConvShape{64, 128, 1},
    ConvShape{128, 128, 3}, ConvShape{128, 128, 3}, ConvShape{128, 256, 3}, ConvShape{256, 256, 3},
    ConvShape{128, 256, 1}, ConvShape{256, 256, 3}, ConvShape{256, 256, 3}, ConvShape{256, 512, 3},
    ConvShape{512, 512, 3}, ConvShape{256, 512, 1}, ConvShape{512, 512, 3}, ConvShape{512, 512, 3},
};

std::int64_t resnet18(const char* scheme, Signs signs, int magnitude_bits, int cell_bits) {
  const auto mapping = Registry<MappingScheme>::instance().create(scheme);
  CrossbarGeometry g;
  g.signs = signs;
  g.cell_bits = cell_bits;
  std::int64_t total = 0;
  for (const ConvShape& s : kResNet18) {
    total += mapping->dense_arrays({s.inputs * s.kernel * s.kernel, s.outputs, magnitude_bits, {}}, g);
  }
  return total;
}

TEST_CASE("ResNet-18 takes the crossbars that SME's table gives", "[validation]") {
  // SME (arXiv 2103.01705), Table II: 8-bit weights on 128x128 crossbars with cells of one and two bits.
  CHECK(resnet18("conventional", Signs::offset, 7, 1) == 5468);
  CHECK(resnet18("conventional", Signs::offset, 7, 2) == 2734);
  CHECK(resnet18("conventional", Signs::magnitude, 8, 1) == 5468);
  CHECK(resnet18("bit_sliced", Signs::magnitude, 8, 1) == 5552);
  CHECK(resnet18("bit_sliced", Signs::magnitude, 8, 2) == 2776);
  // A differential pair is two physical crossbars.
  CHECK(resnet18("bit_sliced", Signs::differential, 8, 1) == 2 * 5552);
}

TEST_CASE("squeezing pays up to the number of rows of SME's equation 3", "[validation]") {
  CHECK(most_squeezed_rows(128, 8, 8, 1) == 146);
  CHECK(most_squeezed_rows(128, 8, 8, 0) == 128);
  CHECK(most_squeezed_rows(128, 8, 8, 4) == 256);
  // ((Ma + D) A + Ma B) (Mw - D) <= K Mw Ma with A squeezed rows and B = K - A others.
  for (int k = 1; k <= 256; k += 17) {
    for (int ma = 1; ma <= 16; ma += 3) {
      for (int mw = 2; mw <= 16; ++mw) {
        for (int d = 1; d < mw; ++d) {
          const std::int64_t most = most_squeezed_rows(k, ma, mw, d);
          const auto pays = [&](std::int64_t a) {
            return ((ma + d) * a + ma * (k - a)) * (mw - d) <= std::int64_t{k} * mw * ma;
          };
          REQUIRE(pays(most));
          REQUIRE_FALSE(pays(most + 1));
        }
      }
    }
  }
}

TEST_CASE("weights never straddle two crossbars") {
  const auto mapping = Registry<MappingScheme>::instance().create("conventional");
  CrossbarGeometry g;
  g.signs = Signs::magnitude;
  g.columns = 20;
  // 7 cells a weight: 2 weights to a crossbar of 20 columns.
  CHECK(mapping->dense_arrays({128, 5, 7, {}}, g) == 3);
  CHECK(mapping->dense_arrays({129, 5, 7, {}}, g) == 6);
  g.cell_bits = 4;  // 2 cells a weight, 10 weights to a crossbar
  CHECK(mapping->dense_arrays({128, 5, 7, {}}, g) == 1);
}

TEST_CASE("scanned columns follow adc.scan") {
  ArrayFacts facts;
  facts.mapped_columns = 20;
  facts.occupied_columns = 3;
  CHECK(scanned_columns(facts, AdcScan::all, 128) == 128);
  CHECK(scanned_columns(facts, AdcScan::mapped, 128) == 20);
  CHECK(scanned_columns(facts, AdcScan::occupied, 128) == 3);
}

}  // namespace
}  // namespace squeezebar::test
