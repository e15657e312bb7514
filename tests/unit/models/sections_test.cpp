// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include "models/crossbar/crossbar.h"
#include "models/dac/dac.h"
#include "sim/base/actions.h"
#include "sim/base/config.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

const char* const kChip = R"(version: 1
technology: {node: 32 nm}
chip: {clock: 1 GHz, tiles: 2}
chip_link: {count: 0, static_power: 0 W, area: 0 mm2}
tile: {elements: 3}
element: {crossbars: 4}
crossbar: {rows: 128, columns: 128, read_time: 100 ns, energy_per_read: 30 pJ, area: 25 um2}
cell: {model: ideal, bits: 2}
dac: {bits: 1, energy_per_drive: 0.4 pJ, area: 1 um2}
sample_hold: {energy_per_sample: 1 fJ, area: 1 um2}
mux: {per_crossbar: 1, energy_per_sample: 0 J, area: 0 um2}
adc: {model: isaac, bits: 8, rate: 1.28 GHz}
sense_amplifier: {energy_per_decision: 1.63 fJ, area: 1 um2}
shift_add: {per_element: 4, energy_per_op: 20 fJ, area: 60 um2}
splice: {per_element: 0, energy_per_add: 0 J, area: 0 um2}
input_register: {per_element: 1, energy_per_byte: 0.5 pJ, area: 1 um2}
output_register: {per_element: 1, energy_per_byte: 0.5 pJ, area: 1 um2}
row_pipeline: {fetch_stages: 1, drain_stages: 1, reduce_stages: 1, vector_stages: 1, write_stages: 1}
reducer: {per_tile: 1, energy_per_add: 50 fJ, area: 1 um2}
activation: {per_tile: 1, energy_per_op: 50 fJ, area: 1 um2}
pool: {per_tile: 1, energy_per_op: 50 fJ, area: 1 um2}
vector_unit: {lanes: 1}
buffer: {size: 64 KB, input_size: 32 KB, output_size: 32 KB, energy_per_byte: 2 pJ, area: 1 mm2}
bus: {energy_per_byte: 1 pJ, area: 1 mm2}
tile_register: {per_tile: 1, energy_per_byte: 1 pJ, area: 1 um2}
row_conversion: {per_element: 1, energy_per_word: 1 pJ, area: 1 um2}
zero_detect: {per_element: 1, energy_per_check: 1 pJ, area: 1 um2}
index_memory: {energy_per_bit: 1 pJ, area: 1 um2}
noc: {model: ideal, tiles_per_router: 4, energy_per_byte: 1 pJ, area: 1 mm2}
)";

/// The messages of loading kChip with overrides; empty if all is well.
std::string messages(const std::vector<std::string>& overrides) {
  const ReadFile read = [](const std::string&, const Place&, Diagnostics&) {
    return std::optional<std::string>(kChip);
  };
  Diagnostics diagnostics;
  load_config("chip.yaml", overrides, diagnostics, read);
  return diagnostics.text();
}

TEST_CASE("a chip with every section loads") { CHECK(messages({}).empty()); }

TEST_CASE("a column must not sum to more than 16 bits") {
  CHECK(messages({"crossbar.rows=1024", "cell.bits=3", "dac.bits=3"}).empty());
  CHECK_THAT(messages({"crossbar.rows=1024", "cell.bits=4", "dac.bits=4"}),
             ContainsSubstring("crossbar.rows: a column of 1024 cells of 4 bits"));
}

TEST_CASE("the parts of a buffer fit into it") {
  CHECK_THAT(messages({"buffer.input_size=33 KB"}), ContainsSubstring("together exceed size"));
}

TEST_CASE("an ADC needs a column and a cost") {
  CHECK_THAT(messages({"adc.per_crossbar=129"}), ContainsSubstring("adc.per_crossbar: more ADCs"));
  CHECK_THAT(messages({"adc.model=table", "adc.bits=12"}),
             ContainsSubstring("adc.bits: the ADC series 'MNSIM'"));
  CHECK(messages({"adc.model=table", "adc.bits=12", "adc.extrapolate=linear"}).empty());
  CHECK(messages({"adc.model=table", "adc.bits=12", "adc.resolution=lossless"}).empty());
}

TEST_CASE("a cost that is missing is an error") {
  for (const SectionInfo* section : config_sections()) {
    for (const FieldInfo& field : section->schema->fields()) {
      const bool price = field.dimension == Dimension::energy || field.dimension == Dimension::area;
      INFO(section->name << "." << field.name);
      CHECK((!price || field.required()));
      CHECK((!price || field.affects == Affects::accounting));
      CHECK((field.dimension != Dimension::power || field.affects == Affects::accounting));
    }
  }
}

TEST_CASE("every action belongs to a section with one energy") {
  for (const ActionInfo& action : kActions) {
    INFO(action.component);
    const SectionInfo* section = find_section(action.component);
    REQUIRE(section != nullptr);
    if (action.component == "adc") continue;  // its energy is the model's
    int energies = 0;
    for (const FieldInfo& field : section->schema->fields()) energies += field.dimension == Dimension::energy;
    CHECK(energies == 1);
  }
}

TEST_CASE("every field explains itself in one sentence") {
  for (const SectionInfo* section : config_sections()) {
    CHECK(section->summary().back() == '.');
    for (const FieldInfo& field : section->schema->fields()) {
      INFO(section->name << "." << field.name);
      REQUIRE_FALSE(field.doc.empty());
      CHECK(field.doc.back() == '.');
    }
  }
}

TEST_CASE("parameters reach their structs") {
  const ReadFile read = [](const std::string&, const Place&, Diagnostics&) {
    return std::optional<std::string>(kChip);
  };
  Diagnostics diagnostics;
  const Config config = load_config("chip.yaml", {"dac.charge=ones"}, diagnostics, read);
  REQUIRE(config.valid());
  CHECK(config.get<CrossbarParams>().energy == 30_pJ);
  CHECK(config.get<CrossbarParams>().power == 0_W);
  CHECK(config.get<DacParams>().charge == DacCharge::ones);
}

}  // namespace
}  // namespace squeezebar::test
