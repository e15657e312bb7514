// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "sim/cli/command.h"
#include "sim/cli/python_package.h"

namespace squeezebar {
namespace {

class ReportCommand final : public Command {
 public:
  std::vector<Argument> arguments() const override { return {{"FOLDER"}}; }

  void declare(po::options_description& options) const override {
    auto add = options.add_options();
    add("output,o", po::value<std::string>()->value_name("FILE"),
        "the page (default: interactive.html in a run's folder, report.html in a sweep's)");
    add("figures", po::value<std::string>()->value_name("DIR"),
        "write the figures as PDF, SVG and PNG for a paper instead");
  }

  std::string details() const override {
    return "FOLDER is the folder of a run or of a sweep. The page is one file that needs no network. It is "
           "made by "
           "the\n"
           "Python package in scripts/results (docs/howto/reports.md); $PYTHON names another interpreter.\n\n"
           "  squeezebar report runs/digits_sme\n"
           "  squeezebar report runs/adc_sparsity -o adc.html\n"
           "  squeezebar report runs/adc_sparsity --figures figures\n";
  }

  int run(const Invocation& invocation) const override {
    if (invocation.has("figures") && invocation.has("output"))
      throw UserError(Place{"squeezebar report", 0, 0}, "", "--figures and --output exclude each other");
    const bool figures = invocation.has("figures");
    std::vector<std::string> words{figures ? "figures" : "report", invocation.get<std::string>("FOLDER")};
    if (figures) words.insert(words.end(), {"-o", invocation.get<std::string>("figures")});
    if (invocation.has("output")) words.insert(words.end(), {"-o", invocation.get<std::string>("output")});
    return run_python_package("results", words);
  }
};

const Register<Command> reg{"report",
                            "Makes an interactive page, or figures for a paper, of a run or a sweep.",
                            [] { return std::make_unique<ReportCommand>(); }};

}  // namespace
}  // namespace squeezebar
