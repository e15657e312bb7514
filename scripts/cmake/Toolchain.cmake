# SPDX-License-Identifier: Apache-2.0
# Language level, warnings, sanitizers and compiler cache, gathered in one interface target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)

if((CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 12)
   OR (CMAKE_CXX_COMPILER_ID STREQUAL "Clang" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 14))
  message(FATAL_ERROR "squeezebar needs g++ 12 or clang 14 (found ${CMAKE_CXX_COMPILER_ID} ${CMAKE_CXX_COMPILER_VERSION}).")
endif()

find_program(SQUEEZEBAR_CCACHE ccache)
if(SQUEEZEBAR_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER ${SQUEEZEBAR_CCACHE})
endif()

add_library(squeezebar_options INTERFACE)
# No contraction of floating-point expressions: Python and C++ agree bit for bit.
target_compile_options(squeezebar_options INTERFACE -ffp-contract=off -Wall -Wextra -Wpedantic -Wshadow -Wconversion
                       -Wsign-conversion -Wold-style-cast -Wnon-virtual-dtor -Woverloaded-virtual)
if(SQUEEZEBAR_WERROR)
  target_compile_options(squeezebar_options INTERFACE -Werror)
endif()
if(SQUEEZEBAR_SANITIZE)
  target_compile_options(squeezebar_options INTERFACE -fsanitize=${SQUEEZEBAR_SANITIZE} -fno-omit-frame-pointer
                         -fno-sanitize-recover=all)
  target_link_options(squeezebar_options INTERFACE -fsanitize=${SQUEEZEBAR_SANITIZE})
endif()
