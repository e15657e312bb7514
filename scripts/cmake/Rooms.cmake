# SPDX-License-Identifier: Apache-2.0
# A room is a folder whose .cpp files form one OBJECT library: a file in the folder is a member, so an extension is one new
# file. Objects (not static archives) keep self-registration alive.

# squeezebar_room(<name> [GLOBS pattern...] [EXCLUDE regex] [LIBRARIES lib...])
function(squeezebar_room name)
  cmake_parse_arguments(ROOM "" "EXCLUDE" "GLOBS;LIBRARIES" ${ARGN})
  if(NOT ROOM_GLOBS)
    set(ROOM_GLOBS *.cpp)
  endif()
  set(files)
  foreach(pattern IN LISTS ROOM_GLOBS)
    file(GLOB found CONFIGURE_DEPENDS ${CMAKE_CURRENT_SOURCE_DIR}/${pattern})
    list(APPEND files ${found})
  endforeach()
  if(ROOM_EXCLUDE)
    list(FILTER files EXCLUDE REGEX ${ROOM_EXCLUDE})
  endif()
  list(SORT files)
  add_library(sqz_${name} OBJECT ${files})
  target_include_directories(sqz_${name} PUBLIC ${PROJECT_SOURCE_DIR})
  target_link_libraries(sqz_${name} PRIVATE squeezebar_options PUBLIC ${ROOM_LIBRARIES})
endfunction()

# Links the objects of the named rooms and what they need into a target.
function(squeezebar_link_rooms target)
  foreach(room IN LISTS ARGN)
    target_link_libraries(${target} PRIVATE sqz_${room})
  endforeach()
  target_link_libraries(${target} PRIVATE squeezebar_options)
endfunction()
