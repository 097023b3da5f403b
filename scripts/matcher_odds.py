"""Trains the matcher's odds that a pair is a match: a listwise linear model over the features of the pair and of the
batch, with the additional candidate "none of them" of score 0, the correct answer of queries without a match."""
import numpy as np

from matcher_pool import RETURN, Pool, drop_lists, fit, kept, return_features, standardised, with_new_features

BIAS = "bias"  # 1 for every item, so that its weight moves all against "none of them"


def odds_names(names):
    return [*names, *RETURN, BIAS]


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
    return Pool(odds_names(model.names), x, pool.row[some], pool.hit[some], number, pool.none[which])


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
    drop_lists(z, odds_names(model.names), start, dropout, rng)
    model.odds, model.odds_hessian = fit(z, hit, start, weight, ridge(z.shape[1], l2))


def adapt_odds(model, base, pools, queries, others, l2, count):
    some = [judged(model, pool, which, count) for pool, which in zip(pools, queries)]
    model.odds_mean, model.odds_scale = with_new_features(base.odds_mean, base.odds_scale, base.odds,
                                                          np.concatenate([pool.x for pool in some]))
    model.odds_mean[-1], model.odds_scale[-1] = 0, 1  # the bias
    z, hit, start = with_none(some, model.odds_mean, model.odds_scale)
    prior = others * base.odds_hessian + ridge(z.shape[1], l2)
    model.odds, model.odds_hessian = fit(z, hit, start, np.ones(len(start) - 1), prior, begin=base.odds,
                                       first=np.zeros(z.shape[1]))
