#!/usr/bin/env bash
# Pictures and what a language model says of them: DINOv2 compares the pictures, LLaVA-OneVision describes them, BERT
# compares the descriptions, and a Borda count adds the ranks of both. A photo is described, too, when it asks.
#
#   examples/serve/recipes/caption-borda.sh DIRECTORY [OPTION of pmatch serve…]
#
# Makes DIRECTORY/shop, measures it, and serves it if there is an option such as --port 8080. DINO, LLAVA and BERT name
# model packages; CATALOG, QUERIES, TRUTH and IMAGE_ROOT data of one's own. The packages, with a network:
#   .venv/bin/python scripts/export_model.py facebook/dinov2-base --out packages/dinov2-base
#   .venv/bin/python scripts/export_model.py llava-hf/llava-onevision-qwen2-0.5b-ov-hf --out packages/llava
#   .venv/bin/python scripts/export_model.py bert-base-uncased --out packages/bert-base
. "$(dirname "$0")/common.sh"
choose_queries p

pmatch --quiet ingest "$shop" "$catalog"
pmatch --quiet embed "$shop" --model "${DINO:-packages/dinov2-base}" --source image
pmatch --quiet caption "$shop" --model "${LLAVA:-packages/llava}" --max-tokens "${TOKENS:-64}"
pmatch --quiet embed "$shop" --model "${BERT:-packages/bert-base}" --source caption
pmatch --quiet build-index "$shop"
measure borda
serve borda "$@"
