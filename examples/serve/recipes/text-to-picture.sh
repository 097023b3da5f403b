#!/usr/bin/env bash
# Words find pictures, without any text of the catalog: CLIP or SigLIP have a tower for each in one space.
#
#   examples/serve/recipes/text-to-picture.sh DIRECTORY [OPTION of pmatch serve…]
#
# Makes DIRECTORY/shop, measures it, and serves it if there is an option such as --port 8080. CLIP names a model
# package; CATALOG, QUERIES and TRUTH data of one's own. The package, with a network:
#   .venv/bin/python scripts/export_model.py openai/clip-vit-base-patch32 --out packages/clip
#   .venv/bin/python scripts/export_model.py google/siglip-base-patch16-224 --out packages/siglip
. "$(dirname "$0")/common.sh"
choose_queries t
preset=$(dirname "$0")/text-to-picture.jsonc

pmatch --quiet ingest "$shop" "$catalog"
pmatch --quiet embed "$shop" --model "${CLIP:-packages/clip}" --source image --space towers
pmatch --quiet build-index "$shop"
measure "$preset" --at 1,5,10
serve "$preset" "$@"
