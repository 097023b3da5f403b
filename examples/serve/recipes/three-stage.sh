#!/usr/bin/env bash
# Three cosines of every product: ResNet-50 and CLIP choose a hundred by the picture, CLIP's text tower lets pass what
# the photo says, and all three order the rest. Who asks for one gender and category says so: a gate before the search,
# {"where": "gender = 'women' and category = 'shoes'"}.
#
#   examples/serve/recipes/three-stage.sh DIRECTORY [OPTION of pmatch serve…]
#
# Makes DIRECTORY/shop, measures it, and serves it if there is an option such as --port 8080. RESNET and CLIP name model
# packages; CATALOG, QUERIES, TRUTH and IMAGE_ROOT data of one's own; WHERE a gate for the figures, BY columns to
# measure apart, such as item.category. The packages, with a network:
#   .venv/bin/python scripts/export_model.py microsoft/resnet-50 --out packages/resnet-50
#   .venv/bin/python scripts/export_model.py openai/clip-vit-base-patch32 --out packages/clip
. "$(dirname "$0")/common.sh"
choose_queries p
clip=${CLIP:-packages/clip}

pmatch --quiet ingest "$shop" "$catalog"
pmatch --quiet embed "$shop" --model "${RESNET:-packages/resnet-50}" --source image --space res
pmatch --quiet embed "$shop" --model "$clip" --source image --space clip
pmatch --quiet embed "$shop" --model "$clip" --source text --space clip-text
pmatch --quiet build-index "$shop" --layout Flat
measure three-stage ${WHERE:+--where "$WHERE"} ${BY:+--by "$BY"}
serve three-stage "$@"
