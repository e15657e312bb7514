# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=bash disable=SC2034,SC2154  # variables are shared between the sourced files
#
# Runs test suites and adds up what passed. Every suite leaves a JUnit file in build/log/results, from which the final
# line is counted; a suite that ends badly without saying which test failed counts as one failed test. Needs common.sh.

results_dir=$log_dir/results

# Code that stops at the first report of a sanitizer, with the place.
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1:halt_on_error=1}
export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:suppressions=$root_dir/tests/tsan.supp}

start_suites() {
  rm -rf "$results_dir"
  mkdir -p "$results_dir"
}

# run_suite NAME COMMAND...: the command must write $results_dir/NAME.xml.
run_suite() {
  local name=$1 started=$SECONDS status=0
  shift
  run_logged "$name" "$@" || status=$?
  note "$(python3 "$root_dir/scripts/lib/count_tests.py" --status "$status" "$results_dir/$name.xml" | head -n 1)" \
    "in $((SECONDS - started)) s"
  ((status == 0)) || printf '%s\n' "$status" >"$results_dir/$name.status"
}

# run_ctest PRESET CTEST_OPTION...: the tests that the options select in build/PRESET.
run_ctest() {
  local preset=$1
  shift
  local name=ctest-$preset
  while [[ -e $results_dir/$name.xml ]]; do name+=-more; done
  run_suite "$name" ctest --test-dir "$root_dir/build/$preset" --parallel "$(nproc)" --output-on-failure \
    --timeout 900 --output-junit "$results_dir/$name.xml" "$@"
}

# run_pytest PRESET MARKERS [FOLDER...]: the Python tests (of the folders), which find the program in build/PRESET.
run_pytest() {
  local preset=$1 markers=$2 options=()
  shift 2
  local name="pytest-$preset-${markers// /-}" folders=("${@:-tests/python}")
  if /usr/bin/python3 -c 'import xdist' 2>/dev/null; then options=(-n "$(nproc)"); fi
  SQUEEZEBAR_BIN=$root_dir/build/$preset/squeezebar PYTHONDONTWRITEBYTECODE=1 \
    run_suite "$name" pytest_none_is_fine "${options[@]}" -m "$markers" --junitxml "$results_dir/$name.xml" "${folders[@]}"
}

# pytest ends with 5 when the markers select no test.
pytest_none_is_fine() {
  local status=0
  /usr/bin/python3 -m pytest -q -p no:cacheprovider "$@" || status=$?
  ((status == 5)) || return "$status"
}

# Points the tests at the folder of large networks and images, or says that they will skip.
find_data() {
  if [[ -z ${SQUEEZEBAR_DATA:-} && -d $root_dir/../shared/data ]]; then
    SQUEEZEBAR_DATA=$(cd "$root_dir/../shared/data" && pwd)
    export SQUEEZEBAR_DATA
  fi
  heading "Data for the large networks"
  if [[ -d ${SQUEEZEBAR_DATA:-} ]]; then
    note "$SQUEEZEBAR_DATA"
  else
    note "absent (set SQUEEZEBAR_DATA to the folder): the tests that need it skip"
  fi
}

# run_fuzzers SECONDS: splits the time over the programs build/fuzz/**/fuzz_*; seeds are in tests/fuzz/corpus/<name>.
run_fuzzers() {
  local fuzzers fuzzer
  mapfile -t fuzzers < <(find "$root_dir/build/fuzz" -type f -executable -name 'fuzz_*' | sort)
  ((${#fuzzers[@]} > 0)) || die "build/fuzz holds no fuzz_* program"
  for fuzzer in "${fuzzers[@]}"; do
    note "$(basename "$fuzzer"), $(($1 / ${#fuzzers[@]})) s"
    run_suite "$(basename "$fuzzer")" run_fuzzer "$fuzzer" $(($1 / ${#fuzzers[@]}))
  done
}

# run_fuzzer PROGRAM SECONDS: new inputs go to build/fuzz/corpus, inputs that crash to build/fuzz/crashes.
run_fuzzer() {
  local name seeds corpus crashes
  name=$(basename "$1")
  seeds=$root_dir/tests/fuzz/corpus/$name
  corpus=$root_dir/build/fuzz/corpus/$name
  crashes=$root_dir/build/fuzz/crashes/$name-
  mkdir -p "$corpus" "$(dirname "$crashes")"
  local folders=("$corpus")
  [[ ! -d $seeds ]] || folders+=("$seeds")
  "$1" -max_total_time="$2" -timeout=20 -rss_limit_mb=3000 -artifact_prefix="$crashes" "${folders[@]}" || return
  printf '<testsuite><testcase name="%s"/></testsuite>\n' "$name" >"$results_dir/$name.xml"
}

# Prints the sum of all suites; its last line is "N passed, N failed". Fails when a test did.
finish_suites() {
  python3 "$root_dir/scripts/lib/count_tests.py" --folder "$results_dir"
}
