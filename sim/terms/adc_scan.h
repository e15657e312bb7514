// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace squeezebar {

/// Which columns of an allocated crossbar are converted in each bit-cycle: every physical column, those that
/// hold a digit of a weight, or those with a non-zero cell.
enum class AdcScan { all, mapped, occupied };

}  // namespace squeezebar
