# SPDX-License-Identifier: Apache-2.0
# Tests of the repository itself (label lint) and of an installed squeezebar (label medium).
find_package(Python3 REQUIRED COMPONENTS Interpreter)

# squeezebar_repository_test(<name> <label> <command>...): exit status 77 means skipped.
function(squeezebar_repository_test name label)
  add_test(NAME ${name} COMMAND ${ARGN})
  set_tests_properties(${name} PROPERTIES LABELS ${label} SKIP_RETURN_CODE 77 TIMEOUT 300
                       ENVIRONMENT PYTHONDONTWRITEBYTECODE=1)
endfunction()

squeezebar_repository_test("lint: checks find faults" lint
                           ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/lint/test_lint.py)
squeezebar_repository_test("lint: layering" lint ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/lint/layering.py)
squeezebar_repository_test("lint: style" lint ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/lint/style.py)
squeezebar_repository_test("lint: shell" lint ${PROJECT_SOURCE_DIR}/scripts/lint/shell)
squeezebar_repository_test("lint: format" lint ${PROJECT_SOURCE_DIR}/scripts/lint/format)
squeezebar_repository_test("docs: config reference" lint ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/docs/config_reference
                           --check --program $<TARGET_FILE:squeezebar_program>)
squeezebar_repository_test("docs: examples compile" medium ${Python3_EXECUTABLE} ${PROJECT_SOURCE_DIR}/scripts/docs/check_examples)
if(NOT SQUEEZEBAR_SANITIZE)  # a program without the sanitizer cannot load a library with it
  squeezebar_repository_test("install: consumer" medium ${PROJECT_SOURCE_DIR}/tests/install/run ${PROJECT_BINARY_DIR})
endif()
