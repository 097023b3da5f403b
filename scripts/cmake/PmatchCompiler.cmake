# Everything a target of ours is compiled with, and the one function that makes such a target.
set(CMAKE_CXX_STANDARD 20)
set(CMAKE_CXX_STANDARD_REQUIRED ON)
set(CMAKE_CXX_EXTENSIONS OFF)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
if(NOT CMAKE_BUILD_TYPE)
    set(CMAKE_BUILD_TYPE Release CACHE STRING "Debug or Release" FORCE)
endif()

find_program(CCACHE_PROGRAM ccache)
if(CCACHE_PROGRAM AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${CCACHE_PROGRAM}")
endif()

add_library(pmatch_compiler INTERFACE)
target_compile_options(pmatch_compiler INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                       $<$<BOOL:${PMATCH_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overlapping copies in std::string's operator+ that are not there (GCC bug 105651).
    target_compile_options(pmatch_compiler INTERFACE -Wno-restrict)
endif()
if(PMATCH_SANITIZE)
    target_compile_options(pmatch_compiler INTERFACE -fsanitize=${PMATCH_SANITIZE}
                           -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(pmatch_compiler INTERFACE -fsanitize=${PMATCH_SANITIZE})
endif()

# pmatch_library(core SOURCES a.cpp ... HEADERS a.hpp ...): static library pmatch_core.
function(pmatch_library name)
    cmake_parse_arguments(ARG "" "" "SOURCES;HEADERS" ${ARGN})
    add_library(pmatch_${name} STATIC ${ARG_SOURCES})
    target_sources(pmatch_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}"
                   FILES ${ARG_HEADERS})
    target_include_directories(pmatch_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(pmatch_${name} PRIVATE pmatch_compiler)
    set_target_properties(pmatch_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()
