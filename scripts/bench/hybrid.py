"""recall@1/5/10 of the preset `hybrid`, as it comes, beside the best single list, on Abt-Buy, Walmart-Amazon and
WDC Products (the subset `wdc-b`), both directions: with a BM25 index over the whole text (3-grams), and with another
one over the title (`name` in Abt-Buy). No labels are used and nothing is tuned per set.

Wanted: recall@1 >= best - .03, recall@5 >= best - .01, recall@10 >= best - .005, and higher on most.

Data: Abt-Buy and Walmart-Amazon as pyJedAI distributes them; wdc-b as SC-Block does (tableA.csv, tableB.csv and
matches_cluster.csv: every pair with one cluster_id).
Usage: .venv/bin/python scripts/bench/hybrid.py [--keep DIRECTORY] [--analyser 3gram] [SET ...]
"""
import argparse
import pathlib
import tempfile

from common import DATA, PACKAGES, evaluate, need, pmatch

SETS = {  # the text's columns (empty: all), the title's column, the matches
    "abt-buy": ("", "name", "matches.csv"),
    "walmart-amazon": ("", "title", "matches.csv"),
    "wdc-b": ("brand,title,description,price,pricecurrency", "title", "matches_cluster.csv")}
CUTS = (1, 5, 10)
MAY_LOSE = (.03, .01, .005)


def make(collection, table, columns, title, analyser):
    if not (collection / "collection.json").exists():
        pmatch("ingest", collection, table, *(["--text", columns] if columns else []))
    pmatch("embed", collection, "--model", PACKAGES / "minilm-l6")
    pmatch("build-index", collection)
    for source in ("text", title):
        pmatch("build-index", collection, "--layout", "bm25", "--source", source, "--analyser", analyser)


def without_title(work):
    """The preset `hybrid` less its lists of titles: what it is where only the text has an index."""
    file = work / "text-only.jsonc"
    lines = pmatch("presets", "show", "hybrid")[0].splitlines(keepends=True)
    kept = "".join(line for line in lines if '"source": "title"' not in line and '"source": "name"' not in line)
    file.write_text(kept.replace("},\n  ],", "}\n  ],"))
    return file


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--keep", type=pathlib.Path)
    parser.add_argument("--analyser", default="3gram")
    parser.add_argument("sets", nargs="*", metavar="SET")
    options = parser.parse_args()
    print("set             queries>items  list              recall@1  @5     @10     minus the best single list")
    tally = {}
    with tempfile.TemporaryDirectory(prefix="pmatch-bench-") as temporary:
        work = pathlib.Path(temporary)
        text_only = without_title(work)
        for name in options.sets or SETS:
            columns, title, matches = SETS[name]
            folder = need(DATA / "text" / name, name)
            for queries, items in (("B", "A"), ("A", "B")):
                collection = (options.keep or work) / f"{name}-{items}"
                make(collection, folder / f"table{items}.csv", columns, title, options.analyser)

                def recall(*preset):
                    metrics = evaluate(collection, folder / f"table{queries}.csv", folder / matches,
                                       "--truth-columns", f"id{queries},id{items}", "--preset", *preset)
                    return [metrics[f"recall@{cut}"] for cut in CUTS]

                singles = {one: recall(one)
                           for one in ("text", f"text.{options.analyser}", f"{title}.{options.analyser}")}
                both = list(singles.values())[:2]
                rows = [(one, found, None) for one, found in singles.items()]
                rows += [("hybrid, text only", recall(text_only), both),
                         ("hybrid", recall("hybrid"), list(singles.values()))]
                for label, found, beside in rows:
                    line = f"{name:15} {queries} > {items}          {label:17} " + "   ".join(f"{x:.3f}" for x in found)
                    if beside:
                        more = [x - max(other[i] for other in beside) for i, x in enumerate(found)]
                        line += "   " + "  ".join(f"{x:+.3f}" for x in more)
                        seen = tally.setdefault(label, [0, 0, 0])
                        seen[0] += sum(x > 0 for x in more)
                        seen[1] += sum(x < -lose for x, lose in zip(more, MAY_LOSE))
                        seen[2] += len(more)
                    print(line, flush=True)
    for label, (higher, missed, count) in tally.items():
        print(f"{label}: higher in {higher} of {count}, below what is wanted in {missed}")


if __name__ == "__main__":
    main()
