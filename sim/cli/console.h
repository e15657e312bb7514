// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "sim/base/diag.h"

namespace squeezebar {

/// How the program talks to its user: results on stdout, everything else on stderr.
class Console {
 public:
  /// Looks for --color, --json, --quiet and --verbose anywhere in the arguments, so that even an error in the
  /// command line is told the way the user asked for.
  explicit Console(const std::vector<std::string>& arguments);

  bool json() const { return json_; }
  bool quiet() const { return quiet_; }
  bool verbose() const { return verbose_; }
  /// Whether a line that is redrawn may be shown.
  bool shows_progress() const;

  /// Writes to stdout; throws RunError when that fails (a full disk), and
  /// Interrupted. A closed pipe is no failure.
  void result(const std::string& text) const;
  /// A line on stderr, unless --quiet or --json.
  void note(const std::string& text) const;

  /// Every message in its place; with --json one object {"errors": [...], "exit_code": n}.
  void diagnostics(const Diagnostics& diagnostics, int exit_code) const;
  /// Warnings of input that is otherwise fine; not with --quiet.
  void warnings(const Diagnostics& diagnostics) const;
  /// One error that has no place.
  void error(const std::string& message, int exit_code) const;

 private:
  void print(const Diagnostics& diagnostics) const;

  bool json_ = false;
  bool quiet_ = false;
  bool verbose_ = false;
  bool color_ = false;
};

}  // namespace squeezebar
