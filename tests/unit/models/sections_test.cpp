// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <string>

#include "models/crossbar/crossbar.h"
#include "models/dac/dac.h"
#include "sim/base/config.h"
#include "sim/terms/actions.h"
#include "sim/terms/cost_rule.h"
#include "tests/catch.h"

namespace squeezebar::test {
namespace {

const char* const kChip = R"(version: 1
technology: {node: 32 nm}
chip: {clock: 1 GHz, tiles: 2}
chip_link: {count: 0, static_power: 0 W, area: 0 mm2}
tile: {elements: 3}
element: {crossbars: 4}
crossbar: {rows: 128, columns: 128, read_time: 100 ns, energy_per_read: 30 pJ, area: 25 um2,
  cost_rows: 128, cost_columns: 128}
cell: {model: ideal, bits: 2}
dac: {bits: 1, energy_per_drive: 0.4 pJ, area: 1 um2}
sample_hold: {energy_per_sample: 1 fJ, area: 1 um2}
mux: {per_crossbar: 1, energy_per_sample: 0 J, area: 0 um2, cost_columns: 128}
adc: {model: isaac, bits: 8, rate: 1.28 GHz}
sense_amplifier: {energy_per_decision: 1.63 fJ, area: 1 um2}
shift_add: {per_element: 4, energy_per_op: 20 fJ, area: 60 um2}
splice: {per_element: 0, energy_per_add: 0 J, area: 0 um2}
input_register: {per_element: 1, size: 2 KB, energy_per_byte: 0.5 pJ, area: 1 um2, cost_size: 2 KB}
output_register: {per_element: 1, size: 256 B, energy_per_byte: 0.5 pJ, area: 1 um2, cost_size: 256 B}
row_pipeline: {fetch_stages: 1, drain_stages: 1, reduce_stages: 1, vector_stages: 1, write_stages: 1}
reducer: {per_tile: 1, energy_per_add: 50 fJ, area: 1 um2}
activation: {per_tile: 1, energy_per_op: 50 fJ, area: 1 um2}
pool: {per_tile: 1, energy_per_op: 50 fJ, area: 1 um2}
vector_unit: {lanes: 1}
buffer: {size: 64 KB, input_size: 32 KB, output_size: 32 KB, energy_per_byte: 2 pJ, area: 1 mm2,
  cost_size: 64 KB}
bus: {energy_per_byte: 1 pJ, area: 1 mm2}
tile_register: {per_tile: 1, size: 3 KB, energy_per_byte: 1 pJ, area: 1 um2, cost_size: 3 KB}
row_conversion: {per_element: 1, energy_per_word: 1 pJ, area: 1 um2}
zero_detect: {per_element: 1, energy_per_check: 1 pJ, area: 1 um2, cost_rows: 128}
index_memory: {energy_per_bit: 1 pJ, area: 1 um2}
noc: {model: ideal, tiles_per_router: 4, flit_width: 32, energy_per_byte: 1 pJ, area: 1 mm2,
  cost_ports: 8, cost_flit_width: 32}
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

TEST_CASE("a price says how it follows its size, and the size that it holds for is required") {
  for (const SectionInfo* section : config_sections()) {
    const CostRule* rule = find_cost_rule(section->name);
    INFO(section->name);
    // An ADC's price is its model's; links draw constant power.
    const bool has_price = section->schema->find("area") != nullptr && section->name != "chip_link";
    CHECK((rule != nullptr) == has_price);
    if (rule == nullptr) continue;
    CHECK(section->schema->find("cost_node") != nullptr);
    CHECK(rule->sentence().back() == '.');
    CHECK((!rule->sizes.empty()) == (!rule->sized_keys().empty()));
    CHECK((rule->sizes.empty() || !rule->source.empty()));
    for (const PricedProperty& size : rule->sizes) {
      INFO(size.key);
      const FieldInfo* field = section->schema->find(size.key.substr(size.key.find('.') + 1));
      REQUIRE(field != nullptr);
      CHECK(field->required());
      CHECK(field->affects == Affects::accounting);
    }
  }
}

TEST_CASE("a price that is laid over another says for which size it holds") {
  // At the size of the price below it goes without saying; elsewhere it does not.
  CHECK(messages({"crossbar.area=30 um2"}).empty());
  CHECK_THAT(messages({"crossbar.area=30 um2", "crossbar.rows=64"}),
             ContainsSubstring("crossbar.area: does not say for which size it holds"));
  CHECK_THAT(messages({"crossbar.area=30 um2", "crossbar.columns=64", "crossbar.cost_rows=128"}),
             ContainsSubstring("state crossbar.cost_rows and crossbar.cost_columns beside it"));
  CHECK(messages({"crossbar.area=30 um2", "crossbar.rows=64", "crossbar.cost_rows=128",
                  "crossbar.cost_columns=128"})
            .empty());
  CHECK(messages({"crossbar.area=0 um2", "crossbar.leakage=0 W", "crossbar.rows=64"}).empty());
  CHECK(messages({"crossbar.area=25 um2", "crossbar.rows=64"}).empty());  // what stands below, said again
  CHECK(messages({"buffer.energy_per_byte=3 pJ", "buffer.size=128 KB"}).empty());  // follows no size
}

TEST_CASE("a size that is laid over a price is taken for the price's with a warning") {
  CHECK_THAT(
      messages({"crossbar.cost_rows=64"}),
      ContainsSubstring("crossbar.energy_per_read and crossbar.area, given elsewhere for another size, "
                        "are now taken to hold for 64"));
  CHECK(messages({"crossbar.cost_rows=64", "crossbar.cost_columns=64", "crossbar.energy_per_read=8 pJ",
                  "crossbar.area=6 um2"})
            .empty());
}

TEST_CASE("every action belongs to a section with one energy") {
  for (const ActionInfo& action : actions()) {
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
