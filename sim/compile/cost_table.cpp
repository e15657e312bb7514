// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/cost_table.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

#include "models/activation/activation.h"
#include "models/adc/adc.h"
#include "models/buffer/buffer.h"
#include "models/bus/bus.h"
#include "models/cell/cell.h"
#include "models/chip/chip.h"
#include "models/chip_link/chip_link.h"
#include "models/crossbar/crossbar.h"
#include "models/dac/dac.h"
#include "models/element/element.h"
#include "models/index_memory/index_memory.h"
#include "models/input_register/input_register.h"
#include "models/mux/mux.h"
#include "models/noc/noc.h"
#include "models/output_register/output_register.h"
#include "models/pool/pool.h"
#include "models/reducer/reducer.h"
#include "models/row_conversion/row_conversion.h"
#include "models/row_pipeline/row_pipeline.h"
#include "models/sample_hold/sample_hold.h"
#include "models/shift_add/shift_add.h"
#include "models/splice/splice.h"
#include "models/technology/technology.h"
#include "models/tile/tile.h"
#include "models/tile_register/tile_register.h"
#include "models/zero_detect/zero_detect.h"
#include "sim/compile/hardware.h"
#include "sim/engine/crossbar/adc/converter_cost.h"
#include "sim/terms/cost_rule.h"

namespace squeezebar {
namespace {

ActionId action_of(std::string_view component) {
  for (const ActionInfo& action : actions()) {
    if (action.component == component) return action_id(component, action.name);
  }
  throw std::logic_error("component '" + std::string(component) + "' has no action");
}

int ceil_div(int a, int b) { return (a + b - 1) / b; }

/// Reading an operation unit takes its share of the cells of a whole crossbar's read.
ComponentCost crossbar_cost(const Config& config) {
  const auto& crossbar = config.get<CrossbarParams>();
  ComponentCost cost = sized_cost(config, "crossbar");
  if (const auto unit = config.variant<MappingScheme>().operation_unit()) {
    cost.energy = cost.energy * (static_cast<double>(unit->rows) * unit->columns /
                                 (static_cast<double>(crossbar.rows) * crossbar.columns));
  }
  return cost;
}

double crossbars_of(const Config& config) {
  return static_cast<double>(config.get<ChipParams>().tiles) * config.get<TileParams>().elements *
         config.get<ElementParams>().crossbars;
}

void add_share(const ComponentCost& cost, double share, ComponentCost& sum) {
  sum.energy = sum.energy + cost.energy * share;
  sum.power = sum.power + cost.power * share;
  sum.leakage = sum.leakage + cost.leakage * share;
  sum.area = sum.area + cost.area * share;
}

AdcPrices configured_adc_prices(const Config& config, const AdcResolutions& adcs) {
  try {
    return adc_prices(config, config.variant<AdcModel>(), adcs);
  } catch (const std::invalid_argument& error) {
    throw UserError(config.place("adc.model"), "adc.model", error.what());
  }
}

/// What to do where the leakage of a component is too much.
std::string leakage_advice(const std::string& name, Level level) {
  const std::string tiles =
      level == Level::chip ? "" : "idle tiles leak too, so give chip.tiles what the network needs; ";
  return tiles + "what leaks is in the section " + name;
}

/// Adds components of one chip to its table.
class Builder {
 public:
  explicit Builder(const Config& config) : config_(config) {
    table_.tiles = config.get<ChipParams>().tiles;
    table_.elements = table_.tiles * config.get<TileParams>().elements;
    table_.crossbars = table_.elements * config.get<ElementParams>().crossbars;
  }

  /// `per_unit` instances in each unit of `level`, of a section.
  void add(const char* name, Level level, double per_unit) {
    add(name, level, per_unit, sized_cost(config_, name));
  }
  void add(const char* name, Level level, double per_unit, const ComponentCost& cost) {
    put(name, level, table_.units(level) * per_unit, cost);
  }

  void add_routers() {
    const int routers = config_.get<NocParams>().routers(config_.get<ChipParams>().tiles);
    put("noc", Level::tile, routers, sized_cost(config_, "noc"));
  }

  void add_adc(const AdcResolutions& adcs) {
    AdcPrices prices = configured_adc_prices(config_, adcs);
    add("adc", Level::crossbar, config_.get<AdcParams>().per_crossbar, prices.each);
    table_.at("adc").energy_by_size = std::move(prices.per_conversion);
  }

  void add_chip_link() {
    const ChipLinkParams& links = config_.get<ChipLinkParams>();
    PricedComponent component;
    component.name = "chip_link";
    component.instances = static_cast<double>(links.count);
    component.cost.area = links.area;
    component.static_power = links.static_power;
    component.less_constant_power =
        "if one chip holds the network, leave out its links to other chips (chip_link.count: 0, as in "
        "configs/chip/isaac_single.yaml)";
    table_.components.push_back(std::move(component));
  }

  CostTable take() {
    check(table_);
    return std::move(table_);
  }

 private:
  void put(const char* name, Level level, double instances, const ComponentCost& cost) {
    table_.components.push_back(
        {name, level, instances, cost, {}, action_of(name), {}, leakage_advice(name, level)});
  }

  const Config& config_;
  CostTable table_;
};

}  // namespace

AdcPrices adc_prices(const Config& config, const AdcModel& model, const AdcResolutions& adcs) {
  AdcPrices out;
  const ComponentCost built = converter_cost(config, model, adcs.built).cost;
  out.per_conversion[adcs.built] = built.energy;
  out.extrapolated = built.extrapolated;
  const double all = crossbars_of(config);
  double rest = all;
  for (const auto& [bits, crossbars] : adcs.crossbars) {
    const ComponentCost cost = converter_cost(config, model, bits).cost;
    out.per_conversion[bits] = cost.energy;
    out.extrapolated = out.extrapolated || cost.extrapolated;
    if (config.get<AdcParams>().build != AdcBuild::own) continue;
    add_share(cost, static_cast<double>(crossbars) / all, out.each);
    rest -= static_cast<double>(crossbars);
  }
  if (rest == all) {
    out.each = built;
  } else {
    add_share(built, std::max(0.0, rest) / all, out.each);
  }
  out.each.node = built.node;
  return out;
}

CostTable cost_table(const Config& config, const AdcResolutions& adcs, const FittedParts& fitted) {
  const auto& crossbar = config.get<CrossbarParams>();
  Builder builder(config);
  builder.add("crossbar", Level::crossbar, 1, crossbar_cost(config));
  builder.add("dac", Level::crossbar, crossbar.rows);
  builder.add("sample_hold", Level::crossbar, crossbar.columns);
  builder.add("mux", Level::crossbar, config.get<MuxParams>().per_crossbar);
  builder.add_adc(adcs);
  builder.add("shift_add", Level::element, config.get<ShiftAddParams>().per_element);
  builder.add("splice", Level::element, config.get<SpliceParams>().per_element);
  builder.add("input_register", Level::element, config.get<InputRegisterParams>().per_element);
  builder.add("output_register", Level::element, config.get<OutputRegisterParams>().per_element);
  builder.add("reducer", Level::tile, config.get<ReducerParams>().per_tile);
  builder.add("activation", Level::tile, config.get<ActivationParams>().per_tile);
  builder.add("pool", Level::tile, config.get<PoolParams>().per_tile);
  builder.add("tile_register", Level::tile, config.get<TileRegisterParams>().per_tile);
  builder.add("buffer", Level::tile, 1);
  builder.add("bus", Level::tile, 1);
  builder.add_routers();
  builder.add_chip_link();
  builder.add("row_conversion", Level::element,
              fitted.row_conversion ? config.get<RowConversionParams>().per_element : 0);
  builder.add("zero_detect", Level::element,
              skips_zeros(config) ? config.get<ZeroDetectParams>().per_element : 0);
  builder.add("index_memory", Level::chip, static_cast<double>(fitted.index_bits));
  return builder.take();
}

std::vector<std::string> cost_notes(const Config& config, const CostTable& costs) {
  std::vector<UsedPrice> used;
  for (const PricedComponent& component : costs.components) {
    const ComponentCost& cost = component.cost;
    const bool costs_nothing = cost.energy.si() + cost.power.si() + cost.leakage.si() + cost.area.si() == 0;
    if (component.instances > 0 && !costs_nothing) used.push_back({component.name, cost});
  }
  return cost_notes(config, used, config.get<TechnologyParams>().node);
}

PeakMachine peak_machine(const Config& config, int adc_bits, bool bit_sliced, bool pairs) {
  const auto& crossbar = config.get<CrossbarParams>();
  const auto& adc = config.get<AdcParams>();
  const Frequency clock = config.get<ChipParams>().clock;
  const auto unit = config.variant<MappingScheme>().operation_unit();
  const int columns_per_adc = ceil_div(unit ? unit->columns : crossbar.columns, adc.per_crossbar);
  PeakMachine machine;
  machine.crossbars = crossbars_of(config);
  machine.rows = crossbar.rows;
  machine.columns = crossbar.columns;
  machine.cell_bits = config.get<CellParams>().bits;
  machine.dac_bits = config.get<DacParams>().bits;
  machine.weight_bits = config.get<PeakParams>().weight_bits;
  machine.activation_bits = config.get<PeakParams>().activation_bits;
  machine.bit_sliced = bit_sliced;
  machine.pairs = pairs;
  machine.bit_cycle = static_cast<double>(bit_cycle_time(crossbar.read_time, columns_per_adc,
                                                         conversion_rate(config, adc_bits), clock,
                                                         config.get<SampleHoldParams>().overlap)
                                              .length) /
                      clock;
  if (unit) {
    // A full crossbar is read unit by unit.
    const int mapped = crossbar.columns - crossbar.columns % ceil_div(machine.weight_bits, machine.cell_bits);
    const int units = ceil_div(crossbar.rows, unit->rows) * std::max(1, ceil_div(mapped, unit->columns));
    machine.bit_cycle = machine.bit_cycle * units;
  }
  return machine;
}

}  // namespace squeezebar
