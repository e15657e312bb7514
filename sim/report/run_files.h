// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// File of a run folder that holds what each row group did, where it was asked for.
inline constexpr const char* kValuesFile = "values.bin";

}  // namespace squeezebar
