"""recall@1/5/10 of minilm-l6 on Abt-Buy and Walmart-Amazon, both directions, compared with published
results (Zeakis et al., "Pre-trained Embeddings for Entity Resolution", PVLDB 2023: all attributes
joined by a space in column order, exact search).

Data: the two sets as pyJedAI distributes them (tableA.csv, tableB.csv, matches.csv).
Usage: .venv/bin/python scripts/bench/text_recall.py
"""
import pathlib

from common import DATA, PACKAGES, evaluate, need, pmatch, workspace

PUBLISHED = {
    ("abt-buy", "B>A"): (.677, .917, .966), ("abt-buy", "A>B"): (.615, .876, .944),
    ("walmart-amazon", "B>A"): (.868, .981, .987), ("walmart-amazon", "A>B"): (.626, .850, .909)}


def main():
    print("set             queries>items   recall@1  @5     @10     published           largest difference")
    with workspace() as work:
        for (name, direction), published in PUBLISHED.items():
            folder = need(DATA / "text" / name, "pyJedAI's copy of " + name)
            queries, items = direction.split(">")
            collection = pathlib.Path(work) / f"{name}-{items}"
            pmatch("ingest", collection, folder / f"table{items}.csv")
            pmatch("embed", collection, "--model", PACKAGES / "minilm-l6")
            pmatch("build-index", collection)
            metrics = evaluate(collection, folder / f"table{queries}.csv", folder / "matches.csv",
                               "--preset", "text", "--truth-columns", f"id{queries},id{items}")
            found = [metrics[f"recall@{k}"] for k in (1, 5, 10)]
            worst = max(abs(a - b) for a, b in zip(found, published))
            print(f"{name:15} {queries} > {items}           "
                  + "   ".join(f"{x:.3f}" for x in found)
                  + "    " + " / ".join(f"{x:.3f}" for x in published) + f"  {worst:.4f}", flush=True)


if __name__ == "__main__":
    main()
