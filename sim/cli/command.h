// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

#include "sim/base/registry.h"
#include "sim/cli/console.h"

namespace squeezebar {

namespace po = boost::program_options;

/// A positional argument of a command: an option without dashes, found in the values under its name.
struct Argument {
  std::string name;  ///< In help texts: "CONFIG".
  bool required = true;
  bool repeated = false;  ///< Takes all that follow; its value is a vector of texts.
};

/// What a command gets when it runs.
struct Invocation {
  const po::variables_map& values;
  const Console& console;

  /// The value of an option or argument, or `fallback` if it was not given.
  template <class T>
  T get(const std::string& name, T fallback = {}) const {
    return values.count(name) == 0 ? fallback : values[name].as<T>();
  }
  bool has(const std::string& name) const { return values.count(name) > 0; }
};

/// A sub-command: one file in this folder, found under its registered name. The summary it registers with is
/// its line in the program's help.
class Command {
 public:
  virtual ~Command() = default;

  virtual std::vector<Argument> arguments() const { return {}; }
  /// Adds the options that only this command has.
  virtual void declare(po::options_description& options) const { (void)options; }
  /// What the command does, and examples: the end of its help text.
  virtual std::string details() const = 0;
  /// Returns the exit code; throws UserError, RunError or Interrupted.
  virtual int run(const Invocation& invocation) const = 0;
};

/// The config that an argument or option names, under the name that it is read by: "-" and pipes are read
/// here.
std::string config_of(const Invocation& invocation, const std::string& name = "CONFIG");

/// `--set section.key=value`, of every command that loads a config.
void declare_overrides(po::options_description& options);
std::vector<std::string> overrides_of(const Invocation& invocation);

}  // namespace squeezebar
