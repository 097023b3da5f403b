"""Training of the matcher: listwise linear models (softmax cross-entropy over a query's candidates), numpy alone.
The features are those that `pmatch query --features` writes; only how a score stands among all queries of a file
(core/match_return.cpp) is computed here a second time, because it changes with every model."""
import json

import numpy as np

RETURN = ["score", "log_p", "return.rank", "return.share", "return.lead", "return.p.rank", "return.p.share",
          "return.p.lead", "return.hubness"]
BIAS = "bias"  # 1 for every item, so that its weight moves all against "none of them"
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
    """Transcribes core/match_return.cpp."""
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


class Model:
    """Linear models: of a pair; of its score among all queries of a file; and, of both, the odds that it is a match."""

    def __init__(self, names):
        self.names = names
        self.mean, self.scale = np.zeros(len(names)), np.ones(len(names))
        self.alone, self.alone_hessian = np.zeros(len(names)), None
        self.batch_mean, self.batch_scale = np.zeros(len(RETURN)), np.ones(len(RETURN))
        self.batch, self.batch_hessian = np.zeros(len(RETURN)), None
        self.odds_names = [*names, *RETURN, BIAS]
        self.odds_mean, self.odds_scale = np.zeros(len(self.odds_names)), np.ones(len(self.odds_names))
        self.odds, self.odds_hessian = np.zeros(len(self.odds_names)), None

    def score(self, pool, chunk=1 << 18):
        parts = [standardised(pool.x[i:i + chunk], self.mean, self.scale) @ self.alone
                 for i in range(0, len(pool.row), chunk)]
        return np.concatenate(parts) if parts else np.zeros(0)

    def in_return(self, pool, count):
        """The best `count` candidates' pool and return features."""
        score = self.score(pool)
        best = kept(pool, score, count)
        small = Pool(pool.names, np.zeros((len(best), 0), np.float32), pool.row[best], pool.hit[best],
                     pool.query[best], pool.none)
        return small, return_features(score[best], small.query, small.start, small.row)

    def json(self):
        def features(names, mean, scale, weight):
            return [{"feature": n, "mean": round(float(m), 6), "scale": round(float(s), 6), "weight": round(float(w), 6)}
                    for n, m, s, w in zip(names, mean, scale, weight)]
        return {"alone": features(self.names, self.mean, self.scale, self.alone),
                "batch": features(RETURN, self.batch_mean, self.batch_scale, self.batch),
                "odds": features(self.odds_names, self.odds_mean, self.odds_scale, self.odds)}


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


def train(pools, l2=60.0, batch_l2=100.0, odds_l2=100.0, count=30, most=60, dropout=.3, seed=1):
    """pools: directions whose queries all may be used. Each counts the same, as 1,000 queries."""
    names = pools[0].names
    rng = np.random.default_rng(seed)
    model = Model(names)
    some = [pool.take(with_truth(pool)) for pool in pools]
    for pool in some:  # the hardest by a plain guess, all true ones, and some others
        guess = np.nan_to_num(pool.x[:, [names.index(n) for n in GUESS]]).sum(1) + rng.random(len(pool.row)) * .3
        guess[pool.hit] = np.inf
        best = kept(pool, guess, most)
        pool.x, pool.row, pool.hit, pool.query = (v[best] for v in (pool.x, pool.row, pool.hit, pool.query))
        pool.start = np.searchsorted(pool.query, np.arange(pool.queries() + 1))
    every = np.concatenate([p.x for p in some])
    model.mean, model.scale = np.nanmean(every, 0), np.nanstd(every, 0)
    model.mean, model.scale = np.nan_to_num(model.mean), np.where(model.scale > 1e-6, model.scale, 1)
    z = standardised(every, model.mean, model.scale)
    hit = np.concatenate([p.hit for p in some])
    start = np.concatenate([[0], np.cumsum(np.concatenate([np.diff(p.start) for p in some]))])
    weight = np.concatenate([np.full(p.queries(), 1000 / p.queries()) for p in some])
    drop_lists(z, names, start, dropout, rng)
    model.alone, model.alone_hessian = fit(z, hit, start, weight, l2)
    train_batch(model, pools, batch_l2, count)
    train_odds(model, pools, odds_l2, count, dropout, rng)
    return model


GUESS = ["text.idf.jaccard", "title.idf.jaccard", "title.trigrams.jaccard", "models.in_item", "models.in_query"]


def train_batch(model, pools, l2, count):
    parts = []
    for pool in pools:
        small, x = model.in_return(pool, count)
        use = np.isin(small.query, with_truth(small))
        parts.append((x[use], small.hit[use], np.bincount(small.query[use])))
    parts = [(x, hit, n[n > 0]) for x, hit, n in parts]
    x = np.concatenate([p[0] for p in parts])
    model.batch_mean, model.batch_scale = x.mean(0), np.maximum(x.std(0), 1e-6)
    start = np.concatenate([[0], np.cumsum(np.concatenate([p[2] for p in parts]))])
    weight = np.concatenate([np.full(len(p[2]), 1000 / len(p[2])) for p in parts])
    z = standardised(x, model.batch_mean, model.batch_scale)
    model.batch, model.batch_hessian = fit(z, np.concatenate([p[1] for p in parts]), start, weight, l2)


def judged(model, pool, queries, count, most=5):
    """The best candidates, and the true ones, of those queries whose answer is known: an item, or none of them. With
    all features, those of the whole file among them."""
    score = model.score(pool)
    best = kept(pool, score, count)
    start = np.searchsorted(pool.query[best], np.arange(pool.queries() + 1))
    place = np.empty(len(best), int)
    order = np.lexsort((-score[best], pool.query[best]))
    place[order] = np.arange(len(order)) - start[pool.query[best][order]]
    known = np.zeros(pool.queries(), bool)
    known[np.intersect1d(queries, pool.query[best][pool.hit[best]])] = True
    known |= pool.none & np.isin(np.arange(pool.queries()), queries)
    use = known[pool.query[best]] & ((place < most) | pool.hit[best])
    of_file = return_features(score[best], pool.query[best], start, pool.row[best])[use]
    some = best[use]
    which, number = np.unique(pool.query[some], return_inverse=True)
    x = np.concatenate([pool.x[some], of_file, np.ones((len(some), 1))], 1)
    return Pool(model.odds_names, x, pool.row[some], pool.hit[some], number, pool.none[which])


def with_none(pools, mean, scale):
    """Standardised features, hits and starts of all pools together; the last candidate of each query is none of them."""
    zs, hits, counts = [], [], []
    for pool in pools:
        count = np.diff(pool.start)
        z = np.zeros((len(pool.row) + pool.queries(), len(pool.names)))
        hit = np.zeros(len(z), bool)
        place = np.arange(len(pool.row)) + pool.query
        z[place], hit[place] = standardised(pool.x, mean, scale), pool.hit
        hit[np.cumsum(count + 1) - 1] = pool.none
        zs.append(z), hits.append(hit), counts.append(count + 1)
    return np.concatenate(zs), np.concatenate(hits), np.concatenate([[0], np.cumsum(np.concatenate(counts))])


def ridge(size, l2):
    """Draws all weights but the last, the bias."""
    matrix = l2 * np.eye(size)
    matrix[-1, -1] = 1e-3
    return matrix


def evenly(none):
    """Weights of queries: those with an answer count as 1,000, and those without at most as much."""
    each = 1000 / max(1, np.count_nonzero(~none))
    return np.where(none, each * min(1, np.count_nonzero(~none) / max(1, np.count_nonzero(none))), each)


def train_odds(model, pools, l2, count, dropout, rng):
    some = [judged(model, pool, np.arange(pool.queries()), count) for pool in pools]
    every = np.concatenate([pool.x for pool in some])
    mean, scale = np.nan_to_num(np.nanmean(every, 0)), np.nan_to_num(np.nanstd(every, 0))
    model.odds_mean, model.odds_scale = np.append(mean[:-1], 0), np.where(scale > 1e-6, scale, 1)
    z, hit, start = with_none(some, model.odds_mean, model.odds_scale)
    weight = np.concatenate([evenly(pool.none) for pool in some])
    drop_lists(z, model.odds_names, start, dropout, rng)
    model.odds, model.odds_hessian = fit(z, hit, start, weight, ridge(z.shape[1], l2))


def adapt_odds(model, base, pools, queries, others, l2, count):
    some = [judged(model, pool, which, count) for pool, which in zip(pools, queries)]
    model.odds_mean, model.odds_scale = base.odds_mean, base.odds_scale
    z, hit, start = with_none(some, base.odds_mean, base.odds_scale)
    prior = others * base.odds_hessian + ridge(z.shape[1], l2)
    model.odds, model.odds_hessian = fit(z, hit, start, np.ones(len(start) - 1), prior, begin=base.odds,
                                       first=np.zeros(z.shape[1]))


def alike(counts):
    """Weights of queries: each direction counts the same, all together as many as there are."""
    each = np.sum(counts) / max(1, np.count_nonzero(counts))
    return np.concatenate([np.full(n, each / max(n, 1)) for n in counts])


def adapt(model, pools, queries, others=.15, l2=.5, odds_l2=30.0, odds_others=.02, count=30):
    """Labels of another catalog: its loss and that of the sets before, near their weights. pools: all candidates;
    queries: of each pool those whose answer is known, an item or none of them."""
    new = Model(model.names)
    new.mean, new.scale = model.mean, model.scale
    new.batch_mean, new.batch_scale = model.batch_mean, model.batch_scale
    some = [pool.take(np.intersect1d(which, with_truth(pool))) for pool, which in zip(pools, queries)]
    z = np.concatenate([standardised(p.x, model.mean, model.scale) for p in some])
    start = np.concatenate([[0], np.cumsum(np.concatenate([np.diff(p.start) for p in some]))])
    hit = np.concatenate([p.hit for p in some])
    prior = others * (model.alone_hessian + l2 * np.eye(len(model.alone)))
    weight = alike([p.queries() for p in some])
    new.alone, new.alone_hessian = fit(z, hit, start, weight, prior, begin=model.alone)
    xs, hits, counts = [], [], []
    for pool, which in zip(pools, queries):
        small, x = new.in_return(pool, count)
        use = np.isin(small.query, np.intersect1d(which, with_truth(small)))
        n = np.bincount(small.query[use])
        xs.append(x[use]), hits.append(small.hit[use]), counts.append(n[n > 0])
    start = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    prior = others * (model.batch_hessian + l2 * np.eye(len(RETURN)))
    new.batch, new.batch_hessian = fit(standardised(np.concatenate(xs), new.batch_mean, new.batch_scale),
                                       np.concatenate(hits), start, alike([len(n) for n in counts]), prior,
                                       begin=model.batch)
    adapt_odds(new, model, pools, queries, odds_others, odds_l2, count)
    return new


def figures(model, pool, count=30):
    """hit@1 of every query, one at a time and with the whole file."""
    alone = hit_at_1(model.score(pool), pool.hit, pool.start)
    small, x = model.in_return(pool, count)
    batch = standardised(x, model.batch_mean, model.batch_scale) @ model.batch
    return alone, hit_at_1(batch, small.hit, small.start)
