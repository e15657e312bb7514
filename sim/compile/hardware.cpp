// SPDX-License-Identifier: Apache-2.0
#include "sim/compile/hardware.h"

#include "sim/compile/place_layers.h"
#include "sim/engine/crossbar/adc/calibrated_steps.h"

namespace squeezebar {

Hardware build_hardware(const Config& config, const Network& network, const Calibration* calibration,
                        Diagnostics& diagnostics, bool timed) {
  const std::size_t errors_before = diagnostics.error_count();
  Hardware hardware{map_network(config, network, diagnostics), {}};
  hardware.places.resize(network.layers.size());
  if (diagnostics.error_count() != errors_before) return hardware;
  give_adcs(config, network, hardware, diagnostics);
  if (calibration != nullptr && diagnostics.error_count() == errors_before)
    take_calibrated_steps(config, *calibration, network, hardware, diagnostics);
  replicate_and_place(config, network, hardware, diagnostics, timed);
  if (hardware.geometry.signs == Signs::offset && config.variant<MappingScheme>().sliced()) {
    diagnostics.warning(config.place("mapping.signs"), "mapping.signs",
                        "offset turns zero weights into ones, so bit_sliced can leave no crossbar out");
  }
  return hardware;
}

}  // namespace squeezebar
