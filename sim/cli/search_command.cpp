// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sim/cli/command.h"
#include "sim/cli/python_package.h"

namespace squeezebar {
namespace {

class SearchCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"SPEC"}}; }

  void declare(po::options_description& options) const override {
    auto add = options.add_options();
    add("output,o", po::value<std::string>()->value_name("DIR"),
        "folder of the search, which is that of a sweep too (default: runs/<name of SPEC>)");
    add("store", po::value<std::string>()->value_name("DIR"),
        "folder of the points' results (default: points beside DIR)");
    add("sweep-option", po::value<std::vector<std::string>>()->composing()->value_name("OPTION"),
        "an option of squeezebar sweep, e.g. --sweep-option=--engine=slurm; may be repeated");
  }

  std::string details() const override {
    return "Looks for points that no other point beats in every objective (NSGA-II of Optuna), a sweep for "
           "each "
           "generation.\n"
           "The same seed gives the same points; an interrupted search goes on where it was. "
           "docs/reference/search.md has\n"
           "the format of SPEC. It runs the Python package in scripts/search; $PYTHON names another "
           "interpreter.\n\n"
           "  squeezebar search configs/examples/adc_search.yaml\n";
  }

  int run(const Invocation& invocation) const override {
    std::vector<std::string> words{invocation.get<std::string>("SPEC")};
    for (const char* name : {"output", "store"}) {
      if (invocation.has(name))
        words.insert(words.end(), {std::string("--") + name, invocation.get<std::string>(name)});
    }
    for (const std::string& option : invocation.get<std::vector<std::string>>("sweep-option"))
      words.push_back("--sweep-option=" + option);
    return run_python_package("search", words);
  }
};

const Register<Command> reg{"search", "Searches a config's keys for the best trade-offs of several figures.",
                            [] { return std::make_unique<SearchCommand>(); }};

}  // namespace
}  // namespace squeezebar
