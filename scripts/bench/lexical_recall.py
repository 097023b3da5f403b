"""recall@1/5/10 of BM25 on Abt-Buy and Walmart-Amazon (queries B, items A), compared with the published results
of Sparkly (Paulsen, Govind, Doan, PVLDB 2023, as given by Zeakis et al., PVLDB 2023: BM25 on 3-grams) and, for
words, with a plain script (runs of letters and digits, k1 1.2, b 0.75).

Data: the two sets as pyJedAI distributes them (tableA.csv, tableB.csv, matches.csv).
Usage: .venv/bin/python scripts/bench/lexical_recall.py
"""
import pathlib

from common import DATA, evaluate, need, pmatch, workspace

BESIDE = {
    ("abt-buy", "3gram"): (.888, .968, .980), ("walmart-amazon", "3gram"): (.972, .999, 1.000),
    ("abt-buy", "words"): (.754, .925, .957), ("walmart-amazon", "words"): (.952, .998, 1.000)}


def main():
    print("set             analyser  recall@1  @5     @10     beside              largest difference")
    with workspace() as work:
        for (name, analyser), beside in BESIDE.items():
            folder = need(DATA / "text" / name, "pyJedAI's copy of " + name)
            collection = pathlib.Path(work) / name
            if not collection.exists():
                pmatch("ingest", collection, folder / "tableA.csv")
            pmatch("build-index", collection, "--layout", "bm25", "--analyser", analyser)
            metrics = evaluate(collection, folder / "tableB.csv", folder / "matches.csv",
                               "--preset", f"text.{analyser}", "--truth-columns", "idB,idA")
            found = [metrics[f"recall@{k}"] for k in (1, 5, 10)]
            worst = max(abs(a - b) for a, b in zip(found, beside))
            print(f"{name:15} {analyser:8} " + "   ".join(f"{x:.3f}" for x in found)
                  + "    " + " / ".join(f"{x:.3f}" for x in beside) + f"  {worst:.4f}", flush=True)


if __name__ == "__main__":
    main()
