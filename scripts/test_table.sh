# Runs the tests of build/test under varied conditions and prints a row for each; sourced after lib.sh, never run.
# shellcheck shell=bash

built=$root/build/test
# shellcheck disable=SC2154  # root and logs are lib.sh's
table_logs=$logs/$(basename "$0" .sh)
table_failed=0

needs_build() {
    [ -f "$built/CTestTestfile.cmake" ] ||
        fail "build/test has no tests" "cmake --preset test && cmake --build --preset test"
}

# own_tests DIR [shared]: the same tests with logs and, unless shared, packages of their own below DIR, so that any
# user can run them, and what one run leaves behind cannot change another.
own_tests() {
    local directory=$1 packages=$1/test-packages file
    [ "${2:-own}" = own ] || packages=$built/test-packages
    (cd "$built" && find . -name CTestTestfile.cmake) | while read -r file; do
        mkdir -p "$directory/$(dirname "$file")"
        sed "s|$built/test-packages|$packages|g" "$built/$file" >"$directory/$file"
    done
}

table_head() { printf '%-16s %6s %6s %7s %8s  %s\n' "$1" passed failed skipped seconds "failures and remarks"; }

# no_row NAME REASON: a condition that cannot be had here.
no_row() { printf '%-16s %6s %6s %7s %8s  %s\n' "$1" - - - - "not had: $2"; }

# counted LOG: passed, failed, skipped, and the names of what failed, as ctest printed them.
counted() {
    awk '/^ *[0-9]+\/[0-9]+ Test +#[0-9]+: / && / sec *$/ {
             if (/\*\*\*Skipped/) skipped++
             else if (/ Passed /) passed++
             else { failed++; sub(/^.*Test +#[0-9]+: /, ""); names = names " " $1 }
         }
         END { print passed + 0, failed + 0, skipped + 0, names }' "$1"
}

# row NAME COMMAND…: COMMAND runs ctest. It may return 99 after a line "not had: REASON", and print lines "remark: TEXT".
row() {
    local name=$1 log=$table_logs/$1.log start=$SECONDS code=0 passed failed skipped names
    shift
    mkdir -p "$table_logs"
    ("$@") >"$log" 2>&1 || code=$?
    if [ $code -eq 99 ]; then
        no_row "$name" "$(sed -n 's/^not had: //p' "$log" | head -n 1)"
        return
    fi
    read -r passed failed skipped names < <(counted "$log")
    # What ctest says itself (no such test, a signal) is a failure without a name.
    if [ $((passed + failed + skipped)) -eq 0 ]; then
        failed=1 names="no test was run"
    elif [ "$code" -ne 0 ] && [ "$failed" -eq 0 ]; then
        failed=1 names="ctest: exit $code"
    fi
    names="$names$(sed -n 's/^remark: / /p' "$log" | tr -d '\n')"
    printf '%-16s %6s %6s %7s %8s  %s\n' "$name" "$passed" "$failed" "$skipped" $((SECONDS - start)) "${names# }"
    [ "$failed" -eq 0 ] || table_failed=1
}

table_end() {
    printf 'Logs: %s\n' "${table_logs#"$root"/}"
    return $table_failed
}
