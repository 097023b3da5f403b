#!/usr/bin/env bash
# The unit tests of core/, data/ and the engine (fake encoders, no torch) under the thread sanitizer.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
cd "$root"

cmake --preset tsan >/dev/null
cmake --build --preset tsan -j "$jobs" --target pmatch_core_tests pmatch_engine_tests pmatch_data_tests
# OpenMP and OpenBLAS are not instrumented, so their internals are ignored.
TSAN_OPTIONS="suppressions=$root/tests/core/tsan.supp ignore_noninstrumented_modules=1" \
    ctest --preset tsan -R '^(core|engine|data)$'
