// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// Lets SIGINT and SIGTERM set a flag; a second signal ends the process at once.
void install_interrupt_handler();

/// Whether an interrupt was requested since the start or the last clear.
bool interrupt_requested() noexcept;

/// Sets the flag as the signal would.
void request_interrupt() noexcept;
void clear_interrupt() noexcept;

/// Throws Interrupted (sim/base/diag.h) if the flag is set. Cheap enough for every wave.
void throw_if_interrupted();

}  // namespace squeezebar
