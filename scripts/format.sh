#!/usr/bin/env bash
# Formats every C++ file of the project in place.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"
command -v clang-format >/dev/null || fail "clang-format is missing" "scripts/setup.sh --dev"
cpp_files | xargs -r clang-format -i
