// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/cli.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <map>
#include <memory>
#include <new>
#include <sstream>

#include <fmt/format.h>

#include "sim/base/interrupt.h"
#include "sim/base/log.h"
#include "sim/cli/command_line.h"
#include "sim/cli/version.h"
#include "sim/report/text_table.h"

namespace squeezebar {
namespace {

using Words = std::vector<std::string>;

/// The order of the program's help; a command that is not named comes after these.
constexpr std::array kHelpOrder{"run", "sweep",     "search",  "report", "compare", "check",
                                "map", "calibrate", "explain", "list",   "schema"};

std::vector<std::string> commands_in_order() {
  Words names(kHelpOrder.begin(), kHelpOrder.end());
  for (const std::string& name : Registry<Command>::instance().names()) {
    if (std::find(names.begin(), names.end(), name) == names.end()) names.push_back(name);
  }
  std::erase_if(names,
                [](const std::string& name) { return Registry<Command>::instance().find(name) == nullptr; });
  return names;
}

std::string program_help() {
  TextTable table({Align::left, Align::left});
  for (const std::string& name : commands_in_order()) {
    table.row({name, Registry<Command>::instance().find(name)->summary});
  }
  return "usage: squeezebar COMMAND [OPTION]...\n\n"
         "Simulates ReRAM crossbar accelerators for sparse neural networks, cycle by cycle and bit by "
         "bit.\n\n" +
         table.text("  ") +
         "\n"
         "  squeezebar COMMAND --help   options and examples of a command\n"
         "  squeezebar --version        version, compiler, libraries and kernels (--json: as JSON)\n\n"
         "Exit codes: 0 fine, 1 the run failed, 2 wrong usage, config or bundle, or\n"
         "results cannot be read or written (a full disk), 3 a comparison differs, 130 interrupted.\n";
}

std::string command_help(const std::string& name, const Command& command) {
  std::string usage = "usage: squeezebar " + name;
  for (const Argument& argument : command.arguments()) {
    const std::string words = argument.name + (argument.repeated ? "..." : "");
    usage += argument.required ? " " + words : " [" + words + "]";
  }
  std::ostringstream options;
  options << options_of(command);
  return fmt::format("{} [OPTION]...\n\n{}\n{}\n{}", usage, Registry<Command>::instance().find(name)->summary,
                     options.str(), command.details());
}

LogLevel log_level(const po::variables_map& values) {
  static const std::map<std::string, LogLevel> levels{{"quiet", LogLevel::quiet},
                                                      {"error", LogLevel::error},
                                                      {"warning", LogLevel::warning},
                                                      {"info", LogLevel::info},
                                                      {"debug", LogLevel::debug}};
  if (values.count("log-level") > 0) return levels.at(values["log-level"].as<std::string>());
  if (values.count("quiet") > 0) return LogLevel::error;
  return values.count("verbose") > 0 ? LogLevel::info : LogLevel::warning;
}

int run_command(const std::string& name, const Words& arguments, const Console& console) {
  const auto* entry = Registry<Command>::instance().find(name);
  if (entry == nullptr) {
    const std::string what = name.rfind('-', 0) == 0 ? "option" : "command";
    Words known = commands_in_order();
    known.insert(known.end(), {"--help", "--version"});
    throw UserError(
        Place{"squeezebar", 0, 0}, "",
        fmt::format("unknown {} '{}'{} (see squeezebar --help)", what, name, did_you_mean(name, known)));
  }
  const std::unique_ptr<Command> command = Registry<Command>::instance().create(name);
  const po::variables_map values = parse_command_line(name, *command, arguments);
  if (values.count("help") > 0) {
    console.result(command_help(name, *command));
    return 0;
  }
  setup_logging(log_level(values));
  return command->run({values, console});
}

int dispatch(const Words& words, const Console& console) {
  if (words.empty()) {
    console.note(program_help());
    throw UserError(Place{"squeezebar", 0, 0}, "", "a command is missing (see squeezebar --help)");
  }
  const Words rest(words.begin() + 1, words.end());
  if (words[0] == "--version") {
    console.result(console.json() ? version_json() : version_text());
    return 0;
  }
  if (words[0] == "--help" || words[0] == "-h") {
    console.result(program_help());
    return 0;
  }
  if (words[0] == "help")
    return rest.empty() ? dispatch({"--help"}, console) : run_command(rest[0], {"--help"}, console);
  return run_command(words[0], rest, console);
}

/// What ends the process from here on is its own code.
struct EndOfWatch {
  EndOfWatch() = default;
  ~EndOfWatch() { end_watch(); }
  EndOfWatch(const EndOfWatch&) = delete;
  EndOfWatch& operator=(const EndOfWatch&) = delete;
};

int guarded(const Words& words, const Console& console) {
  const auto tell_interrupted = [&console] { console.error("interrupted", Interrupted::kExitCode); };
  watch_interrupts(tell_interrupted);
  try {
    const EndOfWatch end;
    return dispatch(words, console);
  } catch (const UserError& error) {
    console.diagnostics(error.diagnostics(), UserError::kExitCode);
    return UserError::kExitCode;
  } catch (const RunError& error) {
    console.error(error.what(), RunError::kExitCode);
    return RunError::kExitCode;
  } catch (const Interrupted&) {
    tell_interrupted();
    return Interrupted::kExitCode;
  } catch (const std::bad_alloc&) {
    console.error("not enough memory for this run", RunError::kExitCode);
    return RunError::kExitCode;
  } catch (const std::filesystem::filesystem_error& error) {
    console.error(error.what(), UserError::kExitCode);
    return UserError::kExitCode;
  } catch (const std::exception& error) {
    console.error(
        fmt::format("internal error: {}; please report it with the config that you used", error.what()),
        RunError::kExitCode);
    return RunError::kExitCode;
  }
}

}  // namespace

int run_cli(int argc, char** argv) {
  try {
    std::signal(SIGPIPE, SIG_IGN);  // a closed pipe becomes an error of the write,
    std::signal(SIGXFSZ, SIG_IGN);  // and so does a file that is larger than allowed
    const Words words(argv + (argc > 0 ? 1 : 0), argv + argc);
    return guarded(words, Console(words));
  } catch (const std::exception& error) {
    std::fprintf(stderr, "squeezebar: error: %s\n", error.what());
    return RunError::kExitCode;
  }
}

}  // namespace squeezebar
