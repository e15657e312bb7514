// SPDX-License-Identifier: Apache-2.0
#include "sim/report/host_json.h"

#include <nlohmann/json.hpp>

namespace squeezebar {

std::string host_json(const HostFacts& host) {
  using Json = nlohmann::ordered_json;
  const Json out = {{"wall_s", host.wall_s},
                    {"simulation_s", host.simulation_s},
                    {"peak_memory_bytes", host.peak_memory_bytes},
                    {"cpu", host.cpu},
                    {"threads", host.threads},
                    {"kernel_variant", host.kernel_variant},
                    {"delta_cycles", host.delta_cycles},
                    {"reused", host.reused}};
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

}  // namespace squeezebar
