// SPDX-License-Identifier: Apache-2.0
#include "sim/sweep/program.h"

#include <array>
#include <cstdio>

#include <sys/wait.h>

#include "sim/base/diag.h"
#include "sim/sweep/shell.h"

namespace squeezebar {

ProgramResult run_program(const std::vector<std::string>& words) {
  std::string command;
  for (const std::string& word : words) command += shell_word(word) + " ";
  FILE* pipe = popen((command + "2>&1").c_str(), "re");
  if (pipe == nullptr) throw RunError("cannot start a process");
  ProgramResult out;
  std::array<char, 4096> block{};
  while (const std::size_t n = std::fread(block.data(), 1, block.size(), pipe))
    out.output.append(block.data(), n);
  const int status = pclose(pipe);
  out.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : 128;
  return out;
}

std::string first_line(const std::string& text) { return text.substr(0, text.find('\n')); }

}  // namespace squeezebar
