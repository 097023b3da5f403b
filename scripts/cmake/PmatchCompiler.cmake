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
    # The cache accepts precompiled headers only if it may ignore what macros they define, and when they were made.
    set(CMAKE_CXX_COMPILER_LAUNCHER env CCACHE_SLOPPINESS=pch_defines,time_macros "${CCACHE_PROGRAM}")
endif()

add_library(pmatch_compiler INTERFACE)
target_compile_options(pmatch_compiler INTERFACE -Wall -Wextra -Wpedantic -Wshadow
                       $<$<BOOL:${PMATCH_WERROR}>:-Werror>)
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # GCC 12 sees overlapping and overlong copies in std::string's operator+ that are not there (GCC bug 105651).
    target_compile_options(pmatch_compiler INTERFACE -Wno-restrict -Wno-stringop-overflow -Wno-array-bounds)
endif()
if(PMATCH_SANITIZE)
    target_compile_options(pmatch_compiler INTERFACE -fsanitize=${PMATCH_SANITIZE}
                           -fno-omit-frame-pointer -fno-sanitize-recover=all)
    target_link_options(pmatch_compiler INTERFACE -fsanitize=${PMATCH_SANITIZE})
endif()

# Half of the time of a small source goes into the same few headers, so each target reads them once. Headers are also
# compiled one by one, and clang-tidy reads sources without these, so an include that is missing is still found.
function(pmatch_precompile target)
    target_precompile_headers(${target} PRIVATE <algorithm> <filesystem> <functional> <map> <memory> <optional> <span>
                              <string> <string_view> <unordered_map> <variant> <vector> <fmt/format.h> ${ARGN})
endfunction()

# pmatch_library(core FOLDERS common files … [SOURCES a.cpp …] [HEADERS a.hpp …]): the static library pmatch_core of all
# sources and headers in these folders, and of the others that are named: a new file needs no line in any list.
# WITHOUT: sources that this build leaves out, and headers that cannot be compiled without a library's own headers.
function(pmatch_library name)
    cmake_parse_arguments(ARG "" "" "FOLDERS;SOURCES;HEADERS;WITHOUT" ${ARGN})
    pmatch_files(sources cpp ${ARG_FOLDERS})
    pmatch_files(headers hpp ${ARG_FOLDERS})
    list(TRANSFORM ARG_WITHOUT PREPEND "${CMAKE_CURRENT_SOURCE_DIR}/")
    list(REMOVE_ITEM sources ${ARG_WITHOUT})
    list(REMOVE_ITEM headers ${ARG_WITHOUT})
    add_library(pmatch_${name} STATIC ${sources} ${ARG_SOURCES})
    target_sources(pmatch_${name} PUBLIC FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}"
                   FILES ${headers} ${ARG_HEADERS})
    target_include_directories(pmatch_${name} PUBLIC "${PROJECT_SOURCE_DIR}")
    target_link_libraries(pmatch_${name} PRIVATE pmatch_compiler)
    set_target_properties(pmatch_${name} PROPERTIES VERIFY_INTERFACE_HEADER_SETS ON)
endfunction()

# pmatch_files(OUT cpp common files …): the files with that ending in these folders of the current directory.
function(pmatch_files out ending)
    set(found "")
    foreach(folder IN LISTS ARGN)
        file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.${ending}")
        list(APPEND found ${files})
    endforeach()
    set(${out} ${found} PARENT_SCOPE)
endfunction()

# pmatch_stamp(OUT core/common/error …): a text that changes with these headers, which lie between a program and a
# library that it opens.
function(pmatch_stamp out)
    set(stamp "")
    foreach(header IN LISTS ARGN)
        set(header "${PROJECT_SOURCE_DIR}/${header}.hpp")
        file(SHA256 "${header}" hash)
        string(APPEND stamp ${hash})
        set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${header}")
    endforeach()
    string(SHA256 stamp "${stamp}")
    string(SUBSTRING "${stamp}" 0 12 stamp)
    set(${out} "${PROJECT_VERSION} (${stamp})" PARENT_SCOPE)
endfunction()

# pmatch_companion(http Http serve/http serve/microhttpd NAMESPACE pmatch::cli LIBRARIES pmatch_microhttpd
# HEADERS cli/serve/http/http_listener …): the sources of serve/microhttpd are libpmatch_http.so, which
# serve/http/http_library.cpp opens; it shares headers, and no compiled code, with the rest. Program and library are
# compatible if they were built from the same versions of these headers: both know kHttpStamp of
# cli/serve/http/http_stamp.hpp. Folders are those of the room that calls this.
function(pmatch_companion name Name opener folder)
    cmake_parse_arguments(ARG "" "NAMESPACE" "LIBRARIES;HEADERS" ${ARGN})
    pmatch_stamp(stamp ${ARG_HEADERS})
    file(RELATIVE_PATH room "${PROJECT_SOURCE_DIR}" "${CMAKE_CURRENT_SOURCE_DIR}")
    file(CONFIGURE OUTPUT "${PROJECT_BINARY_DIR}/${room}/${opener}/${name}_stamp.hpp" @ONLY CONTENT "#pragma once

namespace @ARG_NAMESPACE@ {

inline constexpr const char* k@Name@Stamp = \"@stamp@\";

}  // namespace @ARG_NAMESPACE@
")
    set_source_files_properties(${opener}/${name}_library.cpp ${folder}/entry.cpp PROPERTIES
        INCLUDE_DIRECTORIES "${PROJECT_BINARY_DIR}")
    pmatch_files(sources cpp ${folder})
    add_library(pmatch_${name} MODULE ${sources})
    target_include_directories(pmatch_${name} PRIVATE "${PROJECT_SOURCE_DIR}")
    target_link_libraries(pmatch_${name} PRIVATE pmatch_compiler ${ARG_LIBRARIES} Threads::Threads)
    set_target_properties(pmatch_${name} PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}"
                          CXX_VISIBILITY_PRESET hidden)
    target_link_options(pmatch_${name} PRIVATE -Wl,-Bsymbolic)
    install(TARGETS pmatch_${name} LIBRARY DESTINATION lib/pmatch)
endfunction()
