# PMATCH_GPU_CHECK=ON: models/ and one program that compares GPU and CPU, and nothing that needs FAISS, HDF5,
# SQLite, OpenSSL or xxHash, so that it can be carried to a machine that has a GPU and little else.
find_package(Threads REQUIRED)
find_package(fmt REQUIRED)
find_package(nlohmann_json REQUIRED)
find_package(ICU REQUIRED COMPONENTS uc i18n)
include(PmatchTorch)

add_library(pmatch_core STATIC core/files/atomic_file.cpp core/files/companion_library.cpp core/threads/cpu_slots.cpp
            core/text/json_fields.cpp core/files/regular_file.cpp core/common/schema.cpp core/text/utf8.cpp tests/gpu/no_checksums.cpp)
target_include_directories(pmatch_core PUBLIC "${PROJECT_SOURCE_DIR}")
target_link_libraries(pmatch_core PRIVATE pmatch_compiler fmt::fmt nlohmann_json::nlohmann_json Threads::Threads)

enable_testing()
add_subdirectory(models)
add_subdirectory(tests/gpu)
