// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <memory>
#include <string>

#include "sim/base/config.h"
#include "sim/engine/crossbar/adc/calibration.h"
#include "sim/engine/crossbar/mapped_network.h"
#include "sim/workload/bundle.h"

namespace squeezebar {

/// Whether the config's ADC steps come from a calibration.
bool is_calibrated(const Config& config);

/// Every key on which the sums of a network's crossbars depend, with its value. Keys of ADCs are none of
/// them.
std::map<std::string, std::string> calibrated_keys(const Config& config, const Bundle& bundle);

/// The calibration that the config names, made for this network on these crossbars; else null, and why in
/// `diagnostics`.
std::shared_ptr<const Calibration> load_calibration(const Config& config, const Bundle& bundle,
                                                    Diagnostics& diagnostics);
/// Whether a calibration was made for this network on these crossbars; why not goes to `diagnostics`.
bool check_calibration(const Config& config, const Bundle& bundle, const Calibration& calibration,
                       Diagnostics& diagnostics);
/// The folder that the config names, read; null, and why in `diagnostics`, if there is none.
std::shared_ptr<const Calibration> read_named_calibration(const Config& config, Diagnostics& diagnostics);

/// Gives the ADCs of every crossbar whose sums are known the step that they lead to; those of others keep
/// the step of the full range.
void take_calibrated_steps(const Config& config, const Calibration& calibration, const Network& network,
                           MappedNetwork& mapped, Diagnostics& diagnostics);

}  // namespace squeezebar
