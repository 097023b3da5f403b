"""Candidates, their features, and the fit of a listwise linear model (softmax cross-entropy over a query's candidates),
in NumPy. The features are read from `pmatch query --features`, except the batch features
(core/rerank/batch_features.cpp), which depend on the model and are therefore reimplemented here."""
import json

import numpy as np

RETURN = ["score", "log_p", "return.rank", "return.share", "return.lead", "return.p.rank", "return.p.share",
          "return.p.lead", "return.hubness"]
LEAST_LOG, MOST_LEAD, HUBS = -12.0, 8.0, 5


class Pool:
    """The candidates of many queries: x [n, features], row [n], hit [n], start [queries + 1]; none [queries]: the truth
    has nothing for it."""

    def __init__(self, names, x, row, hit, query, none):
        self.names, self.x, self.row, self.hit, self.query, self.none = names, x, row, hit, query, none
        self.start = np.searchsorted(query, np.arange(len(none) + 1))

    def queries(self):
        return len(self.start) - 1

    def take(self, queries):
        """Only these queries, numbered anew."""
        keep = np.concatenate([np.arange(self.start[q], self.start[q + 1]) for q in queries] or [[]]).astype(int)
        lengths = [self.start[q + 1] - self.start[q] for q in queries]
        return Pool(self.names, self.x[keep], self.row[keep], self.hit[keep],
                    np.repeat(np.arange(len(queries)), lengths), self.none[queries])


def read_features(path, truth):
    """truth: query's number -> set of rows."""
    with open(path, "rb") as file:
        columns = json.loads(file.readline())["columns"]
        data = np.fromfile(file, "<f4").reshape(-1, len(columns))
    query, row = data[:, 0].astype(np.int64), data[:, 1].astype(np.int64)
    pairs = {q * (1 << 32) + r for q, rows in truth.items() for r in rows}
    hit = np.isin(query * (1 << 32) + row, np.fromiter(pairs, np.int64, len(pairs)))
    none = np.array([not truth.get(number) for number in range(int(query[-1]) + 1 if len(query) else 0)], bool)
    return Pool(columns[2:], data[:, 2:], row, hit, query, none)


def softmax(score, start):
    counts = np.diff(start)
    full = counts > 0
    top = np.maximum.reduceat(score, start[:-1][full])
    weight = np.exp(score - np.repeat(top, counts[full]))
    return weight / np.repeat(np.add.reduceat(weight, start[:-1][full]), counts[full])


def standardised(x, mean, scale):
    z = (x - mean) / scale
    z[np.isnan(z)] = 0
    return z


def with_new_features(mean, scale, weight, x):
    """Means and scales; of features that the sets before never had, and so weigh nothing, those of `x`."""
    new, some = np.abs(weight) < 1e-9, ~np.isnan(x).all(0)
    mean, scale = mean.copy(), scale.copy()
    mean[new & some] = np.nanmean(x[:, new & some], 0)
    spread = np.nanstd(x[:, new & some], 0)
    scale[new & some] = np.where(spread > 1e-6, spread, 1)
    return mean, scale


def fit(x, hit, start, weight, l2, steps=30, begin=None, first=None):
    """Newton's method: weights and the loss's second derivative. x [n, f] standardised; weight [queries]; l2, a
    number or a matrix, draws towards `begin` (default 0), where the search starts, too, but for `first`."""
    l2 = l2 * np.eye(x.shape[1]) if np.ndim(l2) == 0 else l2
    counts = np.diff(start)
    total = np.where(np.add.reduceat(hit.astype(float), start[:-1]) > 0, weight, 0)
    of_query = np.repeat(total, counts)
    prior = np.zeros(x.shape[1]) if begin is None else begin
    w = prior.copy() if first is None else first

    def loss(v):  # -ln of the chance that the first answer is a true one
        p = softmax(x @ v, start)
        right = np.maximum(np.add.reduceat(p * hit, start[:-1]), 1e-30)
        return -(total * np.log(right)).sum() + (v - prior) @ l2 @ (v - prior) / 2, p, np.repeat(right, counts)

    now, p, right = loss(w)
    for _ in range(steps):
        gradient = x.T @ (of_query * p * (1 - hit / right)) + l2 @ (w - prior)
        means = np.add.reduceat(x * p[:, None], start[:-1], axis=0)
        hessian = (x.T * (of_query * p)) @ x - (means.T * total) @ means + l2
        step = np.linalg.solve(hessian, gradient)
        rate = 1.0
        while rate > 1e-4:
            then, q, share = loss(w - rate * step)
            if then <= now:
                break
            rate /= 2
        w, p, right, gain, now = w - rate * step, q, share, now - then, then
        if gain < 1e-5 * abs(now):
            break
    return w, hessian


def return_features(score, pool_query, start, row):
    """Transcribes core/rerank/batch_features.cpp."""
    log_p = np.maximum(LEAST_LOG, np.log(np.maximum(softmax(score, start), 1e-300)))
    out = np.zeros((len(score), len(RETURN)))
    out[:, 0], out[:, 1] = score, log_p
    order = np.argsort(row, kind="stable")
    bounds = np.searchsorted(row[order], np.unique(row[order]))
    ends = np.append(bounds[1:], len(order))
    item = np.repeat(np.arange(len(bounds)), ends - bounds)
    for first, value in ((2, score), (5, log_p)):
        by_value = order[np.lexsort((-value[order], item))]
        v = value[by_value]
        place = np.arange(len(v)) - bounds[item]
        tied = np.concatenate([[False], (v[1:] == v[:-1]) & (item[1:] == item[:-1])])
        head = np.where(tied, 0, np.arange(len(v)))
        rank = place[np.maximum.accumulate(head)] + 1
        best = v[bounds][item]
        more = np.exp(v - best)
        second = np.where(ends - bounds > 1, v[np.minimum(bounds + 1, len(v) - 1)], -np.inf)[item]
        lead = np.where(v == best, v - second, v - best)
        out[by_value, first] = 1 / rank
        out[by_value, first + 1] = more / np.add.reduceat(more, bounds)[item]
        out[by_value, first + 2] = np.clip(lead, -MOST_LEAD, MOST_LEAD)
        if first == 2:
            among = place < HUBS
            total = np.add.reduceat(np.where(among, v, 0), bounds)
            out[by_value, 8] = (total / np.minimum(HUBS, ends - bounds))[item]
    return out


def kept(pool, score, count):
    """Numbers of the best candidates of each query."""
    order = np.lexsort((-score, pool.query))
    place = np.arange(len(order)) - pool.start[pool.query[order]]
    return np.sort(order[place < count])


def hit_at_1(score, hit, start):
    """Per query: the share of its best-scored candidates that are true."""
    counts = np.diff(start)
    out = np.zeros(len(counts))
    full = np.flatnonzero(counts)
    top = np.maximum.reduceat(score, start[:-1][full])
    best = score == np.repeat(top, counts[full])
    out[full] = np.add.reduceat((best & hit).astype(float), start[:-1][full]) / np.add.reduceat(
        best.astype(float), start[:-1][full])
    return out


def with_truth(pool):
    hits = np.add.reduceat(np.append(pool.hit, False).astype(int), pool.start[:-1]) * (np.diff(pool.start) > 0)
    return np.flatnonzero(hits)


def drop_lists(z, names, start, share, rng):
    """Blanks each list's features for some queries, so that the model does without."""
    lists = sorted({n.rsplit(".", 1)[0] for n in names if n.startswith("list.")})
    counts = np.diff(start)
    some = rng.random(len(counts)) < share
    for one in lists:
        columns = [i for i, n in enumerate(names) if n.startswith(one + ".") and n.count(".") == one.count(".") + 1]
        gone = np.repeat(some & (rng.random(len(counts)) < .5), counts)
        z[np.ix_(gone, columns)] = 0
