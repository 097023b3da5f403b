#!/usr/bin/env bash
# What CI runs: sets up, builds with tests, runs them all, then scripts/check.sh. Ends with ctest's summary.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

case ${1:-} in
    '') ;;
    --cuda) ;;
    -h | --help)
        echo "usage: scripts/test.sh [--cuda]"
        echo "Sets up (scripts/setup.sh --dev), builds the preset test, runs every test, then scripts/check.sh."
        exit 0
        ;;
    *)
        echo "usage: scripts/test.sh [--cuda]" >&2
        exit 2
        ;;
esac

scripts/setup.sh --dev "$@"
step "Configuring (preset test)" cmake --preset test
step "Building with tests" cmake --build --preset test -j "$jobs"

summary=build/test/ctest.log
tests=0 checks=0
say "Running the tests"
ctest --preset test -j "$jobs" 2>&1 | tee "$summary" || tests=$?
scripts/check.sh || checks=$?

[ $checks -eq 0 ] || printf 'test.sh: error: scripts/check.sh failed\n  fix: see its lines above\n' >&2
echo
say "The summary of all tests once more:"
sed -n '/tests passed/,$p; /^No tests were found/p' "$summary"
[ $tests -eq 0 ] && [ $checks -eq 0 ]
