"""Weights fitted by core/rerank/listwise_fit.cpp against scripts/matcher_pool.py, whose fit() is the same method in numpy:
the loss must be as low and a further step small; and Fisher's information against its definition. Random queries with
absent values and absent columns.

usage: listwise_fit_parity.py FIT_TOOL. Exit code 77 (skipped) without numpy, a failure in CI.
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

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
from matcher_pool import fit, softmax, standardised  # noqa: E402

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


def arrays(one):
    x = np.concatenate([rows for rows, _ in one["queries"]]).astype(float)
    taken = np.stack([x[:, c] if c >= 0 else np.full(len(x), np.nan) for c in one["columns"]], 1)
    z = standardised(taken, one["mean"], one["scale"])
    hit = np.concatenate([right for _, right in one["queries"]]).astype(bool)
    return z, hit, np.concatenate([[0], np.cumsum([len(right) for _, right in one["queries"]])])


def loss(one, w):
    z, hit, start = arrays(one)
    p = softmax(z @ w, start)
    right = np.add.reduceat(p * hit, start[:-1])
    away = w - one["begin"]
    return -np.log(right[right > 0]).sum() + away @ one["prior"] @ away / 2


def step_left(one, w):
    """How far Newton's method would still go."""
    z, hit, start = arrays(one)
    has = np.repeat(np.add.reduceat(hit.astype(float), start[:-1]) > 0, np.diff(start))
    p = softmax(z @ w, start) * has
    right = np.repeat(np.maximum(np.add.reduceat(p * hit, start[:-1]), 1e-30), np.diff(start))
    gradient = z.T @ (p * (1 - hit / right)) + one["prior"] @ (w - one["begin"])
    means = np.add.reduceat(z * p[:, None], start[:-1], axis=0)
    return np.abs(np.linalg.solve((z.T * p) @ z - means.T @ means + one["prior"], gradient)).max()


def information(one):
    z, _, start = arrays(one)
    p, total = softmax(z @ one["begin"], start), 0
    for a, b in zip(start[:-1], start[1:]):
        mean = p[a:b] @ z[a:b]
        total = total + (z[a:b].T * p[a:b]) @ z[a:b] - np.outer(mean, mean)
    return total


def main():
    rng = np.random.default_rng(7)
    cases = [case(rng) for _ in range(CASES)]
    done = subprocess.run([sys.argv[1]], input="".join(json.dumps(question(c)) + "\n" for c in cases),
                          capture_output=True, text=True, check=True)
    steps, behind, apart = [], [], []
    for one, line in zip(cases, done.stdout.splitlines(), strict=True):
        answer = json.loads(line)
        weights = np.array(answer["weights"])
        z, hit, start = arrays(one)
        theirs, _ = fit(z, hit, start, np.ones(len(start) - 1), one["prior"], begin=one["begin"])
        steps.append(step_left(one, weights))
        behind.append((loss(one, weights) - loss(one, theirs)) / loss(one, theirs))
        apart.append(np.abs(np.array(answer["information"]) - information(one).ravel()).max())
    print(f"{CASES} fits: Newton's method would go on by at most {max(steps):.1e}, the loss is above numpy's by at most "
          f"{max(behind):.1e}, information differs by {max(apart):.1e}")
    return 0 if max(steps) < 1e-2 and max(behind) < 1e-6 and max(apart) < 1e-5 else 1


if __name__ == "__main__":
    sys.exit(main())
