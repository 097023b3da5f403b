#!/bin/bash
# Embeds a collection on a file system that all nodes share, in an array of Slurm tasks, then merges. Prints both jobs.
# usage: submit.sh COLLECTION MODEL SHARDS [option of sbatch…]
set -euo pipefail
[ $# -ge 3 ] || { sed -n '3s/^# //p' "$0" >&2; exit 2; }
here=$(cd "$(dirname "$0")" && pwd)
COLLECTION=$(realpath "$1") MODEL=$2 SHARDS=$3
export COLLECTION MODEL SHARDS
shift 3

# Decides the precision once, so that nodes of different kinds make vectors that belong together.
pmatch plan "$COLLECTION" --model "$MODEL" --shards "$SHARDS" >&2

array=$(sbatch --parsable --array="0-$((SHARDS - 1))" "$@" "$here/embed.sh")
merge=$(sbatch --parsable --dependency="afterok:$array" "$@" "$here/merge.sh")
echo "$array $merge"
