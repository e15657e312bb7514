// SPDX-License-Identifier: Apache-2.0
#include "sim/cli/command_line.h"

#include <algorithm>

#include <boost/program_options/errors.hpp>
#include <boost/program_options/parsers.hpp>
#include <boost/program_options/positional_options.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/piped_config.h"

namespace squeezebar {
namespace {

using Words = std::vector<std::string>;

[[noreturn]] void usage_error(const std::string& command, const std::string& message) {
  const std::string program = "squeezebar " + command;
  throw UserError(Place{program, 0, 0}, "", fmt::format("{} (see {} --help)", message, program));
}

/// "--name" of every option, and "-n".
Words option_names(const po::options_description& options) {
  Words out;
  for (const auto& option : options.options()) {
    out.push_back("--" + option->long_name());
    const std::string with_dash =
        option->canonical_display_name(po::command_line_style::allow_dash_for_short);
    if (with_dash.size() == 2) out.push_back(with_dash);
  }
  return out;
}

/// A misspelt option as the user wrote it, without its value.
std::string option_text(const std::string& token) { return token.substr(0, token.find('=')); }

/// Arguments are options without a letter, read by position.
po::options_description with_arguments(const Command& command, po::options_description options,
                                       po::positional_options_description& positions) {
  for (const Argument& argument : command.arguments()) {
    constexpr int kAllThatFollow = -1;
    if (argument.repeated) {
      options.add_options()(argument.name.c_str(), po::value<Words>());
    } else {
      options.add_options()(argument.name.c_str(), po::value<std::string>());
    }
    positions.add(argument.name.c_str(), argument.repeated ? kAllThatFollow : 1);
  }
  return options;
}

void check_choice(const std::string& command, const po::variables_map& values, const std::string& option,
                  const Words& choices) {
  if (values.count(option) == 0) return;
  const std::string value = values[option].as<std::string>();
  if (std::find(choices.begin(), choices.end(), value) != choices.end()) return;
  usage_error(command, fmt::format("--{} must be one of {}, not '{}'{}", option, fmt::join(choices, ", "),
                                   value, did_you_mean(value, choices)));
}

/// The first token that nothing reads, once the parser has said that there is one.
std::string surplus_argument(const Command& command, const po::options_description& all,
                             const Words& arguments) {
  const po::parsed_options parsed =
      po::command_line_parser(arguments)
          .options(all)
          .style(po::command_line_style::default_style & ~po::command_line_style::allow_guessing)
          .run();
  std::size_t position = 0;
  for (const auto& option : parsed.options) {
    if (option.position_key < 0) continue;
    if (position++ == command.arguments().size()) return option.value.at(0);
  }
  return {};
}

/// An empty text names nothing; taken for a path, it would be the current folder.
std::string empty_value_text(const Command& command, const std::string& option) {
  const std::vector<Argument> arguments = command.arguments();
  const bool is_argument = std::any_of(arguments.begin(), arguments.end(),
                                       [&](const Argument& argument) { return argument.name == option; });
  return is_argument ? fmt::format("{} is empty; give it a value", option)
                     : fmt::format("option '--{}' is given an empty value; name one or leave it out", option);
}

/// "-#variant" means a config on standard input, and looks like an option.
Words with_input_named(Words arguments) {
  for (std::string& word : arguments) {
    if (word.starts_with("-#")) word.replace(0, 1, "/dev/stdin");
  }
  return arguments;
}

/// The result refers to `all`.
po::parsed_options parse(const std::string& name, const Command& command, const Words& arguments,
                         const po::options_description& all,
                         const po::positional_options_description& positions) {
  // Guessing would let "--forc" pass today and clash with an option that comes tomorrow.
  const int style = po::command_line_style::default_style & ~po::command_line_style::allow_guessing;
  try {
    return po::command_line_parser(arguments).options(all).positional(positions).style(style).run();
  } catch (const po::unknown_option& error) {
    const std::string option = option_text(error.get_option_name());
    usage_error(name, fmt::format("unknown option '{}'{}", option,
                                  did_you_mean(option, option_names(options_of(command)))));
  } catch (const po::too_many_positional_options_error&) {
    usage_error(name, fmt::format("unexpected argument '{}'", surplus_argument(command, all, arguments)));
  } catch (const po::invalid_command_line_syntax& error) {
    const std::string option = error.get_option_name();
    if (error.kind() == po::invalid_syntax::missing_parameter) {
      usage_error(name, fmt::format("option '{}' needs a value", option));
    }
    if (error.kind() == po::invalid_syntax::extra_parameter) {
      usage_error(name, fmt::format("option '{}' takes no value", option));
    }
    usage_error(name, error.what());
  } catch (const po::error& error) {
    usage_error(name, error.what());
  }
}

}  // namespace

po::options_description common_options() {
  po::options_description options("Common options");
  auto add = options.add_options();
  add("help,h", "show this text");
  add("quiet,q", "print nothing but errors");
  add("verbose,v", "tell what is being done (as --log-level info)");
  add("log-level", po::value<std::string>()->value_name("LEVEL"), "quiet, error, warning, info or debug");
  add("color", po::value<std::string>()->value_name("WHEN"),
      "colour messages: auto (default: on a terminal, unless NO_COLOR is set), always or never");
  add("json", "results on stdout and errors on stderr as JSON");
  return options;
}

po::options_description options_of(const Command& command) {
  po::options_description own("Options");
  command.declare(own);
  po::options_description all;
  if (!own.options().empty()) all.add(own);
  all.add(common_options());
  return all;
}

po::variables_map parse_command_line(const std::string& name, const Command& command,
                                     const Words& arguments) {
  po::variables_map values;
  po::positional_options_description positions;
  const po::options_description all = with_arguments(command, options_of(command), positions);
  const po::parsed_options parsed = parse(name, command, with_input_named(arguments), all, positions);
  try {
    po::store(parsed, values);
    po::notify(values);
  } catch (const po::multiple_occurrences& error) {
    usage_error(name, fmt::format("option '{}' is given more than once", error.get_option_name()));
  } catch (const po::error& error) {
    usage_error(name, error.what());
  }
  if (values.count("help") > 0) return values;
  check_choice(name, values, "log-level", {"quiet", "error", "warning", "info", "debug"});
  check_choice(name, values, "color", {"auto", "always", "never"});
  for (const auto& [option, value] : values) {
    const auto* text = boost::any_cast<std::string>(&value.value());
    const bool takes_one = all.find(option, false).semantic()->max_tokens() > 0;  // a flag does not
    if (takes_one && text != nullptr && text->empty()) usage_error(name, empty_value_text(command, option));
  }
  for (const Argument& argument : command.arguments()) {
    if (argument.required && values.count(argument.name) == 0)
      usage_error(name, argument.name + " is missing");
  }
  return values;
}

void declare_overrides(po::options_description& options) {
  options.add_options()("set", po::value<std::vector<std::string>>()->composing()->value_name("KEY=VALUE"),
                        "give a key of the config another value, e.g. --set adc.bits=6; may be repeated");
}

std::string config_of(const Invocation& invocation, const std::string& name) {
  return take_config(invocation.get<std::string>(name));
}

std::vector<std::string> overrides_of(const Invocation& invocation) {
  return invocation.get<std::vector<std::string>>("set");
}

}  // namespace squeezebar
