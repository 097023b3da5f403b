"""Embeds a collection in shards as Ray tasks, on a file system that all nodes share.

usage: ray_embed.py COLLECTION MODEL SHARDS [CPUS-A-SHARD]
"""
import subprocess
import sys

import ray


def pmatch(*arguments):
    """Exit code 3 is done, too: some inputs have no vector, and `pmatch ledger` lists them."""
    result = subprocess.run(["pmatch", *map(str, arguments)], capture_output=True, text=True, check=False)
    if result.returncode not in (0, 3):
        raise RuntimeError(result.stderr.strip())
    return result.stderr.strip()


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    collection, model, shards = sys.argv[1], sys.argv[2], int(sys.argv[3])
    cpus = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    ray.init()
    print(pmatch("plan", collection, "--model", model, "--shards", shards))
    # A task whose node is lost is run again, and goes on where it was.
    embed = ray.remote(num_cpus=cpus, max_retries=3)(pmatch)
    running = [embed.remote("--threads", cpus, "embed", collection, "--model", model, "--shard", f"{i}/{shards}")
               for i in range(shards)]
    for said in ray.get(running):
        print(said)
    print(pmatch("merge", collection))


if __name__ == "__main__":
    main()
