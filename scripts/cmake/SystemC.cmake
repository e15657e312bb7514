# SPDX-License-Identifier: Apache-2.0
#
# Imported target SystemC::systemc, from pkg-config: the distributions install no CMake package.
#
# The library exports a version symbol that names the C++ standard it was built with, so a program
# compiled as C++20 links only if SC_CPLUSPLUS announces that standard. Which one it was differs
# between distributions, so a program that uses the kernel is linked with each candidate and the
# first that works is kept in the cache variable SQZ_SYSTEMC_CPLUSPLUS.

include_guard(GLOBAL)

find_package(PkgConfig REQUIRED)
pkg_check_modules(SYSTEMC IMPORTED_TARGET GLOBAL systemc)
if(NOT SYSTEMC_FOUND)
  message(FATAL_ERROR "SystemC was not found by pkg-config. Install libsystemc-dev, or set PKG_CONFIG_PATH to the folder "
                      "that holds systemc.pc.")
endif()
find_package(Threads REQUIRED)

set(SQZ_SYSTEMC_CPLUSPLUS "" CACHE STRING
    "Value of SC_CPLUSPLUS that the SystemC library links with (\"none\": leave it undefined, empty: find out)")
mark_as_advanced(SQZ_SYSTEMC_CPLUSPLUS)

# Sets `result` to TRUE if a kernel-using program compiles and links with SC_CPLUSPLUS=`value`; else leaves the log in `log`.
function(_sqz_try_systemc value result log)
  set(definitions)
  if(NOT value STREQUAL "none")
    set(definitions COMPILE_DEFINITIONS "-DSC_CPLUSPLUS=${value}")
  endif()
  try_compile(linked
    "${CMAKE_BINARY_DIR}/CMakeFiles/systemc_check_${value}"
    SOURCES "${CMAKE_CURRENT_FUNCTION_LIST_DIR}/systemc_check.cpp"
    ${definitions}
    LINK_LIBRARIES PkgConfig::SYSTEMC Threads::Threads
    CXX_STANDARD 20 CXX_STANDARD_REQUIRED ON
    OUTPUT_VARIABLE output)
  set(${result} ${linked} PARENT_SCOPE)
  set(${log} "${output}" PARENT_SCOPE)
endfunction()

if(NOT SQZ_SYSTEMC_CPLUSPLUS)
  set(_sqz_log_file "${CMAKE_BINARY_DIR}/CMakeFiles/systemc_check.log")
  file(WRITE "${_sqz_log_file}" "")
  foreach(_sqz_candidate IN ITEMS 201703L 201103L 201402L 202002L none)
    _sqz_try_systemc(${_sqz_candidate} _sqz_linked _sqz_log)
    if(_sqz_linked)
      set_property(CACHE SQZ_SYSTEMC_CPLUSPLUS PROPERTY VALUE "${_sqz_candidate}")
      break()
    endif()
    file(APPEND "${_sqz_log_file}" "SC_CPLUSPLUS=${_sqz_candidate}\n${_sqz_log}\n")
  endforeach()
  if(NOT SQZ_SYSTEMC_CPLUSPLUS)
    message(FATAL_ERROR
      "SystemC ${SYSTEMC_VERSION} is installed, but a C++20 program does not link with it for any value of SC_CPLUSPLUS "
      "(tried 201703L, 201103L, 201402L, 202002L and none). It needs C++20 (g++ 12 or clang 14) and a SystemC library "
      "that was built with the same compiler family. The attempts are in ${_sqz_log_file}.")
  endif()
  message(STATUS "SystemC ${SYSTEMC_VERSION}: links with SC_CPLUSPLUS=${SQZ_SYSTEMC_CPLUSPLUS}")
endif()

if(NOT TARGET SystemC::systemc)
  add_library(SystemC::systemc INTERFACE IMPORTED GLOBAL)
  target_link_libraries(SystemC::systemc INTERFACE PkgConfig::SYSTEMC Threads::Threads)
  if(NOT SQZ_SYSTEMC_CPLUSPLUS STREQUAL "none")
    target_compile_definitions(SystemC::systemc INTERFACE "SC_CPLUSPLUS=${SQZ_SYSTEMC_CPLUSPLUS}")
  endif()
endif()
