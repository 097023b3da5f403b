#!/usr/bin/env bash
# All checks besides the tests: format, layers, headers on their own, clang-tidy, CPU levels, sanitizers.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

usage() {
    cat <<EOF
usage: scripts/check.sh [--quick | --full | --cpus]

Checks the format and the layers; then compiles every header on its own, runs clang-tidy, runs the tests that compute
vectors at the lowest and the highest CPU level of this machine, and the unit tests under the address and
undefined-behaviour sanitizers.

  --quick  only format and layers (seconds, needs no build)
  --full   under the sanitizers also the program itself (labels cli and torture), the fuzz targets and the
           comparisons with reference libraries
  --cpus   only this: all tests at every CPU level that can be forced here, as a table (scripts/cpu_levels.sh)
EOF
}

quick=no
full=no
cpus=no
case ${1:-} in
    '') ;;
    --quick) quick=yes ;;
    --full) full=yes ;;
    --cpus) cpus=yes ;;
    -h | --help) usage && exit 0 ;;
    *)
        usage >&2
        exit 2
        ;;
esac
tools=(clang-format clang-tidy)
[ $quick = no ] || tools=(clang-format)
[ $cpus = no ] || tools=()
for tool in "${tools[@]}"; do
    command -v "$tool" >/dev/null || fail "$tool is missing" "scripts/setup.sh --dev"
done

failed=()

# build_tests TARGET…: in build/test.
build_tests() {
    [ -f build/test/CMakeCache.txt ] || cmake --preset test || return 1
    cmake --build --preset test -j "$jobs" --target "$@"
}

check_format() {
    cpp_files | xargs -r clang-format --dry-run -Werror || return 1
}

# forbid RULE PATTERN PATH…: no #include that fits PATTERN in these files.
forbid() {
    local rule=$1 pattern=$2 hits
    shift 2
    hits=$(git grep --untracked -nE "^[[:space:]]*#[[:space:]]*include[[:space:]]*[<\"]($pattern)" -- "$@" || true)
    [ -n "$hits" ] || return 0
    printf '%s\n  rule: %s\n' "$hits" "$rule" >&2
    return 1
}

# Who may include what. CMake sees links between libraries, not these.
check_layers() {
    local bad=0
    python3 scripts/folders.py || bad=1
    forbid "torch is included by models/torch/ only" '(torch|ATen|c10|caffe2)/' core data models cli ':!models/torch' || bad=1
    forbid "FAISS is included by core/index/ only" 'faiss/' core data models cli ':!core/index' || bad=1
    forbid "OpenCV and ZXing are included by core/opencv/ only" '(opencv2|ZXing)/' core data models cli ':!core/opencv' || bad=1
    forbid "HDF5 is included by data/embeddings/ only" '(hdf5|H5[A-Za-z]*)\.h' core data models cli ':!data/embeddings' || bad=1
    forbid "SQLite is included by data/items/ only" 'sqlite3' core data models cli ':!data/items' || bad=1
    forbid "picture formats are included by data/decoders/ and data/pictures/ only" \
        '(jpeglib|png|tiffio|gif_lib|openjpeg)\.h|(webp|avif|libheif)/' core data models cli \
        ':!data/decoders' ':!data/pictures' || bad=1
    forbid "lcms2 is included by models/preprocess/ only" 'lcms2' core data models cli ':!models/preprocess' || bad=1
    forbid "ICU is included by models/text/ and data/pictures/name_forms.cpp only" 'unicode/' core data models cli \
        ':!models/text' ':!data/pictures/name_forms.cpp' || bad=1
    forbid "CLI11 is included by cli/terminal/option_parser.cpp only" 'CLI/' core data models cli tests examples \
        ':!cli/terminal/option_parser.cpp' || bad=1
    forbid "libmicrohttpd is included by cli/serve/microhttpd/ only" 'microhttpd' core data models cli tests examples \
        ':!cli/serve/microhttpd' || bad=1
    forbid "libcurl is included by cli/serve/curl/ only" 'curl/' core data models cli tests examples \
        ':!cli/serve/curl' || bad=1
    forbid "libpq is included by data/libpq/ only" '(postgresql/)?libpq-fe' core data models cli tests examples ':!data/libpq' || bad=1
    # What is printed is printed by the command line: everything below it tells an Observer.
    ! git grep --untracked -nE 'std::c(out|err|log)\b' -- core data models cli/indexing cli/engine cli/evaluation \
        cli/matching cli/tuning ':!models/torch/torch_library.cpp' >&2 || bad=1
    forbid "a header has no third-party type" '(faiss|torch|ATen|openssl|unicode|CLI|opencv2|ZXing)/|xxhash|sqlite3|hdf5|microhttpd|curl/|libpq-fe' \
        'core/*.hpp' 'data/*.hpp' 'models/*.hpp' 'cli/*.hpp' ':!models/torch' ':!data/embeddings/hdf5.hpp' \
        ':!core/opencv' ':!cli/serve/microhttpd' ':!cli/serve/curl' || bad=1
    return $bad
}

check_headers() { build_tests all_verify_interface_header_sets; }

check_cpu_levels() {
    build_tests pmatch pmatch_core_tests pmatch_models_tests pmatch_packages_tests || return 1
    scripts/cpu_levels.sh --short -j "$jobs"
}

check_tidy() {
    cmake --preset tidy || return 1
    python3 scripts/tidy.py build/tidy --jobs "$jobs"
}

# Leaks are not reported: torch and OpenBLAS keep memory for the life of the process. A request for too much memory
# is refused as the system refuses it, not an error of its own. The library that breaks the disk is loaded first.
check_sanitizers() {
    local targets=(--target pmatch_core_tests pmatch_engine_tests pmatch_data_tests pmatch_models_tests) tests=(-R '^(core|engine|data|models)$')
    [ $full = no ] || targets=() tests=(-L '^(unit|cli|fuzz|torture)$' -E '^torture_limits$')
    cmake --preset asan || return 1
    cmake --build --preset asan -j "$jobs" "${targets[@]}" || return 1
    ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1:verify_asan_link_order=0 \
        UBSAN_OPTIONS=print_stacktrace=1 ctest --preset asan -j "$jobs" "${tests[@]}"
}

if [ $cpus = yes ]; then
    step "Building the tests" build_tests all
    exec scripts/cpu_levels.sh -j "$jobs"
fi

step "Format" check_format || failed+=("format (scripts/format.sh mends it)")
step "Layers" check_layers || failed+=(layers)
if [ $quick = no ]; then
    step "Headers on their own" check_headers || failed+=(headers)
    step "clang-tidy" check_tidy || failed+=(clang-tidy)
    step "CPU levels" check_cpu_levels || failed+=("CPU levels")
    step "Sanitizers" check_sanitizers || failed+=(sanitizers)
fi
if [ ${#failed[@]} -gt 0 ]; then
    for name in "${failed[@]}"; do
        printf 'check.sh: error: %s\n' "$name" >&2
    done
    exit 1
fi
say "All checks passed"
