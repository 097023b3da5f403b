# Every library pmatch uses, found here and nowhere else.
# The Debian 12 packages that bring them are listed in scripts/setup.sh.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(CLI11 REQUIRED)
find_package(SQLite3 3.40 REQUIRED)
find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(ICU REQUIRED COMPONENTS uc i18n)
find_package(HDF5 REQUIRED COMPONENTS C)
find_package(JPEG REQUIRED)
find_package(PNG REQUIRED)
find_package(TIFF 4.5 REQUIRED)
find_package(ZLIB REQUIRED)

# Imported targets for the libraries that bring no usable CMake config in Debian 12.
find_path(XXHASH_INCLUDE_DIR xxhash.h REQUIRED)
find_library(XXHASH_LIBRARY xxhash REQUIRED)
add_library(pmatch_xxhash INTERFACE)
target_include_directories(pmatch_xxhash SYSTEM INTERFACE "${XXHASH_INCLUDE_DIR}")
target_link_libraries(pmatch_xxhash INTERFACE "${XXHASH_LIBRARY}")

# GCC's OpenMP is linked into the program, if it can be: it reads its settings from the environment when it is loaded,
# and so finds those of cli/main.cpp. torch then loads its own copy, which finds them, too.
if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND NOT PMATCH_FUZZ)
    execute_process(COMMAND "${CMAKE_CXX_COMPILER}" -print-file-name=libgomp.a OUTPUT_VARIABLE PMATCH_GOMP
                    OUTPUT_STRIP_TRAILING_WHITESPACE)
    if(IS_ABSOLUTE "${PMATCH_GOMP}" AND EXISTS "${PMATCH_GOMP}")
        set(OpenMP_gomp_LIBRARY "${PMATCH_GOMP}" CACHE FILEPATH "OpenMP's runtime")
    endif()
endif()
# FAISS's own config names OpenMP's target without looking for it.
find_package(OpenMP REQUIRED COMPONENTS CXX)
find_path(WEBP_INCLUDE_DIR webp/decode.h REQUIRED)
find_library(WEBP_LIBRARY webp REQUIRED)
find_library(WEBPDEMUX_LIBRARY webpdemux REQUIRED)
add_library(pmatch_webp INTERFACE)
target_include_directories(pmatch_webp SYSTEM INTERFACE "${WEBP_INCLUDE_DIR}")
target_link_libraries(pmatch_webp INTERFACE "${WEBPDEMUX_LIBRARY}" "${WEBP_LIBRARY}")

find_package(faiss CONFIG QUIET)
add_library(pmatch_faiss INTERFACE)
if(faiss_FOUND)
    target_link_libraries(pmatch_faiss INTERFACE faiss)
else()
    find_path(FAISS_INCLUDE_DIR faiss/Index.h REQUIRED)
    find_library(FAISS_LIBRARY faiss REQUIRED)
    target_include_directories(pmatch_faiss SYSTEM INTERFACE "${FAISS_INCLUDE_DIR}")
    target_link_libraries(pmatch_faiss INTERFACE "${FAISS_LIBRARY}")
endif()

add_library(pmatch_hdf5 INTERFACE)
target_include_directories(pmatch_hdf5 SYSTEM INTERFACE ${HDF5_C_INCLUDE_DIRS})
target_link_libraries(pmatch_hdf5 INTERFACE ${HDF5_C_LIBRARIES})

if(NOT PMATCH_FUZZ AND NOT PMATCH_TSAN_ONLY)
    include(PmatchTorch)
endif()
