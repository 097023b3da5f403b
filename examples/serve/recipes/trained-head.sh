#!/usr/bin/env bash
# A catalog's own 128 values: DINOv2 with a linear layer that was trained on its products, compared by exact inner
# product; the answers are shown with thumbnails.
#
#   examples/serve/recipes/trained-head.sh DIRECTORY [OPTION of pmatch serve…]
#
# Makes DIRECTORY/shop, measures it, and serves it if there is an option such as --port 8080. HEAD names a model
# package; CATALOG, QUERIES, TRUTH and IMAGE_ROOT data of one's own. The package, from the state dict of the layer:
#   .venv/bin/python scripts/export_model.py facebook/dinov2-base --head shop128.pt --out packages/shop128
. "$(dirname "$0")/common.sh"
choose_queries p

pmatch --quiet ingest "$shop" "$catalog"
pmatch --quiet embed "$shop" --model "${HEAD:-packages/shop128}" --source image --space head
pmatch --quiet build-index "$shop" --space head --layout Flat
measure flat-ip
serve flat-ip "$@"
