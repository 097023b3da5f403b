#!/usr/bin/env bash
# Runs the tests with the instruction sets of older CPUs, by limiting libraries that select code at run time.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/test_table.sh"
cd "$root"

usage() {
    cat <<EOF
usage: scripts/cpu_levels.sh [--list | --short] [--level NAME]… [argument of ctest…]

Runs the tests of build/test at every level of instructions that can be forced on this CPU, and prints how they ended.
Limited are: torch's own code, oneDNN, MKL, OpenBLAS, the C library and libjpeg.

  --list        the levels, which of them this CPU has, and what torch and oneDNN say when they are forced
  --short       the lowest and the highest level, and only tests that compute vectors
  --level NAME  only this level (more than one may be given)

Everything else is given to ctest, such as: -L unit, -R cli_embed, -j 2. Exit 1 when a test failed at any level.
EOF
}

# level NAME FLAGS TORCH VARIABLE…: the flags of /proc/cpuinfo that it needs, what torch then says of itself, and the
# variables of the libraries. A level is oneDNN's; the others get the nearest that they know.
names=() needed_flags=() torch_says=() variables=()
level() {
    names+=("$1") needed_flags+=("$2") torch_says+=("$3")
    shift 3
    variables+=("$*")
}
no_avx512=-AVX512F,-AVX512VL,-AVX512BW,-AVX512DQ,-AVX512CD
no_avx2=$no_avx512,-AVX2,-FMA,-FMA4,-BMI1,-BMI2
c_library=GLIBC_TUNABLES=glibc.cpu.hwcaps
old=(ATEN_CPU_CAPABILITY=default JSIMD_FORCESSE2=1)
avx2=(ATEN_CPU_CAPABILITY=avx2 MKL_ENABLE_INSTRUCTIONS=AVX2 OPENBLAS_CORETYPE=Haswell "$c_library=$no_avx512")
avx512=(ATEN_CPU_CAPABILITY=avx512)
skylake=("${avx512[@]}" OPENBLAS_CORETYPE=SkylakeX)
level sse41 "sse4_1" DEFAULT "${old[@]}" ONEDNN_MAX_CPU_ISA=SSE41 MKL_ENABLE_INSTRUCTIONS=SSE4_2 \
    OPENBLAS_CORETYPE=Nehalem "$c_library=$no_avx2,-AVX"
# MKL warns on stderr that it will drop AVX without AVX2, and the tests want a silent stderr.
level avx "avx" DEFAULT "${old[@]}" ONEDNN_MAX_CPU_ISA=AVX MKL_ENABLE_INSTRUCTIONS=SSE4_2 \
    OPENBLAS_CORETYPE=Sandybridge "$c_library=$no_avx2"
level avx2 "avx2 fma" AVX2 "${avx2[@]}" ONEDNN_MAX_CPU_ISA=AVX2
level avx2-vnni "avx2 fma avx_vnni" AVX2 "${avx2[@]}" ONEDNN_MAX_CPU_ISA=AVX2_VNNI
level avx2-vnni-2 "avx2 fma avx_vnni_int8 avx_ne_convert" AVX2 "${avx2[@]}" ONEDNN_MAX_CPU_ISA=AVX2_VNNI_2
level avx512 "avx512f avx512bw avx512vl avx512dq" AVX512 "${skylake[@]}" ONEDNN_MAX_CPU_ISA=AVX512_CORE \
    MKL_ENABLE_INSTRUCTIONS=AVX512
level avx512-vnni "avx512_vnni" AVX512 "${skylake[@]}" ONEDNN_MAX_CPU_ISA=AVX512_CORE_VNNI \
    MKL_ENABLE_INSTRUCTIONS=AVX512_E1
level avx512-bf16 "avx512_bf16" AVX512 "${avx512[@]}" ONEDNN_MAX_CPU_ISA=AVX512_CORE_BF16 \
    MKL_ENABLE_INSTRUCTIONS=AVX512_E3
level avx512-fp16 "avx512_fp16" AVX512 "${avx512[@]}" ONEDNN_MAX_CPU_ISA=AVX512_CORE_FP16 \
    MKL_ENABLE_INSTRUCTIONS=AVX512_E3
level amx "amx_tile amx_int8 amx_bf16" AVX512 "${avx512[@]}" ONEDNN_MAX_CPU_ISA=AVX512_CORE_AMX \
    MKL_ENABLE_INSTRUCTIONS=AVX512_E4
level amx-fp16 "amx_tile amx_fp16" AVX512 "${avx512[@]}" ONEDNN_MAX_CPU_ISA=AVX512_CORE_AMX_FP16 \
    MKL_ENABLE_INSTRUCTIONS=AVX512_E5

# Vectors in every precision, their indexes, rankings. packages and cli_embed compute vectors, too, but need more than a
# minute each with SSE4.1.
short_tests='^(core|core_index_parity|core_bm25_parity|models|cli_precision)$'

mode=all chosen=' '
while [ $# -gt 0 ]; do
    case $1 in
        --list | --short) mode=${1#--} ;;
        --level)
            [[ " ${names[*]} " == *" ${2:-} "* ]] || fail "there is no level '${2:-}'" "scripts/cpu_levels.sh --list"
            chosen+="$2 "
            shift
            ;;
        -h | --help) usage && exit 0 ;;
        *) break ;;
    esac
    shift
done

cpu_flags=$(sed -n 's/^flags[[:space:]]*: //p' /proc/cpuinfo | head -n 1)
# absent FLAGS: those of them that the CPU lacks.
absent() {
    local flag missing=()
    for flag in $1; do
        [[ " $cpu_flags " == *" $flag "* ]] || missing+=("$flag")
    done
    printf '%s' "${missing[*]-}"
}

# said_of_themselves VARIABLES: the level that torch and oneDNN took. A level that is not taken proves nothing.
said_of_themselves() {
    local program='import torch
print("torch", torch.backends.cpu.get_cpu_capability(), flush=True)
picture, weights = torch.ones(1, 8, 8, 8).to_mkldnn(), torch.ones(8, 8, 3, 3).to_mkldnn()
torch.nn.functional.conv2d(picture, weights)'
    # shellcheck disable=SC2086  # a list of variables
    env $1 ONEDNN_VERBOSE=1 "$python" -c "$program" 2>&1 |
        sed -n 's/^torch /torch: /p; s/.*cpu,isa:/oneDNN: /p' | paste -sd ';' | sed 's/;/; /g'
}

# at_level VARIABLES ARGUMENT…: what "auto" remembers of a machine lies in the home directory, so each level has its own.
at_level() {
    local home list=$1
    shift
    home=$(mktemp -d "$scratch/home.XXXXXX")
    # shellcheck disable=SC2086  # a list of variables
    env $list HOME="$home" ctest --test-dir "$scratch/tests" --output-on-failure "$@"
}

if [ "$(uname -m)" != x86_64 ]; then
    say "CPU levels: none can be forced on $(uname -m)"
    exit 0
fi
had=()
for i in "${!names[@]}"; do
    [ -n "$(absent "${needed_flags[i]}")" ] || had+=("$i")
done
wanted=("${!names[@]}") packages=own
if [ $mode = short ]; then
    wanted=("${had[0]}")
    [ ${#had[@]} -eq 1 ] || wanted+=("${had[-1]}")
    # Exporting the packages takes longer than any of the tests, and they are there after a run of all tests.
    [ ! -f "$built/test-packages/caption/model.json" ] || packages=shared
    set -- -R "$short_tests" "$@"
fi
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
if [ $mode != list ]; then
    needs_build
    own_tests "$scratch/tests" $packages
    table_head level
fi
for i in "${wanted[@]}"; do
    name=${names[i]} missing=$(absent "${needed_flags[i]}")
    if [ "$chosen" != ' ' ] && [[ $chosen != *" $name "* ]]; then continue; fi
    if [ -n "$missing" ]; then
        no_row "$name" "this CPU lacks $missing"
        continue
    fi
    says=
    [ $mode = short ] || says=$(said_of_themselves "${variables[i]}")
    if [ $mode = list ]; then
        printf '%-16s %s\n' "$name" "$says"
    elif [ -n "$says" ] && [[ $says != *"torch: ${torch_says[i]}"* ]]; then
        no_row "$name" "torch does not obey its variable: $says"
        table_failed=1
    else
        [ $packages = own ] || set -- "$@" -FA '^cli_packages$'
        row "$name" at_level "${variables[i]}" "$@"
        [ $mode != short ] || packages=shared # made by the first level
    fi
done
[ $mode = list ] || table_end
