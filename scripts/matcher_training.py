"""Trains the matcher: linear models over pair features, over batch features, and for the odds of a match."""
import numpy as np

from matcher_odds import adapt_odds, odds_names, train_odds
from matcher_pool import (RETURN, Pool, drop_lists, fit, hit_at_1, kept, return_features, standardised,
                          with_new_features, with_truth)


class Model:
    """Linear models: of a pair; of its score among all queries of a file; and, of both, the odds that it is a match."""

    def __init__(self, names):
        self.names = names
        self.mean, self.scale = np.zeros(len(names)), np.ones(len(names))
        self.alone, self.alone_hessian = np.zeros(len(names)), None
        self.batch_mean, self.batch_scale = np.zeros(len(RETURN)), np.ones(len(RETURN))
        self.batch, self.batch_hessian = np.zeros(len(RETURN)), None
        self.odds_mean, self.odds_scale = np.zeros(len(odds_names(names))), np.ones(len(odds_names(names)))
        self.odds, self.odds_hessian = np.zeros(len(odds_names(names))), None

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
                "odds": features(odds_names(self.names), self.odds_mean, self.odds_scale, self.odds)}


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


def alike(counts):
    """Weights of queries: each direction counts the same, all together as many as there are."""
    each = np.sum(counts) / max(1, np.count_nonzero(counts))
    return np.concatenate([np.full(n, each / max(n, 1)) for n in counts])


def loosened(precision, variance):
    """The precision of weights that differ by `variance` from catalog to catalog: however sure the sets before are of
    theirs, another catalog's own may be as far away. (precision^-1 + variance)^-1, as of a sum of two Gaussians."""
    return np.linalg.inv(np.linalg.inv(precision) + variance * np.eye(len(precision)))


def adapt(model, pools, queries, others=.15, l2=.5, variance=.01, odds_l2=30.0, odds_others=.02, count=30):
    """Labels of another catalog: its loss and that of the sets before, near their weights. pools: all candidates;
    queries: of each pool those whose answer is known, an item or none of them."""
    new = Model(model.names)
    new.batch_mean, new.batch_scale = model.batch_mean, model.batch_scale
    some = [pool.take(np.intersect1d(which, with_truth(pool))) for pool, which in zip(pools, queries)]
    new.mean, new.scale = with_new_features(model.mean, model.scale, model.alone, np.concatenate([p.x for p in some]))
    z = np.concatenate([standardised(p.x, new.mean, new.scale) for p in some])
    start = np.concatenate([[0], np.cumsum(np.concatenate([np.diff(p.start) for p in some]))])
    hit = np.concatenate([p.hit for p in some])
    prior = loosened(others * (model.alone_hessian + l2 * np.eye(len(model.alone))), variance)
    weight = alike([p.queries() for p in some])
    new.alone, new.alone_hessian = fit(z, hit, start, weight, prior, begin=model.alone)
    xs, hits, counts = [], [], []
    for pool, which in zip(pools, queries):
        small, x = new.in_return(pool, count)
        use = np.isin(small.query, np.intersect1d(which, with_truth(small)))
        n = np.bincount(small.query[use])
        xs.append(x[use]), hits.append(small.hit[use]), counts.append(n[n > 0])
    start = np.concatenate([[0], np.cumsum(np.concatenate(counts))])
    prior = loosened(others * (model.batch_hessian + l2 * np.eye(len(RETURN))), variance)
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
