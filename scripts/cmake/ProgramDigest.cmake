# SPDX-License-Identifier: Apache-2.0
# A name for what the program computes: SHA-256 over the paths and contents of its sources, so that it is the same for
# every compiler, folder and distribution. Found anew by each build in which a source changed; one small object follows.
#
# As a script: cmake -D ROOT=<repository> -D OUTPUT=<file> -P ProgramDigest.cmake
set(SQUEEZEBAR_PROGRAM_SOURCES sim/*.cpp sim/*.h sim/CMakeLists.txt models/*.cpp models/*.h models/CMakeLists.txt)

# squeezebar_program_digest(<target>): adds the function program_digest() of sim/base/version.h.
function(squeezebar_program_digest target)
  set(patterns)
  foreach(pattern IN LISTS SQUEEZEBAR_PROGRAM_SOURCES)
    list(APPEND patterns ${PROJECT_SOURCE_DIR}/${pattern})
  endforeach()
  file(GLOB_RECURSE sources CONFIGURE_DEPENDS ${patterns})
  set(output ${CMAKE_CURRENT_BINARY_DIR}/program_digest.cpp)
  set(script ${PROJECT_SOURCE_DIR}/scripts/cmake/ProgramDigest.cmake)
  add_custom_command(OUTPUT ${output} DEPENDS ${sources} ${script} VERBATIM
                     COMMENT "Naming the program after its sources"
                     COMMAND ${CMAKE_COMMAND} -D ROOT=${PROJECT_SOURCE_DIR} -D OUTPUT=${output} -P ${script})
  target_sources(${target} PRIVATE ${output})
endfunction()

if(CMAKE_SCRIPT_MODE_FILE STREQUAL CMAKE_CURRENT_LIST_FILE)
  set(patterns)
  foreach(pattern IN LISTS SQUEEZEBAR_PROGRAM_SOURCES)
    list(APPEND patterns ${ROOT}/${pattern})
  endforeach()
  file(GLOB_RECURSE sources RELATIVE ${ROOT} ${patterns})
  list(SORT sources COMPARE STRING CASE SENSITIVE)
  set(text "")
  foreach(source IN LISTS sources)
    file(SHA256 ${ROOT}/${source} digest)
    string(APPEND text "${digest}  ${source}\n")
  endforeach()
  string(SHA256 digest "${text}")
  file(WRITE ${OUTPUT} "// SPDX-License-Identifier: Apache-2.0\n#include \"sim/base/version.h\"\n\nnamespace squeezebar {\n\n"
                       "std::string program_digest() { return \"${digest}\"; }\n\n}  // namespace squeezebar\n")
endif()
