#!/usr/bin/env bash
# The long form of the tests of label fuzz: every target under libFuzzer with the address and undefined-behaviour sanitizers.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
cd "$root"

seconds=${1:-600}
case $seconds in
    *[!0-9]* | '')
        echo "usage: scripts/torture/fuzz.sh [SECONDS] [TARGET…]   (600 s each; needs apt-get install clang libclang-rt-14-dev libomp-14-dev)"
        [ "${1:-}" = --help ] && exit 0
        exit 2
        ;;
esac
shift || true
command -v clang++ >/dev/null || fail "clang++ is missing" "apt-get install clang libclang-rt-14-dev libomp-14-dev"

cmake --preset fuzz >/dev/null
cmake --build --preset fuzz -j "$jobs"
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
    for binary in build/fuzz/tests/fuzz/pmatch_fuzz_*; do
        [ -x "$binary" ] && [ -f "$binary" ] && targets+=("${binary##*/pmatch_fuzz_}")
    done
fi
mkdir -p build/fuzz/corpus build/fuzz/faults
status=0
for target in "${targets[@]}"; do
    seeds=tests/fuzz/seeds/$target
    mkdir -p "build/fuzz/corpus/$target"
    log=build/fuzz/corpus/$target.log
    # Leaks are not looked for: FAISS, ICU and HDF5 keep tables for the life of the process.
    if ASAN_OPTIONS=detect_leaks=0:allocator_may_return_null=1 "build/fuzz/tests/fuzz/pmatch_fuzz_$target" \
        "build/fuzz/corpus/$target" "$seeds" -max_total_time="$seconds" -timeout=30 -rss_limit_mb=4096 -max_len=65536 \
        -artifact_prefix=build/fuzz/faults/"$target"- -print_final_stats=1 >"$log" 2>&1; then
        printf '%-16s %s runs, coverage %s\n' "$target" \
            "$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")" \
            "$(grep -o 'cov: [0-9]*' "$log" | tail -1 | cut -d' ' -f2)"
    else
        status=1
        printf '%-16s a fault: %s\n' "$target" "$log"
        grep -m3 -E 'ERROR|SUMMARY|runtime error|Test unit written' "$log" || true
    fi
done
exit $status
