# Helpers shared by the scripts in this folder; sourced, never run.
# shellcheck shell=bash

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
logs="$root/build/logs"
python="$root/.venv/bin/python"
# shellcheck disable=SC2034  # read by the scripts that source this file
jobs=$(nproc 2>/dev/null || echo 2)
# So that the same sources in another clone are not compiled again.
export CCACHE_BASEDIR=$root CCACHE_NOHASHDIR=1
# Scripts that call each other count from the first one's start.
export PMATCH_SCRIPT_START=${PMATCH_SCRIPT_START:-$(date +%s)}

elapsed() {
    local seconds=$(($(date +%s) - PMATCH_SCRIPT_START))
    printf '%2d:%02d' $((seconds / 60)) $((seconds % 60))
}

say() { printf '[%s] %s\n' "$(elapsed)" "$*"; }

# fail WHAT FIX: says what is wrong and what to do, and stops.
fail() {
    printf '%s: error: %s\n  fix: %s\n' "$(basename "$0")" "$1" "$2" >&2
    exit 1
}

# Shows where a long command is: its newest line of output, in place on a terminal, every 30 s elsewhere.
watch_log() {
    local log=$1 what=$2 waited=0 newest
    while sleep 1 && kill -0 $$ 2>/dev/null; do
        waited=$((waited + 1))
        newest=$(tail -c 400 "$log" 2>/dev/null | tr -d '\0' | tr '\r' '\n' | grep -av '^ *$' | tail -n 1 | cut -c 1-80 || true)
        if [ -t 1 ]; then
            printf '\r\033[K[%s] %s … %s' "$(elapsed)" "$what" "$newest"
        elif [ $((waited % 30)) -eq 0 ]; then
            say "$what … $newest"
        fi
    done
}

# step WHAT COMMAND…: runs the command with its output in a log file, the end of which is shown when it fails.
step() {
    local what=$1 log watcher code=0
    shift
    mkdir -p "$logs"
    log="$logs/$(printf '%s' "$what" | tr -cs 'A-Za-z0-9' '-' | tr 'A-Z' 'a-z').log"
    [ -t 1 ] || say "$what"
    : >"$log"
    watch_log "$log" "$what" &
    watcher=$!
    # The command stays in the foreground so that Ctrl-C reaches it.
    "$@" >"$log" 2>&1 || code=$?
    kill "$watcher" 2>/dev/null || true
    wait "$watcher" 2>/dev/null || true
    [ ! -t 1 ] || printf '\r\033[K'
    if [ "$code" -ne 0 ]; then
        tail -n 80 "$log" >&2
        printf '%s: error: %s failed (exit %s)\n  log: %s\n' "$(basename "$0")" "$what" "$code" "${log#"$root"/}" >&2
        return "$code"
    fi
    say "$what: done"
}

# The C++ files of the project, tracked or about to be, one per line.
cpp_files() {
    git -C "$root" ls-files --cached --others --exclude-standard -- \
        'core/*.[ch]pp' 'models/*.[ch]pp' 'data/*.[ch]pp' 'cli/*.[ch]pp' 'tests/*.[ch]pp' 'examples/*.[ch]pp'
}

# hash_of FILE…: one checksum over names and contents.
hash_of() { sha256sum "$@" | sha256sum | cut -d ' ' -f 1; }
