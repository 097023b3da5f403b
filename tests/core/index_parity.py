"""Our index files and answers against faiss-cpu and NumPy, in both directions.

usage: index_parity.py INDEX_TOOL. Exit code 77 (skipped) without faiss or numpy, a failure in CI.
"""

import json
import pathlib
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

try:
    import faiss
    import numpy as np
except ImportError as missing:
    no_library(missing)

DIM, COUNT, QUERIES, K = 48, 3000, 40, 10
TOOL = sys.argv[1]


def unit(rng, count):
    values = rng.standard_normal((count, DIM)).astype(np.float32)
    return values / np.linalg.norm(values, axis=1, keepdims=True)


def ours(directory, queries, k=K):
    queries.tofile(directory / "queries.f32")
    command = [TOOL, "search", directory, "s", str(k), directory / "queries.f32"]
    return json.loads(subprocess.run(command, capture_output=True, check=True).stdout)


def build(directory, layout, rows, vectors):
    rows.astype("<i8").tofile(directory / "rows.i64")
    vectors.tofile(directory / "vectors.f32")
    command = [TOOL, "build", directory, "s", layout, str(vectors.shape[1])]
    subprocess.run(command + [directory / "rows.i64", directory / "vectors.f32"], check=True)


def brute_force(rows, vectors, queries, k):
    """Best score of each row, best first, by row among equals, with all ties at the border."""
    scores = (queries.astype(np.float64) @ vectors.astype(np.float64).T).astype(np.float32)
    answers = []
    for line in scores:
        best = {}
        for row, score in zip(rows.tolist(), line.tolist()):
            best[row] = max(score, best.get(row, score))
        ranked = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))
        border = ranked[min(k, len(ranked)) - 1][1]
        answers.append([[row, score] for row, score in ranked if score >= border])
    return answers


def check_flat(directory, rng):
    vectors, queries = unit(rng, COUNT), unit(rng, QUERIES)
    rows = np.sort(rng.integers(0, COUNT // 2, COUNT))
    build(directory, "Flat", rows, vectors)
    expected = brute_force(rows, vectors, queries, K)
    for mine, theirs in zip(ours(directory, queries), expected, strict=True):
        assert [row for row, _ in mine] == [row for row, _ in theirs], (mine, theirs)
        np.testing.assert_allclose([s for _, s in mine], [s for _, s in theirs], rtol=0, atol=1e-7)


def check_ties(directory, rng):
    """Small whole numbers: sums are exact, so NumPy and we must agree to the bit."""
    for trial in range(30):
        vectors = rng.integers(-1, 2, (400, 6)).astype(np.float32)
        queries = rng.integers(-1, 2, (QUERIES, 6)).astype(np.float32)
        rows = rng.integers(0, 250, 400)
        build(directory, "Flat", rows, vectors)
        for k in (1, 7, 400):
            found, expected = ours(directory, queries, k), brute_force(rows, vectors, queries, k)
            assert found == expected, (trial, k, found, expected)


def check_files(directory, rng, layout):
    """faiss-cpu and NumPy open what we wrote and find the same vectors."""
    vectors, queries = unit(rng, COUNT), unit(rng, QUERIES)
    rows = rng.permutation(COUNT)
    build(directory, layout, rows, vectors)
    index = faiss.read_index(str(directory / "s.faiss"))
    stored = np.load(directory / "s.rows.npy")
    sidecar = json.loads((directory / "s.json").read_text())
    assert stored.dtype == np.dtype("<i8") and np.array_equal(stored, rows)
    assert (index.ntotal, index.d) == (sidecar["count"], sidecar["dim"]) == (COUNT, DIM)
    assert index.metric_type == faiss.METRIC_INNER_PRODUCT
    for name, value in sidecar["search_parameters"].items():
        faiss.ParameterSpace().set_index_parameter(index, name, value)
    scores, positions = index.search(queries, K)
    found = ours(directory, queries)
    same = np.mean([
        len({row for row, _ in mine[:K]} & set(stored[theirs].tolist())) / K
        for mine, theirs in zip(found, positions, strict=True)
    ])
    # A graph search that fetches more also sees more, so HNSW answers may be better than faiss's.
    wanted = 0.97 if "HNSW" in layout else 1.0
    assert same >= wanted, (layout, same)
    if wanted == 1.0:
        np.testing.assert_allclose([[s for _, s in mine[:K]] for mine in found], scores, atol=1e-5)
    exact = brute_force(rows, vectors, queries, K)
    recall = np.mean([
        len({row for row, _ in mine[:K]} & {row for row, _ in best[:K]}) / K
        for mine, best in zip(found, exact, strict=True)
    ])
    print(f"{layout}: shares {same:.3f} of faiss-cpu's answers, recall@10 {recall:.3f} of new "
          f"queries, {sidecar['recall@10']:.3f} measured at build, {sidecar['search_parameters']}")


def check_foreign_index(directory, rng):
    """We open what faiss-cpu and NumPy wrote."""
    vectors, queries = unit(rng, COUNT), unit(rng, QUERIES)
    rows = rng.permutation(COUNT)
    build(directory, "Flat", rows, unit(rng, COUNT))  # for the sidecar
    index = faiss.IndexFlatIP(DIM)
    index.add(vectors)
    faiss.write_index(index, str(directory / "s.faiss"))
    np.save(directory / "s.rows.npy", rows.astype("<i8"))
    _, positions = index.search(queries, K)
    found = [[row for row, _ in mine[:K]] for mine in ours(directory, queries)]
    assert found == rows[positions].tolist()


def main():
    rng = np.random.default_rng(7)
    with tempfile.TemporaryDirectory(prefix="pmatch-index-parity-") as name:
        directory = pathlib.Path(name)
        check_flat(directory, rng)
        check_ties(directory, rng)
        check_foreign_index(directory, rng)
        for layout in ("Flat", "HNSW32", "IVF32,Flat", "IVF32,SQfp16"):
            check_files(directory, rng, layout)


main()
