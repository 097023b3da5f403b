#!/bin/bash
# After the array: adds all shares in one commit, then builds the index. Submitted by submit.sh.
#SBATCH --job-name=pmatch-merge
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

pmatch merge "$COLLECTION" || [ $? -eq 3 ]
pmatch build-index "$COLLECTION"
