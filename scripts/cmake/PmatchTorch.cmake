# libtorch comes with the torch wheel; scripts/setup.sh puts it into .venv.
if(NOT Torch_DIR AND NOT DEFINED ENV{Torch_DIR})
    file(GLOB PMATCH_TORCH_CONFIG
         "${PROJECT_SOURCE_DIR}/.venv/lib/python3*/site-packages/torch/share/cmake/Torch")
    if(PMATCH_TORCH_CONFIG)
        list(GET PMATCH_TORCH_CONFIG 0 Torch_DIR)
    endif()
endif()
find_package(Torch REQUIRED)
