"""Our metrics against ir-measures (trec_eval's code through pytrec_eval) on random runs.

usage: metrics_parity.py SCORE_RUN_TOOL. Exit code 77 (skipped) without ir_measures.
"""

import json
import random
import subprocess
import sys

try:
    import ir_measures
    from ir_measures import AP, RR, R, ScoredDoc, Qrel, Success, nDCG
except ImportError:
    print("skipped: ir_measures is not installed")
    sys.exit(77)

AT = [1, 3, 5, 10, 50]
RUNS = 200


def random_case(rng):
    items = [f"i{n}" for n in range(rng.randint(2, 60))]
    truth, run = {}, {}
    for n in range(rng.randint(1, 12)):
        query = f"q{n}"
        judged = rng.sample(items, rng.randint(1, min(len(items), 15)))
        truth[query] = {item: rng.choice([0, 1, 1, 2, 3]) for item in judged}
        truth[query][judged[0]] = rng.randint(1, 3)  # at least one true item
        run[query] = rng.sample(items, rng.randint(0, len(items)))
        if rng.random() < 0.1:
            run[query] = None  # failed
    return truth, run


def reference(truth, run):
    """Means over all queries of the truth; trec_eval leaves out queries without answers."""
    wanted = {RR: "mrr", AP: "map", nDCG @ 10: "ndcg@10"}
    for k in AT:
        wanted[Success @ k] = f"hit@{k}"
        wanted[R @ k] = f"recall@{k}"
    qrels = [Qrel(q, d, g) for q, items in truth.items() for d, g in items.items()]
    scored = [
        ScoredDoc(q, d, float(1000 - rank))
        for q, items in run.items()
        for rank, d in enumerate(items or [])
    ]
    sums = {name: 0.0 for name in wanted.values()}
    for metric in ir_measures.pytrec_eval.iter_calc(list(wanted), qrels, scored):
        sums[wanted[metric.measure]] += metric.value
    values = {name: total / len(truth) for name, total in sums.items()}
    true = {q: {d for d, g in items.items() if g > 0} for q, items in truth.items()}
    for k in AT:
        found = sum(len(true[q] & set((run[q] or [])[:k])) for q in truth)
        values[f"pair_recall@{k}"] = found / sum(map(len, true.values()))
    return values


def main():
    rng = random.Random(20240501)
    worst = 0.0
    for number in range(RUNS):
        truth, run = random_case(rng)
        question = json.dumps({"at": AT, "truth": truth, "run": run})
        answer = subprocess.run(
            [sys.argv[1]], input=question, capture_output=True, text=True, check=True
        )
        ours, theirs = json.loads(answer.stdout), reference(truth, run)
        if ours.keys() != theirs.keys():
            sys.exit(f"other metrics: {sorted(ours)} and {sorted(theirs)}")
        for name, value in theirs.items():
            worst = max(worst, abs(ours[name] - value))
            if abs(ours[name] - value) > 1e-9:
                sys.exit(f"run {number}, {name}: ours {ours[name]}, reference {value}\n{question}")
    print(f"{RUNS} runs, {len(theirs)} metrics each, largest difference {worst:.1e}")


main()
