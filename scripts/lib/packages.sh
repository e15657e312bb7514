# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034  # the arrays are read through a name reference in install.sh
#
# Distribution packages by purpose. The names are the same on Debian 12, Debian 13 and Ubuntu 24.04
# (there from the "universe" component).

# Not packaged by Ubuntu 24.04: left out there, and the tests that need it skip.
absent_on_ubuntu=(python3-torch chromium chromium-driver)

# Compiles and runs the simulator.
build_packages=(
  g++ cmake ninja-build ccache pkg-config
  libsystemc-dev libyaml-cpp-dev libspdlog-dev libfmt-dev libboost-program-options-dev
  nlohmann-json3-dev libsqlite3-dev zlib1g-dev libtbb-dev libhwy-dev libssl-dev libkainjow-mustache-dev
  python3
)

# Compiles the C++ tests. Configuring looks for them too, so even a build of the program alone needs them.
test_packages=(catch2 librapidcheck-dev)

# Runs what the simulator calls: reports, the page of a sweep, figures and searches. Without PyTorch, which training alone
# needs and which is large; a step that needs a package beyond these names it.
results_packages=(
  python3-numpy python3-yaml python3-pandas python3-jsonschema python3-optuna python3-plotly python3-jinja2 python3-markupsafe
  python3-matplotlib
)

# Runs the offline front end and the Python tests.
python_packages=(
  python3-torch python3-sklearn python3-tqdm python3-pil
  python3-pytest python3-pytest-xdist
)

# Fuzzing (libFuzzer comes with clang's run-time library; llvm names the functions in its reports), benchmarks, and the
# browser that the tests of the reports drive.
all_packages=(clang llvm libclang-rt-dev libbenchmark-dev slurmctld slurmd slurm-client munge chromium chromium-driver python3-selenium)
