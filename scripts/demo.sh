#!/usr/bin/env bash
# Demo on a fresh machine: sets up, builds, and runs the main commands on examples/shop.
set -euo pipefail
. "$(dirname "$0")/lib.sh"
cd "$root"

usage() {
    cat <<EOF
usage: scripts/demo.sh [--cuda]

Sets up (scripts/setup.sh), builds pmatch, then takes the catalog in examples/shop through ingest, embed,
build-index, query and evaluate. The collection it makes is demo/shop.
EOF
}

setup_arguments=()
for argument in "$@"; do
    case $argument in
        --cuda) setup_arguments+=(--cuda) ;;
        -h | --help) usage && exit 0 ;;
        *)
            usage >&2
            exit 2
            ;;
    esac
done

# Echoes a command as one would type it, then runs it.
show() {
    local word line=''
    for word in "$@"; do
        case $word in
            *[!A-Za-z0-9_./,=:-]*) line+=" \"$word\"" ;;
            *) line+=" $word" ;;
        esac
    done
    printf '\n$%s\n' "$line"
    "$@"
}

scripts/setup.sh "${setup_arguments[@]}"
step "Configuring (preset release)" cmake --preset release
step "Building pmatch" cmake --build --preset release -j "$jobs"
PATH="$root/build/release:$root/build/release/cli:$PATH"
command -v pmatch >/dev/null || fail "the build made no pmatch" "look into build/logs"

shop=examples/shop
mkdir -p demo
show pmatch ingest demo/shop $shop/catalog.csv --text title,description
show pmatch embed demo/shop --model packages/efficientnet-lite0
show pmatch embed demo/shop --model packages/minilm-l6
show pmatch build-index demo/shop
show pmatch query demo/shop --image $shop/queries/p08.jpg --top 3
show pmatch query demo/shop --text "vintage canvas bag with buckles, greenish" --top 3
show pmatch query demo/shop --text "blk adjustable light for my desk" --top 3
show pmatch evaluate demo/shop --queries $shop/queries.csv --truth $shop/truth.csv

cat <<EOF

[$(elapsed)] All of it worked. Try next:
  export PATH="\$PWD/$(dirname "$(command -v pmatch | sed "s|^$root/||")"):\$PATH"
  pmatch status demo/shop
  pmatch query demo/shop --image $shop/queries/p17.jpg --text "laptop rucksack blue" --top 5
  pmatch query demo/shop --queries $shop/queries.csv --format tsv
  pmatch evaluate demo/shop --queries $shop/queries.csv --truth $shop/truth.csv --format json
  pmatch ingest my-shop my-catalog.csv --text title,description   # then embed and build-index as above
EOF
