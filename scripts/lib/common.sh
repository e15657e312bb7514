# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154  # variables are shared between the sourced files
#
# What the scripts share: messages, logged commands, and the checks of the machine they run on.

root_dir=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
log_dir=$root_dir/build/log

heading() { printf '\n== %s\n' "$*"; }
note() { printf '   %s\n' "$*"; }
die() {
  printf '%s: error: %s\n' "$(basename "$0")" "$*" >&2
  exit 1
}

# Prints the comment block at the top of the running script, without the licence line, as its help.
show_help() {
  sed -n '/^# SPDX/d; 2,/^[^#]/ { s/^# \{0,1\}//p }' "$0"
}

# run_logged NAME COMMAND...: output goes to build/log/NAME.log; when the command fails, the log's end is shown.
run_logged() {
  local log=$log_dir/$1.log
  shift
  mkdir -p "$log_dir"
  "$@" >"$log" 2>&1 || {
    local status=$?
    tail -n 40 "$log" >&2
    printf '   (the whole output is in %s)\n' "$log" >&2
    return "$status"
  }
}

# Parallel compilations: one per processor, but no more than one per 2 GiB of memory.
jobs() {
  local cpus kib
  cpus=$(nproc)
  kib=$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)
  local by_memory=$((kib / (2 * 1024 * 1024)))
  ((by_memory >= 1)) || by_memory=1
  echo $((cpus < by_memory ? cpus : by_memory))
}

# require_disk FOLDER GIB: fails when the file system of the folder has less than that free.
require_disk() {
  local free
  free=$(df --output=avail -k "$1" | tail -n 1)
  ((free >= $2 * 1024 * 1024)) ||
    die "not enough disk space: $1 has $((free / 1024)) MiB free, $2 GiB are needed"
}

# The compiler that CMake will pick must know C++20: g++ 12 or clang 14.
require_compiler() {
  local compiler=${CXX:-c++} version least kind
  command -v "$compiler" >/dev/null || die "the C++ compiler '$compiler' is not installed"
  version=$("$compiler" -dumpversion) || version=''
  [[ $version =~ ^[0-9]+ ]] || die "the C++ compiler '$compiler' does not tell its version (-dumpversion)"
  if "$compiler" --version | grep -q clang; then
    kind=clang least=14
  else
    kind=g++ least=12
  fi
  ((${version%%.*} >= least)) ||
    die "the compiler '$compiler' is $kind $version; squeezebar needs g++ 12 or clang 14 (choose another one with CXX=...)"
}

# build PRESET [TARGET...]: configures and builds into build/PRESET. On a terminal ninja shows its progress.
build() {
  local preset=$1
  shift
  local command=(cmake --build "$root_dir/build/$preset" --parallel "$(jobs)")
  (($# == 0)) || command+=(--target "$@")
  (cd "$root_dir" && run_logged "configure-$preset" cmake --preset "$preset") || die "configuring build/$preset failed"
  if [[ -t 1 ]]; then
    "${command[@]}" || die "the build in build/$preset failed"
  else
    run_logged "build-$preset" "${command[@]}" || die "the build in build/$preset failed"
  fi
}
