"""BM25 compared with the Python package bm25s (numba backend): queries/s and index building, one thread,
top 10, in the same run, on Walmart-Amazon: 22,074 queries against 2,554 items, and vice versa.

Queries/s exclude splitting texts into terms, as in bm25s, and are reported by `pmatch evaluate --verbose`;
"end to end" adds reading the query file, splitting, ids and the output. Building includes splitting: for pmatch
from the first text read to the finished file. bm25s gets the terms of the same analysers: words through its own
tokenizer with the pattern \\w+, 3-grams through a Python function. Runs alternate; bm25s is warmed up (compiled)
in advance.

Data: Walmart-Amazon as pyJedAI distributes it (tableA.csv, tableB.csv).
Usage: PYTHON scripts/bench/bm25.py [--rounds 5]; PYTHON has bm25s[core] and numba
"""
import argparse
import math
import pathlib
import re
import statistics
import subprocess
import time

import bm25s
from bm25s.tokenization import Tokenized

from common import DATA, binary, joined_texts, need, pmatch, workspace

TOP = 10
WORD = re.compile(r"\w+")


def grams(text):
    for word in WORD.findall(text.lower()):
        if len(word) < 3:
            yield word
        for i in range(len(word) - 2):
            yield word[i:i + 3]


def tokenize(texts, analyser):
    """bm25s's own tokenizer for words; for 3-grams its data structure from a Python function."""
    if analyser == "words":
        return bm25s.tokenize(texts, token_pattern=r"(?u)\w+", stopwords=None, show_progress=False)
    vocabulary = {}
    ids = [[vocabulary.setdefault(g, len(vocabulary)) for g in grams(text)] for text in texts]
    return Tokenized(ids=ids, vocab=vocabulary)


def bm25s_build(texts, analyser):
    start = time.perf_counter()
    index = bm25s.BM25(method="lucene", k1=1.2, b=.75, backend="numba")
    index.index(tokenize(texts, analyser), show_progress=False)
    return index, time.perf_counter() - start


def known_terms(index, queries, analyser):
    tokens = tokenize(queries, analyser)
    terms = {number: term for term, number in tokens.vocab.items()}
    ids = [[index.vocab_dict[terms[n]] for n in query if terms[n] in index.vocab_dict]
           for query in tokens.ids]
    return Tokenized(ids=ids, vocab=index.vocab_dict)


def bm25s_rate(index, tokens):
    """The better of two runs in a row, because it lives in a process that does other things too."""
    seconds = []
    for _ in range(2):
        start = time.perf_counter()
        index.retrieve(tokens, k=TOP, show_progress=False, n_threads=1, backend_selection="numba")
        seconds.append(time.perf_counter() - start)
    return len(tokens.ids) / min(seconds)


def pmatch_build(collection, analyser):
    """Seconds, as `build-index --verbose` says."""
    for k1 in ("1.3", "1.2"):  # an index that is up to date would not be built again
        _, said = pmatch("--verbose", "--threads", "1", "build-index", collection, "--layout",
                         "bm25", "--analyser", analyser, "--k1", k1)
    return float(re.search(r"postings, ([\d.]+) ms", said).group(1)) / 1000


def pmatch_rate(collection, analyser, queries):
    """Queries/s of the searches alone, with cutting into terms, and of the whole command."""
    start = time.perf_counter()
    done = subprocess.run([binary(), "--verbose", "--threads", "1", "query", collection,
                           "--queries", queries, "--preset", f"text.{analyser}", "--top", str(TOP),
                           "--format", "tsv"], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE,
                          text=True, check=True)
    whole = time.perf_counter() - start
    said = re.findall(r": (\d+) queries: (terms|lexical search) ([\d.]+) ms", done.stderr)
    count = sum(int(n) for n, what, _ in said if what == "terms")
    terms = sum(float(t) for _, what, t in said if what == "terms") / 1000
    search = sum(float(t) for _, what, t in said if what == "lexical search") / 1000
    return count / search, count / (terms + search), count / whole


def compare(collection, items, queries, analyser, rounds):
    """Prints a line; the ratios of queries/s and of building."""
    texts, asked = joined_texts(items), joined_texts(queries)
    index, _ = bm25s_build(texts, analyser)
    tokens = known_terms(index, asked, analyser)
    bm25s_rate(index, tokens)
    ours, theirs, builds = [], [], []
    for _ in range(rounds):
        builds.append((pmatch_build(collection, analyser), bm25s_build(texts, analyser)[1]))
        ours.append(pmatch_rate(collection, analyser, queries))
        theirs.append(bm25s_rate(index, tokens))
    ratio = statistics.median(o[0] / t for o, t in zip(ours, theirs))
    build = statistics.median(b / o for o, b in builds)
    middle = [statistics.median(column) for column in zip(*ours)]
    print(f"{analyser:6} {len(asked):6,} into {len(texts):6,}  {middle[0]:9,.0f} "
          f"{statistics.median(theirs):9,.0f} {ratio:6.2f}   {middle[1]:9,.0f} {middle[2]:9,.0f}   "
          f"{statistics.median(b[0] for b in builds):6.3f} "
          f"{statistics.median(b[1] for b in builds):6.3f} {build:6.1f}", flush=True)
    return ratio, build


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    folder = need(DATA / "text" / "walmart-amazon", "pyJedAI's copy of walmart-amazon")
    tables = {side: folder / f"table{side}.csv" for side in "AB"}
    print(f"bm25s {bm25s.__version__}; queries/s without cutting into terms, pmatch also with it "
          "and end to end; seconds to build")
    print("                               pmatch     bm25s  ratio    + terms  whole job   pmatch  bm25s  ratio")
    ratios = []
    with workspace() as work:
        for items, queries in ("AB", "BA"):
            collection = pathlib.Path(work) / items
            pmatch("ingest", collection, tables[items])
            for analyser in ("words", "3gram"):
                ratios.append(compare(collection, tables[items], tables[queries], analyser, rounds))
    rates = [rate for rate, _ in ratios]
    print(f"queries/s: geometric mean of the ratios "
          f"{math.prod(rates) ** (1 / len(rates)):.2f}, least {min(rates):.2f}; "
          f"building: least {min(build for _, build in ratios):.1f}")


if __name__ == "__main__":
    main()
