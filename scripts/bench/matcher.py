"""recall@1 of the preset `matcher` on held-out records: one query at a time and with the whole query file (--batch),
both directions.

0 labels: trained on the other sets only. N labels: on these plus N pairs of the training half of this set; 5 seeded
splits, with the mean and the interval of a t distribution. Both are evaluated on the same records. The shipped model
is trained on all sets, so none of these figures applies to it directly.

Usage: .venv/bin/python scripts/bench/matcher.py DIRECTORY [SET ...]        (DIRECTORY as of scripts/train_matcher.py)
"""
import argparse
import pathlib
import sys

import numpy as np

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1]))
from matcher_sets import ROOT, SETS, directions  # noqa: E402
from matcher_training import adapt, figures, train  # noqa: E402

LABELS, SPLITS, T_4 = (0, 50, 100, 200, 400, None), 5, 2.776  # None: the whole half


def halves(groups, seed):
    order = np.random.default_rng(seed).permutation(sorted(groups))
    return list(order[:len(order) // 2]), set(order[len(order) // 2:])


def curve(base, mine):
    """{labels: {direction: [(alone, batch) of each split]}}"""
    groups = {group for one in mine for group in one.group.values()}
    found = {}
    for seed in range(SPLITS):
        learn, judge = halves(groups, seed)
        for labels in LABELS:
            if labels is not None and labels > len(learn):
                continue
            some = set(learn[:labels] if labels is not None else learn)
            model = base if labels == 0 else adapt(base, [one.pool for one in mine],
                                                   [one.of_groups(some) for one in mine])
            for one in mine:
                which = one.of_groups(judge)
                found.setdefault(labels, {}).setdefault(str(one), []).append(
                    [hits[which].mean() for hits in figures(model, one.pool)])
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("sets", nargs="*", default=list(SETS))
    options = parser.parse_args()
    every = directions(options.directory, ROOT / "packages" / "minilm-l6")
    print("set                     labels  one at a time    whole file       (held-out queries whose first answer is "
          "true)")
    for name in options.sets or SETS:
        base = train([one.pool for one in every if one.name != name])
        for labels, of_direction in curve(base, [one for one in every if one.name == name]).items():
            for direction, values in of_direction.items():
                mean, spread = np.mean(values, 0), T_4 * np.std(values, 0, ddof=1) / SPLITS ** .5
                cells = "   ".join(f"{m:.3f} +- {s:.3f}" for m, s in zip(mean, spread))
                print(f"{direction:22}  {'half' if labels is None else labels:>6}  {cells}", flush=True)


if __name__ == "__main__":
    main()
