#!/usr/bin/env bash
# Builds and runs the checks that need a GPU, with few other dependencies.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

usage() {
    cat <<EOF
usage: scripts/gpu_check.sh [--torch DIR] [PACKAGE...]

Builds models/ and one program against a torch with CUDA, compares the GPU's vectors with the CPU's in every
precision, takes the GPU's memory away to see passes being halved, and prints inputs/s of each. Without a GPU it
builds, says so, and skips the rest.

Needed: a C++20 compiler, CMake 3.25, the CUDA toolkit of that torch, and the development files of fmt,
nlohmann-json and ICU (Debian: libfmt-dev nlohmann-json3-dev libicu-dev). No FAISS, HDF5, SQLite, OpenSSL.

  --torch DIR  the directory of the torch wheel; default: the one of .venv, else of python3
  PACKAGE      model packages; default: those in packages/. They are plain directories: copy them along
EOF
}

torch='' packages=()
while [ $# -gt 0 ]; do
    case $1 in
        --torch)
            [ $# -ge 2 ] || fail "--torch needs a directory" "see scripts/gpu_check.sh --help"
            torch=$2
            shift
            ;;
        -h | --help) usage && exit 0 ;;
        -*)
            usage >&2
            exit 2
            ;;
        *) packages+=("$1") ;;
    esac
    shift
done

if [ -z "$torch" ]; then
    for candidate in "$python" python3; do
        torch=$("$candidate" -c 'import importlib.util as u; print(u.find_spec("torch").submodule_search_locations[0])' 2>/dev/null) && break
    done
fi
[ -n "$torch" ] || fail "no torch in .venv nor in python3" "pip install torch, or give --torch DIR"
[ -f "$torch/share/cmake/Torch/TorchConfig.cmake" ] || fail "$torch is no torch wheel" "give --torch DIR"
if [ ${#packages[@]} -eq 0 ]; then
    for package in packages/*/model.json; do
        [ ! -f "$package" ] || packages+=("$(dirname "$package")")
    done
fi
[ ${#packages[@]} -gt 0 ] || fail "there is no model package" "give PACKAGE, or export one with scripts/export_model.py"

build=build/gpu-check
generator=()
command -v ninja >/dev/null && generator=(-G Ninja)
step "Configuring the GPU check" cmake -S . -B "$build" "${generator[@]}" -DCMAKE_BUILD_TYPE=Release -DPMATCH_GPU_CHECK=ON \
    "-DTorch_DIR=$torch/share/cmake/Torch"
step "Building the GPU check" cmake --build "$build" -j "$jobs" --target pmatch_gpu_check
code=0
"$build/pmatch_gpu_check" "${packages[@]}" || code=$?
if [ $code -eq 77 ]; then
    say "The GPU check was built and then skipped: see the line above"
    exit 0
fi
exit $code
