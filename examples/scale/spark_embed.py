"""Embeds a collection in shards as tasks of a Spark job, on a file system that all executors share.

usage: spark-submit spark_embed.py COLLECTION MODEL SHARDS [THREADS-A-SHARD]
"""
import subprocess
import sys


def pmatch(*arguments):
    """Exit code 3 is done, too: some inputs have no vector, and `pmatch ledger` lists them."""
    result = subprocess.run(["pmatch", *map(str, arguments)], capture_output=True, text=True, check=False)
    if result.returncode not in (0, 3):
        raise RuntimeError(result.stderr.strip())
    return result.stderr.strip()


def main():
    if len(sys.argv) < 4:
        sys.exit(__doc__)
    from pyspark import SparkContext
    collection, model, shards = sys.argv[1], sys.argv[2], int(sys.argv[3])
    threads = int(sys.argv[4]) if len(sys.argv) > 4 else 2
    print(pmatch("plan", collection, "--model", model, "--shards", shards))

    def embed(index):
        return pmatch("--threads", threads, "embed", collection, "--model", model, "--shard", f"{index}/{shards}")

    context = SparkContext(appName="pmatch-embed")
    for said in context.parallelize(range(shards), shards).map(embed).collect():
        print(said)
    print(pmatch("merge", collection))


if __name__ == "__main__":
    main()
