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

find_path(LCMS_INCLUDE_DIR lcms2.h REQUIRED)
find_library(LCMS_LIBRARY lcms2 REQUIRED)
add_library(pmatch_lcms INTERFACE)
target_include_directories(pmatch_lcms SYSTEM INTERFACE "${LCMS_INCLUDE_DIR}")
target_link_libraries(pmatch_lcms INTERFACE "${LCMS_LIBRARY}")

find_path(MICROHTTPD_INCLUDE_DIR microhttpd.h REQUIRED)
find_library(MICROHTTPD_LIBRARY microhttpd REQUIRED)
add_library(pmatch_microhttpd INTERFACE)
target_include_directories(pmatch_microhttpd SYSTEM INTERFACE "${MICROHTTPD_INCLUDE_DIR}")
target_link_libraries(pmatch_microhttpd INTERFACE "${MICROHTTPD_LIBRARY}")

# 7.85: protocols as text.
find_package(CURL 7.85 REQUIRED)

# libpq alone, for data/libpq: no server is needed to build. FindPostgreSQL asks for the server's headers, too.
find_path(LIBPQ_INCLUDE_DIR libpq-fe.h PATH_SUFFIXES postgresql REQUIRED)
find_library(LIBPQ_LIBRARY pq REQUIRED)
add_library(pmatch_libpq INTERFACE)
target_include_directories(pmatch_libpq SYSTEM INTERFACE "${LIBPQ_INCLUDE_DIR}")
target_link_libraries(pmatch_libpq INTERFACE "${LIBPQ_LIBRARY}")

# Picture formats that a build can do without: -DPMATCH_HEIC=OFF leaves one out. pmatch_picture_format(HEIC heif
# libheif/heif.h libheif-dev SOURCES heic.cpp [SUFFIXES folders of the header]): data/decoders/ in pmatch_pictures.
add_library(pmatch_pictures INTERFACE)
set(PMATCH_LEFT_OUT_DECODERS "")
function(pmatch_picture_format format library header package)
    cmake_parse_arguments(ARG "" "" "SOURCES;SUFFIXES" ${ARGN})
    option(PMATCH_${format} "Read ${format} pictures (${package})" ON)
    if(NOT PMATCH_${format})
        list(TRANSFORM ARG_SOURCES PREPEND decoders/)
        set(PMATCH_LEFT_OUT_DECODERS ${PMATCH_LEFT_OUT_DECODERS} ${ARG_SOURCES} PARENT_SCOPE)
        return()
    endif()
    find_path(${format}_INCLUDE_DIR "${header}" PATH_SUFFIXES ${ARG_SUFFIXES})
    find_library(${format}_LIBRARY ${library})
    if(NOT ${format}_INCLUDE_DIR OR NOT ${format}_LIBRARY)
        message(FATAL_ERROR "${header} or lib${library} is missing, with which ${format} pictures are read: "
                            "install ${package}, or configure with -DPMATCH_${format}=OFF")
    endif()
    target_include_directories(pmatch_pictures SYSTEM INTERFACE "${${format}_INCLUDE_DIR}")
    target_link_libraries(pmatch_pictures INTERFACE "${${format}_LIBRARY}")
    target_compile_definitions(pmatch_pictures INTERFACE PMATCH_WITH_${format})
endfunction()
pmatch_picture_format(GIF gif gif_lib.h libgif-dev SOURCES gif.cpp)
pmatch_picture_format(AVIF avif avif/avif.h libavif-dev SOURCES avif.cpp)
pmatch_picture_format(HEIC heif libheif/heif.h libheif-dev SOURCES heic.cpp)
pmatch_picture_format(JPEG2000 openjp2 openjpeg.h libopenjp2-7-dev SOURCES jpeg2000.cpp jpeg2000_samples.cpp
                      SUFFIXES openjpeg-2.6 openjpeg-2.5 openjpeg-2.4)

# OpenCV 4 or 5, its parts that look at pictures: never imgcodecs, as pictures are read by decoders of our own. Debian's
# packages of the parts bring no CMake config, and OpenCV 5 has other names for two of the parts.
add_library(pmatch_opencv INTERFACE)
find_package(OpenCV CONFIG QUIET COMPONENTS core imgproc features2d calib3d)
if(OpenCV_FOUND)
    target_include_directories(pmatch_opencv SYSTEM INTERFACE ${OpenCV_INCLUDE_DIRS})
    target_link_libraries(pmatch_opencv INTERFACE ${OpenCV_LIBS})
else()
    find_path(OPENCV_INCLUDE_DIR opencv2/core.hpp PATH_SUFFIXES opencv4 opencv5 REQUIRED)
    target_include_directories(pmatch_opencv SYSTEM INTERFACE "${OPENCV_INCLUDE_DIR}")
    foreach(names IN ITEMS "opencv_core" "opencv_imgproc" "opencv_features2d;opencv_features"
                           "opencv_calib3d;opencv_3d")
        list(GET names 0 part)
        find_library(${part}_LIBRARY NAMES ${names} REQUIRED)
        target_link_libraries(pmatch_opencv INTERFACE "${${part}_LIBRARY}")
    endforeach()
endif()

# Barcodes, for core/vision alone.
find_package(ZXing CONFIG REQUIRED)

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
