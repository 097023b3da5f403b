#!/bin/bash
# One task of an array: a share of the vectors. Submitted by submit.sh; a task that is requeued goes on where it was.
#SBATCH --job-name=pmatch-embed
#SBATCH --requeue
#SBATCH --open-mode=append
set -euo pipefail

# auto/N takes the task's number as the share, so an array of a few tasks makes those that were lost. Exit code 3 is
# done, too: some inputs have no vector, and `pmatch ledger` lists them after the merge.
pmatch --threads "${SLURM_CPUS_PER_TASK:-1}" embed "$COLLECTION" --model "$MODEL" --shard "auto/$SHARDS" || [ $? -eq 3 ]
