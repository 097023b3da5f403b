"""The presets borda and three-stage against numpy transcriptions of their formulas, on random cases: the
orders must be identical.

usage: ranking_parity.py RANK_TOOL. Exit code 77 (skipped) without numpy, a failure in CI.
"""

import json
import pathlib
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

try:
    import numpy as np
except ImportError as missing:
    no_library(missing)

CASES = 1000


def borda_case(rng):
    """Lists of different lengths over few items, with equal scores."""
    items = int(rng.integers(2, 60))
    lists = []
    for _ in range(3):
        rows = rng.permutation(items)[: int(rng.integers(0, items + 1))]
        scores = np.sort(rng.integers(0, 1000, len(rows)).astype(np.float32))[::-1]
        # Within equal scores a list goes by item id.
        order = np.lexsort((rows, -scores))
        lists.append([[int(rows[i]), float(scores[i])] for i in order])
    return {"preset": "borda", "top": int(rng.integers(1, 40)), "depth": int(rng.integers(1, 70)),
            "weights": [float(w) for w in rng.integers(0, 4, 3)], "lists": lists}


def borda(case):
    depth = max(case["depth"], case["top"])
    score = {}
    for weight, ranked in zip(case["weights"], case["lists"]):
        for i, (row, _) in enumerate(ranked[:depth]):
            score[row] = score.get(row, 0.0) + weight * (depth - i)
    rows, scores = list(score), np.array(list(score.values()))  # in the order met
    order = np.argsort(-scores, kind="stable")
    return [rows[i] for i in order][: case["top"]]


def three_stage_case(rng):
    items = int(rng.integers(1, 400))
    cosines = rng.uniform(-1, 1, (3, items)).astype(np.float32)
    if rng.random() < 0.3:
        cosines = np.round(cosines, 1)  # equal scores
    return {"preset": "three-stage", "top": int(rng.integers(1, 120)),
            "gate": str(rng.choice(["minmax", "absolute", "zscore"])),
            "at_least": float(rng.choice([0.25, 0.0, -0.5, 0.6])),
            "backfill": bool(rng.random() < 0.5),
            "lists": [[[i, float(x)] for i, x in enumerate(row)] for row in cosines]}


def three_stage(case):
    raw = np.array([[x for _, x in row] for row in case["lists"]], dtype=np.float64)
    low, high = raw.min(axis=1, keepdims=True), raw.max(axis=1, keepdims=True)
    res, clip, text = (raw - low) / (high - low + 1e-8)
    stage1 = 0.6 * res + 0.4 * clip
    kept = np.argsort(-stage1, kind="stable")[:100]
    gate = {"minmax": text, "absolute": raw[2],
            "zscore": (raw[2] - raw[2].mean()) / (raw[2].std() + 1e-8)}[case["gate"]]
    final = 0.35 * res + 0.25 * clip + 0.40 * text
    passed = [i for i in kept if gate[i] >= case["at_least"]]
    stopped = [i for i in kept if not gate[i] >= case["at_least"]]
    order = sorted(passed, key=lambda i: (-final[i], i))
    if case["backfill"]:
        order += sorted(stopped, key=lambda i: (-final[i], i))
    return [int(i) for i in order][: case["top"]]


def main():
    rng = np.random.default_rng(20240502)
    for make, reference in [(borda_case, borda), (three_stage_case, three_stage)]:
        cases = [make(rng) for _ in range(CASES)]
        answers = subprocess.run([sys.argv[1]], input="".join(json.dumps(c) + "\n" for c in cases),
                                 capture_output=True, text=True, check=True).stdout.splitlines()
        if len(answers) != CASES:
            sys.exit(f"{len(answers)} answers to {CASES} cases")
        for number, (case, answer) in enumerate(zip(cases, answers)):
            ours, theirs = json.loads(answer), reference(case)
            if ours != theirs:
                sys.exit(f"{case['preset']}, case {number}: ours {ours}, reference {theirs}")
        print(f"{cases[0]['preset']}: {CASES} cases, orders identical")


main()
