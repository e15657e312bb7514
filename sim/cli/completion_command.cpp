// SPDX-License-Identifier: Apache-2.0
#include <map>
#include <memory>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "sim/base/config.h"
#include "sim/base/version.h"
#include "sim/cli/command.h"
#include "sim/cli/command_line.h"
#include "sim/sweep/engine.h"

namespace squeezebar {
namespace {

using Words = std::vector<std::string>;

/// "--name" of every option of a command.
Words options_text(const Command& command) {
  Words out;
  const po::options_description options = options_of(command);
  for (const auto& option : options.options()) out.push_back("--" + option->long_name());
  return out;
}

/// "section.field=" of every key that --set may give.
Words keys_text() {
  Words out;
  for (const SectionInfo* section : config_sections()) {
    if (section->is_variant()) out.push_back(section->name + ".model=");
    for (const FieldInfo& field : section->schema->fields())
      out.push_back(section->name + "." + field.name + "=");
  }
  return out;
}

std::string bash_text() {
  const auto& commands = Registry<Command>::instance();
  std::string cases;
  for (const std::string& name : commands.names())
    cases += fmt::format("    {}) options=\"{}\" ;;\n", name,
                         fmt::join(options_text(*commands.create(name)), " "));
  return fmt::format(R"(# bash completion for squeezebar
_squeezebar() {{
  local current=${{COMP_WORDS[COMP_CWORD]}} previous=${{COMP_WORDS[COMP_CWORD - 1]}} options=
  COMPREPLY=()
  if ((COMP_CWORD == 1)); then
    COMPREPLY=($(compgen -W "{} --help --version" -- "$current"))
    return
  fi
  case $previous in
    --set)
      COMPREPLY=($(compgen -W "{}" -- "$current"))
      compopt -o nospace
      return
      ;;
    --color) COMPREPLY=($(compgen -W "auto always never" -- "$current")) && return ;;
    --log-level) COMPREPLY=($(compgen -W "quiet error warning info debug" -- "$current")) && return ;;
    --engine) COMPREPLY=($(compgen -W "{}" -- "$current")) && return ;;
  esac
  case ${{COMP_WORDS[1]}} in
{}  esac
  if [[ $current == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$current"))
  else
    compopt -o default
  fi
}}
complete -F _squeezebar squeezebar
)",
                     fmt::join(commands.names(), " "), fmt::join(keys_text(), " "),
                     fmt::join(Registry<Engine>::instance().names(), " "), cases);
}

/// A text as roff reads it back: no line may begin with a control character.
std::string roff(const std::string& text) {
  std::string out;
  bool at_start = true;
  for (const char c : text) {
    if (at_start && (c == '.' || c == '\'')) out += "\\&";
    if (c == '\\') {
      out += "\\e";
    } else if (c == '-') {
      out += "\\-";
    } else {
      out += c;
    }
    at_start = c == '\n';
  }
  return out;
}

std::string man_command(const std::string& name, const Command& command) {
  std::string usage = name;
  for (const Argument& argument : command.arguments()) {
    const std::string words = argument.name + (argument.repeated ? "..." : "");
    usage += argument.required ? " " + words : " [" + words + "]";
  }
  std::string out =
      fmt::format(".SS {}\n{}\n", roff(usage), roff(Registry<Command>::instance().find(name)->summary));
  const po::options_description options = options_of(command);
  const po::options_description common = common_options();
  for (const auto& option : options.options()) {
    if (common.find_nothrow(option->long_name(), false) != nullptr) continue;
    out += fmt::format(".TP\n.B {} {}\n{}\n", roff(option->format_name()), roff(option->format_parameter()),
                       roff(option->description()));
  }
  return out + fmt::format(".PP\n.nf\n{}.fi\n", roff(command.details()));
}

std::string man_text() {
  const auto& commands = Registry<Command>::instance();
  std::string out = fmt::format(
      ".TH SQUEEZEBAR 1 \"\" \"squeezebar {}\" \"User commands\"\n.SH NAME\nsqueezebar \\- cycle\\-level "
      "simulator of ReRAM "
      "crossbar accelerators for sparse neural networks\n.SH SYNOPSIS\n.B squeezebar\n.I "
      "COMMAND\n[OPTION]...\n.SH COMMANDS\n",
      tool_version());
  for (const std::string& name : commands.names()) out += man_command(name, *commands.create(name));
  out += ".SH COMMON OPTIONS\n";
  const po::options_description common = common_options();
  for (const auto& option : common.options())
    out += fmt::format(".TP\n.B {} {}\n{}\n", roff(option->format_name()), roff(option->format_parameter()),
                       roff(option->description()));
  return out +
         ".SH EXIT STATUS\n0 fine, 1 the run failed, 2 wrong usage, config or bundle, or results cannot be "
         "read or written (a full disk), 3 a comparison differs, 130 "
         "interrupted.\n";
}

class CompletionCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"FORMAT"}}; }

  std::string details() const override {
    return "FORMAT is bash (completion of commands, options and config keys) or man (the manual page).\n\n"
           "  source <(squeezebar completion bash)\n"
           "  squeezebar completion man | man -l -\n";
  }

  int run(const Invocation& invocation) const override {
    static const std::map<std::string, std::string (*)()> formats{{"bash", bash_text}, {"man", man_text}};
    const auto name = invocation.get<std::string>("FORMAT");
    const auto found = formats.find(name);
    if (found == formats.end())
      throw UserError(Place{"squeezebar completion", 0, 0}, "",
                      fmt::format("FORMAT must be bash or man, not '{}'", name));
    invocation.console.result(found->second());
    return 0;
  }
};

const Register<Command> reg{"completion", "Prints completion for bash, or the manual page.",
                            [] { return std::make_unique<CompletionCommand>(); }};

}  // namespace
}  // namespace squeezebar
