"""Our metrics against ir_measures, ranx (where it is installed) and NumPy on random runs.

usage: metrics_parity.py SCORE_RUN_TOOL. Exit code 77 (skipped) without ir_measures, a failure in CI.
"""

import importlib.util
import json
import pathlib
import random
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "scripts" / "bench"))
sys.path.insert(0, str(ROOT / "tests" / "support"))
import metric_references as references  # noqa: E402
from skipped import no_library  # noqa: E402

AT = [1, 3, 5, 10, 50]
RUNS = 200


def random_case(rng):
    """Queries that failed, that have no answers, no truth; ties; items judged wrong."""
    items = [f"i{n}" for n in range(rng.randint(2, 60))]
    truth, run = {}, {}
    for n in range(rng.randint(1, 12)):
        query = f"q{n}"
        judged = rng.sample(items, rng.randint(1, min(len(items), 15)))
        truth[query] = {item: rng.choice([0, 1, 1, 2, 3]) for item in judged}
        truth[query][judged[0]] = rng.randint(1, 3)  # at least one true item
        found = rng.sample(items, rng.randint(0, len(items)))
        scores = sorted((round(rng.random(), 1) for _ in found), reverse=True)
        run[query] = list(zip(found, scores))
        if rng.random() < 0.1:
            run[query] = None  # failed
        if n > 0 and rng.random() < 0.1:
            del truth[query]
    return truth, run


def ask(tool, cases):
    questions = "".join(
        json.dumps({"at": AT, "threshold": threshold, "truth": truth, "run": run}) + "\n"
        for truth, run, threshold in cases)
    done = subprocess.run([tool], input=questions, capture_output=True, text=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def main():
    if importlib.util.find_spec("ir_measures") is None:
        no_library("ir_measures is not installed")
    peers = {"ir_measures": references.ir_measures_values}
    if importlib.util.find_spec("ranx") is not None:
        peers["ranx"] = references.ranx_values
    rng = random.Random(20240501)
    cases = [(*random_case(rng), rng.choice([0.3, 0.5, 0.7])) for _ in range(RUNS)]
    worst = {}
    for number, ((truth, run, threshold), ours) in enumerate(zip(cases, ask(sys.argv[1], cases))):
        answered = {q: answers or [] for q, answers in run.items()}
        checked = set()
        values = {name: peer(truth, answered, AT) for name, peer in peers.items()}
        values["numpy"] = references.pair_values(truth, answered, AT, threshold)
        for name, theirs in values.items():
            difference, metric = references.largest_difference(ours, theirs)
            worst[name] = max(worst.get(name, 0), difference)
            checked |= theirs.keys()
            if difference > references.TOLERANCE:
                sys.exit(f"run {number}, {metric}: ours {ours[metric]}, {name} {theirs[metric]}")
        if checked != ours.keys():
            sys.exit(f"nobody checks {ours.keys() - checked}")
    print(f"{RUNS} runs, largest differences: "
          + ", ".join(f"{name} {value:.1e}" for name, value in worst.items()))


main()
