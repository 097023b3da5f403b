#!/usr/bin/env bash
# The job of examples/ci/search-quality.yml, to be run from the root of the repository, here or there:
#   examples/ci/gate.sh DIRECTORY
# Exit code 4: measured, and below the gate. DIRECTORY then has gate.xml (JUnit) and summary.md.
set -euo pipefail
out=${1:?give a directory for the results}
text_model=${TEXT_MODEL:-packages/minilm-l6}
picture_model=${PICTURE_MODEL:-packages/efficientnet-lite0}
queries=examples/shop/queries.csv
truth=examples/shop/truth.csv
mkdir -p "$out"

pmatch --quiet ingest "$out/shop" examples/shop/catalog.csv --text title,description
pmatch --quiet embed "$out/shop" --model "$text_model"
pmatch --quiet embed "$out/shop" --model "$picture_model"
pmatch --quiet build-index "$out/shop"

# The answers once, for the summary and for who wants to look at them.
pmatch --quiet query "$out/shop" --queries $queries --top 100 --format trec > "$out/run.trec"
pmatch --quiet evaluate --run "$out/run.trec" --queries $queries --truth $truth \
    --format markdown -o "$out/summary.md"

# Next baseline: add `--format json --with-queries -o examples/ci/baseline.json` instead of the last two lines.
pmatch --quiet evaluate "$out/shop" --queries $queries --truth $truth --per-query "$out/queries.csv" \
    --fail-under recall@1=.7,recall@10=.95 \
    --baseline examples/ci/baseline.json --max-drop recall@1=.02,mrr=.02 --significant \
    --format junit -o "$out/gate.xml"
