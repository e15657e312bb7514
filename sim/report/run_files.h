// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// File of a run folder that holds what each row group did, where it was asked for.
inline constexpr const char* kValuesFile = "values.bin";
/// How this machine executed the run; in no list of files, because it differs from run to run.
inline constexpr const char* kHostFile = "host.json";
/// Files of a run folder that are written while the run goes.
inline constexpr const char* kTimelineFile = "trace.json";
inline constexpr const char* kWaveformsFile = "waves.vcd";
/// Its folder of the network's outputs.
inline constexpr const char* kOutputsFolder = "outputs";

}  // namespace squeezebar
