"""Weights fitted by core/listwise_fit.cpp against scripts/matcher_training.py, whose fit() is the same method in numpy,
and Fisher's information against its definition, on random queries with absent values and absent columns.

usage: listwise_fit_parity.py FIT_TOOL. Exit code 77 (skipped) without numpy.
"""
import json
import pathlib
import subprocess
import sys

try:
    import numpy as np
except ImportError:
    print("skipped: numpy is not installed")
    sys.exit(77)

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
from matcher_training import fit, softmax, standardised  # noqa: E402

CASES = 40


def case(rng):
    features, width = int(rng.integers(1, 12)), int(rng.integers(3, 15))
    columns = [int(c) for c in rng.integers(-1, width, features)]
    queries = []
    truth = rng.normal(size=width)
    for _ in range(int(rng.integers(5, 60))):
        count = int(rng.integers(1, 20))
        rows = rng.normal(size=(count, width)).astype(np.float32)
        right = np.zeros(count, int)
        if rng.random() < .9:
            right[np.argmax(rows @ truth + rng.normal(size=count) * 2)] = 1
            right[int(rng.integers(count))] = 1
        rows[rng.random(rows.shape) < .1] = np.nan
        queries.append((rows, right))
    root = rng.normal(size=(features, features))
    prior = root @ root.T * float(rng.choice([.1, 1, 30])) + np.eye(features) * .5
    return {"columns": columns, "width": width, "queries": queries, "prior": prior,
            "mean": rng.normal(size=features), "scale": rng.uniform(.2, 3, features), "begin": rng.normal(size=features)}


def question(one):
    queries = [{"rows": [None if np.isnan(v) else float(v) for v in rows.ravel()], "right": right.tolist()}
               for rows, right in one["queries"]]
    return {"features": one["width"], "columns": one["columns"], "mean": one["mean"].tolist(),
            "scale": one["scale"].tolist(), "begin": one["begin"].tolist(), "prior": one["prior"].ravel().tolist(),
            "queries": queries}


def expected(one):
    x = np.concatenate([rows for rows, _ in one["queries"]]).astype(float)
    taken = np.stack([x[:, c] if c >= 0 else np.full(len(x), np.nan) for c in one["columns"]], 1)
    z = standardised(taken, one["mean"], one["scale"])
    hit = np.concatenate([right for _, right in one["queries"]]).astype(bool)
    start = np.concatenate([[0], np.cumsum([len(right) for _, right in one["queries"]])])
    weights = one["begin"]
    for _ in range(5):  # fit() stops early; from where it stopped, with the prior where it was, it goes on
        weights = polished(z, hit, start, one["prior"], one["begin"], weights)
    p = softmax(z @ one["begin"], start)
    information = np.zeros_like(one["prior"])
    for a, b in zip(start[:-1], start[1:]):
        mean = p[a:b] @ z[a:b]
        information += (z[a:b].T * p[a:b]) @ z[a:b] - np.outer(mean, mean)
    first, _ = fit(z, hit, start, np.ones(len(start) - 1), one["prior"], begin=one["begin"])
    assert np.abs(first - weights).max() < .05, "fit() itself is elsewhere"
    return weights, information


def polished(z, hit, start, prior, begin, w):
    """Newton's steps to the end, undamped."""
    total = np.repeat(np.add.reduceat(hit.astype(float), start[:-1]) > 0, np.diff(start))
    for _ in range(20):
        p = softmax(z @ w, start)
        right = np.repeat(np.maximum(np.add.reduceat(p * hit, start[:-1]), 1e-30), np.diff(start))
        gradient = z.T @ (total * p * (1 - hit / right)) + prior @ (w - begin)
        means = np.add.reduceat(z * (p * total)[:, None], start[:-1], axis=0)
        curve = (z.T * (total * p)) @ z - means.T @ means + prior
        w = w - .7 * np.linalg.solve(curve, gradient)
    return w


def main():
    rng = np.random.default_rng(7)
    cases = [case(rng) for _ in range(CASES)]
    done = subprocess.run([sys.argv[1]], input="".join(json.dumps(question(c)) + "\n" for c in cases),
                          capture_output=True, text=True, check=True)
    worst = [0., 0.]
    for one, line in zip(cases, done.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        weights, information = expected(one)
        worst[0] = max(worst[0], np.abs(np.array(answer["weights"]) - weights).max())
        worst[1] = max(worst[1], np.abs(np.array(answer["information"]) - information.ravel()).max())
    print(f"{CASES} fits: weights differ by at most {worst[0]:.1e}, information by {worst[1]:.1e}")
    return 0 if worst[0] < 1e-3 and worst[1] < 1e-6 else 1


if __name__ == "__main__":
    sys.exit(main())
