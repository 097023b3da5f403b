"""Opens what pmatch wrote with the libraries other people use: h5py, numpy and sqlite3."""

import json
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

try:
    import h5py
    import numpy
except ImportError as missing:
    no_library(missing)

TOOL = Path(sys.argv[1]).resolve()


def make(directory, catalog, *more):
    said = subprocess.run([TOOL, directory, catalog, *more], check=True, capture_output=True)
    return json.loads(said.stdout)


def read_view(path):
    with h5py.File(path) as file:
        assert file.attrs["schema"] == "pmatch.embeddings" and file.attrs["version"] == 2
        assert file.attrs["element"] == "float32" and file.attrs["vectors"] == "one"
        assert file.attrs["fingerprint"] == "f1" and file.attrs["dim"] == file["vectors"].shape[1]
        assert file["ids"].dtype == numpy.int64 and file["ordinal"].dtype == numpy.int32
        assert file["vectors"].dtype == numpy.float32 and file["vectors"].is_virtual
        return file["ids"][:], file["ordinal"][:], file["vectors"][:]


def read_parts(directory):
    rows = {}
    for path in sorted(directory.glob("part-*.h5")):
        with h5py.File(path) as file:
            assert file["content"].shape == (len(file["ids"]), 16)
            for i, (row, vector) in enumerate(zip(file["ids"][:], file["vectors"][:])):
                rows[row] = (vector, bytes(file["content"][i]))
            skipped = file["skipped"]
            for row, code, detail in zip(skipped["row"][:], skipped["code"].asstr()[:],
                                         skipped["detail"].asstr()[:]):
                rows[row] = (code, detail)
    return rows


def main(root):
    catalog = root / "shop.csv"
    titles = [f"Mug {i}" if i % 97 else "broken" for i in range(1000)]
    lines = "".join(f"p{i},{t},{i:03}\n" for i, t in enumerate(titles))
    catalog.write_text("id,title,code\n" + lines)
    shop = root / "shop"
    said = make(shop, catalog, "title", "title", "24", "64")

    good = [i for i, t in enumerate(titles) if t != "broken"]
    ids, ordinals, vectors = read_view(shop / "embeddings/title.h5")
    assert ids.tolist() == good and said["live"] == len(good)
    assert ordinals.tolist() == [0] * len(good)
    assert abs(float(vectors.astype("f8").sum()) - said["sum"]) < 1e-6 * abs(said["sum"])

    parts = read_parts(shop / "embeddings/title")
    assert sorted(parts) == list(range(1000))
    for row, vector in zip(ids, vectors):
        stored, content = parts[row]
        assert (stored == vector).all()
        expected = numpy.resize(numpy.frombuffer(content, "u1"), 24).astype("f4") + row
        assert (vector == expected).all()
    assert parts[0] == ("corrupt", "made up for the test")

    # From any working directory, by any way of naming it, and after a move.
    for folder, name in [(shop, "embeddings/title.h5"), (shop / "embeddings", "title.h5"),
                         (root, "shop/embeddings/title.h5"), ("/", shop / "embeddings/title.h5")]:
        os.chdir(folder)
        assert (read_view(name)[2] == vectors).all(), folder
    os.chdir("/")
    moved = root / "elsewhere" / "store"
    moved.parent.mkdir()
    shutil.move(shop, moved)
    assert (read_view(moved / "embeddings/title.h5")[2] == vectors).all()

    database = sqlite3.connect(moved / "items.sqlite")
    # Codes with zeros in front are kept as they are written, and have their number in a column beside.
    assert database.execute("SELECT id, title, code, code_number FROM items ORDER BY row").fetchall() == [
        (f"p{i}", t, f"{i:03}", float(i)) for i, t in enumerate(titles)]
    assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()

    # Any number of vectors per input: bytes, and where those of each input end.
    ragged = make(moved, catalog, "local", "title", "5r", "64")
    with h5py.File(moved / "embeddings/local.h5") as file:
        assert file.attrs["element"] == "uint8" and file.attrs["vectors"] == "variable"
        assert file["vectors"].dtype == numpy.uint8 and file["vectors"].is_virtual
        ends, vectors = file["ends"][:], file["vectors"][:]
        assert file["ids"][:].tolist() == good and vectors.shape == (ends[-1], 5)
        assert numpy.diff(ends, prepend=0).tolist() == [row % 10 for row in good]
        assert float(vectors.astype("f8").sum()) == ragged["sum"] and ragged["live"] == len(good)
        for row, begin, end in zip(good, [0, *ends[:-1]], ends):
            expected = (numpy.resize(numpy.frombuffer(parts[row][1], "u1"), (end - begin) * 5).astype("i8")
                        + numpy.arange((end - begin) * 5)) % 256
            assert (vectors[begin:end].ravel() == expected).all()

    # A newer catalog: dead rows leave the view in the same step.
    kept = lines.splitlines(True)[::3]
    catalog.write_text("id,title,code\n" + "".join(kept))
    make(moved, catalog, "title", "title", "24", "64")
    ids, _, _ = read_view(moved / "embeddings/title.h5")
    assert ids.tolist() == [i for i in good if i % 3 == 0]

    # A part that is gone reads as what cannot be taken for data.
    for part in (moved / "embeddings/title").glob("part-*.h5"):
        part.unlink()
    ids, ordinals, vectors = read_view(moved / "embeddings/title.h5")
    assert (ids == -1).all() and (ordinals == -1).all() and numpy.isnan(vectors).all()


with tempfile.TemporaryDirectory(prefix="pmatch-read-collection-") as name:
    main(Path(name))
