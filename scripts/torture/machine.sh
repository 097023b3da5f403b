#!/usr/bin/env bash
# Runs the tests as on other machines: with another locale, time zone, user, directories, cores and limits.
set -euo pipefail
. "$(dirname "$0")/../lib.sh"
. "$(dirname "$0")/../test_table.sh"
cd "$root"

memory_limit=12 # GiB of addresses: torch and its threads take 6
# name | what is changed. The function with_NAME below makes it so and runs its arguments.
conditions=(
    "plain|nothing"
    "locale-c|LC_ALL=C"
    "locale-c-utf8|LC_ALL=C.UTF-8"
    "locale-turkish|LC_ALL=tr_TR.UTF-8: I and i are no pair"
    "locale-german|LC_ALL=de_DE.UTF-8: a comma in numbers"
    "locale-latin1|LC_ALL=de_DE.ISO-8859-1: text is not UTF-8"
    "zone-east|TZ=Pacific/Kiritimati, 14 hours before UTC"
    "zone-west|TZ=America/St_Johns, 3 1/2 hours after it, with summer time"
    "umask-077|umask 077"
    "umask-000|umask 000"
    "tmp-memory|TMPDIR in /dev/shm"
    "tmp-disk|TMPDIR on the disk of the sources"
    "tmp-odd|TMPDIR with blanks, quotes and other alphabets in its name"
    "home-unset|no HOME"
    "home-broken|a HOME in which nothing can be made"
    "user|a user without a name and without rights; needs root"
    "one-core|one core (taskset)"
    "files-256|ulimit -n 256"
    "memory|ulimit -v: $memory_limit GiB of addresses"
    "openmp-1|OMP_NUM_THREADS=1"
    "openmp-7|OMP_NUM_THREADS=7"
    "busy|two processes that spin beside it"
    "order|directories list their entries from Z to A"
    "ci|CI=true: a reference library that is absent is a failure"
)

usage() {
    cat <<EOF
usage: scripts/torture/machine.sh [--list] [--packages] [--condition NAME]… [argument of ctest…]

Runs the tests of build/test under one condition after the other, and prints how they ended and what they left in TMPDIR.

  --list            the conditions
  --packages        with the model packages in build/test (made by ctest -R cli_packages), instead of new ones each time
  --condition NAME  only this one (more than one may be given)

Everything else is given to ctest. Without it: -L unit. The whole suite under all conditions takes hours:
  scripts/torture/machine.sh -L unit -j 2
  scripts/torture/machine.sh --condition user --condition umask-077 -LE torture
Exit 1 when a test failed under any condition.
EOF
}

chosen=' ' packages=own
while [ $# -gt 0 ]; do
    case $1 in
        --list)
            printf '%s\n' "${conditions[@]}" | sed 's/|/\t/' | expand -t 18
            exit 0
            ;;
        --packages) packages=shared ;;
        --condition)
            printf '%s\n' "${conditions[@]}" | grep -q "^${2:-}|" ||
                fail "there is no condition '${2:-}'" "scripts/torture/machine.sh --list"
            chosen+="$2 "
            shift
            ;;
        -h | --help) usage && exit 0 ;;
        *) break ;;
    esac
    shift
done
[ $# -gt 0 ] || set -- -L unit
[ $packages = own ] || set -- "$@" -FA '^cli_packages$'

# Each runs in a process of its own. $own: the tests' directory, which the condition may change.
not_had() {
    echo "not had: $*"
    exit 99
}

with_plain() { "$@"; }
with_locale_c() { LC_ALL=C "$@"; }
with_locale_c_utf8() { LC_ALL=C.UTF-8 "$@"; }
with_locale_turkish() { with_locale tr_TR UTF-8 "$@"; }
with_locale_german() { with_locale de_DE UTF-8 "$@"; }
with_locale_latin1() { with_locale de_DE ISO-8859-1 "$@"; }
with_locale() { # LANGUAGE CHARSET COMMAND…
    local name=$1.$2
    if ! locale -a | tr -d - | grep -iqx "${name//-/}"; then
        export LOCPATH=$scratch/locales
        mkdir -p "$LOCPATH"
        localedef -i "$1" -f "$2" "$LOCPATH/$name" || not_had "no locale $name, and localedef cannot make it (apt-get install locales)"
    fi
    LC_ALL=$name "${@:3}"
}
with_zone_east() { with_zone Pacific/Kiritimati "$@"; }
with_zone_west() { with_zone America/St_Johns "$@"; }
with_zone() { # ZONE COMMAND…
    [ -f "/usr/share/zoneinfo/$1" ] || not_had "no time zone $1 (apt-get install tzdata)"
    TZ=$1 "${@:2}"
}
with_umask_077() { umask 077 && "$@"; }
with_umask_000() { umask 000 && "$@"; }
with_tmp_memory() {
    [ -w /dev/shm ] || not_had "/dev/shm cannot be written"
    with_tmp /dev/shm "$@"
}
with_tmp_disk() { with_tmp "$root/build" "$@"; }
with_tmp() { # PARENT COMMAND…
    local code=0
    TMPDIR=$(mktemp -d "$1/pmatch-machine.XXXXXX")
    export TMPDIR
    "${@:2}" || code=$?
    rm -rf "$TMPDIR"
    return $code
}
with_tmp_odd() {
    export TMPDIR="$scratch/Größe 猫 it's \"odd\" \$HOME"
    mkdir -p "$TMPDIR" && "$@"
}
with_home_unset() { env -u HOME "$@"; }
with_home_broken() { HOME=/dev/null/home "$@"; } # not even root can make it
with_user() {
    [ "$(id -u)" -eq 0 ] || not_had "only root can become another user"
    command -v setpriv >/dev/null || not_had "no setpriv (apt-get install util-linux)"
    local become=(setpriv --reuid 54321 --regid 54321 --clear-groups) path
    for path in "$built/pmatch" "$python" "$root/tests/CMakeLists.txt"; do
        "${become[@]}" test -r "$path" || not_had "a user without rights cannot read $path"
    done
    chmod 755 "$scratch"
    chown -R 54321:54321 "$own" "$TMPDIR" "$HOME"
    "${become[@]}" "$@"
}
with_one_core() {
    local cores
    cores=$(taskset -cp $$) || not_had "no taskset"
    cores=${cores##*: }
    taskset -c "${cores%%[,-]*}" "$@"
}
with_files_256() { ulimit -n 256 && "$@"; }
with_memory() { ulimit -v $((memory_limit << 20)) && "$@"; }
with_openmp_1() { with_openmp 1 "$@"; }
with_openmp_7() { with_openmp 7 "$@"; }
with_openmp() { # THREADS COMMAND… The Python tests have one thread, else.
    find "$own" -name CTestTestfile.cmake -exec sed -i "s/OMP_NUM_THREADS=set:1/OMP_NUM_THREADS=set:$1/g" {} +
    OMP_NUM_THREADS=$1 "${@:2}"
}
with_busy() {
    local spinning=() code=0
    for _ in 1 2; do
        (while :; do :; done) &
        spinning+=($!)
    done
    # shellcheck disable=SC2064  # these processes
    trap "kill ${spinning[*]}" EXIT
    "$@" || code=$?
    return $code
}
with_order() {
    local shim=$built/tests/torture/order_shim.so
    [ -f "$shim" ] || not_had "$shim is not built"
    LD_PRELOAD=$shim "$@"
}
with_ci() { CI=true "$@"; }

# The tests themselves, with what they left behind.
tests() {
    local code=0 left
    ctest --test-dir "$own" --output-on-failure "$@" || code=$?
    left=$(find "$TMPDIR" -mindepth 1 -maxdepth 1 -printf ' %f')
    [ -z "$left" ] || echo "remark: left in TMPDIR:$(echo "$left" | cut -c 1-200)"
    return $code
}

if [ "${1:-}" = --inside ]; then # a condition runs this script again, so that its command can be one that execs
    own=$2
    shift 2
    tests "$@"
    exit
fi
needs_build
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
table_head condition
for condition in "${conditions[@]}"; do
    name=${condition%%|*}
    if [ "$chosen" != ' ' ] && [[ $chosen != *" $name "* ]]; then continue; fi
    own=$scratch/$name/tests
    mkdir -p "$scratch/$name/tmp" "$scratch/$name/home"
    own_tests "$own" $packages
    TMPDIR=$scratch/$name/tmp HOME=$scratch/$name/home CI='' \
        row "$name" "with_${name//-/_}" "$BASH" "scripts/torture/machine.sh" --inside "$own" "$@"
    rm -rf "${scratch:?}/$name"
done
table_end
