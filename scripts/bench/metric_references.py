"""Reference implementations of the metrics of `pmatch evaluate`, for tests and scripts/bench.

ir_measures (trec_eval's code through pytrec_eval) and ranx compute the metrics of ranked lists, NumPy
those of pairs. truth: {query: {item: grade}}; run: {query: [(item, score), …] best first}. Means are
over all queries of the truth that have a true item: one without answers scores 0.
"""
import collections

import numpy

TOLERANCE = 1e-9


def strict(run):
    """The same order with scores that no reader can tie."""
    return {q: [(item, float(len(answers) - i)) for i, (item, _) in enumerate(answers)]
            for q, answers in run.items()}


def true_items(truth):
    sets = {q: {d for d, g in items.items() if g > 0} for q, items in truth.items()}
    return {q: items for q, items in sets.items() if items}


def ir_measures_values(truth, run, at):
    import ir_measures
    from ir_measures import AP, P, R, RR, Rprec, Success, nDCG
    true = true_items(truth)
    wanted = {RR: "mrr", AP: "map", Rprec: "r_precision"}
    for k in at:
        wanted.update({Success @ k: f"hit@{k}", R @ k: f"recall@{k}", P @ k: f"precision@{k}"})
    for k in sorted({*at, 10}):
        wanted[nDCG @ k] = f"ndcg@{k}"
    qrels = [ir_measures.Qrel(q, d, int(g)) for q in true for d, g in truth[q].items()]
    scored = [ir_measures.ScoredDoc(q, d, s) for q, answers in strict(run).items() if q in true
              for d, s in answers]
    sums = dict.fromkeys(wanted.values(), 0.0)
    for metric in ir_measures.pytrec_eval.iter_calc(list(wanted), qrels, scored):
        sums[wanted[metric.measure]] += metric.value
    # mAP@R: trec_eval's map_cut of each query at its own R.
    sums["map@r"] = 0.0
    depths = collections.defaultdict(set)
    for q, items in true.items():
        depths[len(items)].add(q)
    for depth, queries in depths.items():
        sums["map@r"] += sum(
            metric.value for metric in ir_measures.pytrec_eval.iter_calc(
                [AP @ depth], [x for x in qrels if x.query_id in queries],
                [x for x in scored if x.query_id in queries]))
    return {name: total / len(true) for name, total in sums.items()}


def ranx_values(truth, run, at):
    """Without map@r, which has another depth for each query."""
    import ranx
    true = true_items(truth)
    names = {"mrr": "mrr", "map": "map", "r-precision": "r_precision"}
    for k in at:
        names.update({f"hit_rate@{k}": f"hit@{k}", f"recall@{k}": f"recall@{k}",
                      f"precision@{k}": f"precision@{k}"})
    for k in sorted({*at, 10}):
        names[f"ndcg@{k}"] = f"ndcg@{k}"
    qrels = ranx.Qrels({q: {d: int(g) for d, g in truth[q].items() if g > 0} for q in true})
    ordered = strict(run)
    answers = {q: dict(ordered.get(q, [])) for q in true}
    for q in true:
        if not answers[q]:
            answers[q] = {"(no answer)": 1.0}  # ranx takes no empty list
    found = ranx.evaluate(qrels, ranx.Run(answers), list(names), make_comparable=True)
    return {names[name]: float(value) for name, value in found.items()}


def pair_values(truth, run, at, threshold):
    """pair_recall@K of scored queries, and precision, recall, F1 of all pairs scored enough."""
    true = true_items(truth)
    pairs = numpy.array([[q, d] for q, items in true.items() if q in run for d in items], dtype=object)
    answers = [(q, d, rank, s) for q, found in run.items()
               for rank, (d, s) in enumerate(found, 1)]
    right = numpy.array([d in true.get(q, ()) for q, d, _, _ in answers], dtype=bool)
    rank = numpy.array([a[2] for a in answers], dtype=numpy.int64)
    score = numpy.array([a[3] for a in answers], dtype=numpy.float32)
    values = {f"pair_recall@{k}": numpy.sum(right & (rank <= k)) / len(pairs) for k in at}
    if threshold is not None:
        predicted = score >= numpy.float32(threshold)
        both = numpy.sum(predicted & right)
        precision = both / numpy.sum(predicted) if predicted.any() else 0.0
        recall = both / len(pairs)
        total = precision + recall
        values.update({"pair_precision": precision, "pair_recall": recall,
                       "f1": 2 * precision * recall / total if total else 0.0})
    return {name: float(value) for name, value in values.items()}


def largest_difference(ours, theirs):
    """And the metric that has it; AssertionError for a metric that is not ours."""
    assert theirs.keys() <= ours.keys(), theirs.keys() - ours.keys()
    return max((abs(ours[name] - value), name) for name, value in theirs.items())
