# What the recipes share; each sources it with its own arguments.
set -euo pipefail
if [ $# -eq 0 ]; then
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0" >&2
    exit 2
fi
out=$1
shift
shop=$out/shop
catalog=${CATALOG:-examples/shop/catalog.csv}
truth=${TRUTH:-examples/shop/truth.csv}
mkdir -p "$out"

# choose_queries p|t: of the example's queries those with a picture, or with a text. Pictures lie beside the file.
choose_queries() {
    queries=${QUERIES:-$out/queries.csv}
    image_root=${IMAGE_ROOT:-examples/shop}
    [ -n "${QUERIES:-}" ] || grep -E "^(id,|$1)" examples/shop/queries.csv >"$queries"
}

# measure PRESET [OPTION…]: the figures on stdout.
measure() {
    local preset=$1
    shift
    pmatch --quiet evaluate "$shop" --queries "$queries" --image-root "$image_root" --truth "$truth" \
        --preset "$preset" "$@"
}

# serve PRESET [OPTION…]: with options goes on as the server; without, says how to.
serve() {
    local preset=$1
    shift
    [ $# -eq 0 ] || exec pmatch serve "$shop" --preset "$preset" "$@"
    echo "Now: pmatch serve $shop --preset $preset"
}
