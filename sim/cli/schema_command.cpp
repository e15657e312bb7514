// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sim/base/config.h"
#include "sim/cli/command.h"

namespace squeezebar {
namespace {

class SchemaCommand final : public Command {
 public:
  void declare(po::options_description& options) const override {
    options.add_options()(
        "complete", "schema of a complete config, such as resolved.yaml: every required key must be there");
  }

  std::string details() const override {
    return "For editors that complete and check YAML as it is written. The schema is made from the program's "
           "own\n"
           "declarations; configs/schema.json is its output.\n\n"
           "  squeezebar schema > schema.json\n"
           "  # yaml-language-server: $schema=schema.json      (first line of a config)\n";
  }

  int run(const Invocation& invocation) const override {
    invocation.console.result(json_schema(invocation.has("complete")));
    return 0;
  }
};

const Register<Command> reg{"schema", "Prints the JSON Schema of config files.",
                            [] { return std::make_unique<SchemaCommand>(); }};

}  // namespace
}  // namespace squeezebar
