# SPDX-License-Identifier: Apache-2.0
include(CMakePackageConfigHelpers)
install(TARGETS squeezebar EXPORT squeezebarTargets LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
install(TARGETS squeezebar_program RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY sim models DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/squeezebar FILES_MATCHING PATTERN "*.h")
install(DIRECTORY configs workloads DESTINATION ${CMAKE_INSTALL_DATADIR}/squeezebar)
install(DIRECTORY scripts/results scripts/prune scripts/search DESTINATION ${CMAKE_INSTALL_DATADIR}/squeezebar/scripts
        PATTERN "__pycache__" EXCLUDE)
install(EXPORT squeezebarTargets NAMESPACE squeezebar:: DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/squeezebar)
file(WRITE ${CMAKE_CURRENT_BINARY_DIR}/squeezebarConfig.cmake
     "include(\"\${CMAKE_CURRENT_LIST_DIR}/squeezebarTargets.cmake\")\n")
write_basic_package_version_file(${CMAKE_CURRENT_BINARY_DIR}/squeezebarConfigVersion.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${CMAKE_CURRENT_BINARY_DIR}/squeezebarConfig.cmake ${CMAKE_CURRENT_BINARY_DIR}/squeezebarConfigVersion.cmake
        DESTINATION ${CMAKE_INSTALL_LIBDIR}/cmake/squeezebar)
