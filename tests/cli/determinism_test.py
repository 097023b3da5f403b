"""Equal bytes for equal threads; near vectors and equal orders for other numbers of threads."""
import json
import os
import pathlib
import shutil
import unittest

import numpy

from support import PACKAGES, CliTest, write_png

# By precision (docs/reliability.md): how near a vector's values are with another number of threads, and which difference
# of scores fixes the order. Inputs that are alone in a pass may share their threads, the others do not.
NEAR = {"fp32": 2e-6, "bf16": 4e-3, "int8": 4e-2}
CLEAR = {"fp32": 1e-5, "bf16": 5e-3, "int8": 5e-2}
REAL = pathlib.Path(__file__).resolve().parents[2]


class Determinism(CliTest):
    def embedded(self, name, threads, package, *more):
        self.quiet("ingest", name, self.catalog)
        self.quiet("--threads", threads, "embed", name, "--model", package, *more)
        self.quiet("--threads", threads, "build-index", name)
        space = next(iter(self.manifest(name)["spaces"]))
        return self.read_space(space, name)

    def answers(self, name, *query):
        lines = self.quiet("query", name, *query, "--top", "100", "--format", "jsonl").stdout
        return [(a["item"], a["score"]) for a in json.loads(lines)["answers"]]

    def same_order(self, one, other, clear):
        """Wherever `one` sees a clear difference, `other` has the same order."""
        self.assertEqual({i for i, s in one}, {i for i, s in other})
        place = {item: at for at, (item, score) in enumerate(other)}
        for at, (item, score) in enumerate(one):
            for later, lower in one[at + 1:]:
                if score - lower > clear:
                    self.assertLess(place[item], place[later])

    def check_threads(self, package, query, precision, others=(2, 8)):
        more = ["--precision", precision]
        first = self.embedded("t1", 1, package, *more)
        for threads in others:
            name = f"t{threads}"
            ids, ordinals, vectors = self.embedded(name, threads, package, *more)
            self.assertEqual(ids.tolist(), first[0].tolist())
            self.assertEqual(ordinals.tolist(), first[1].tolist())
            self.assertLessEqual(float(numpy.abs(vectors - first[2]).max()), NEAR[precision])
            self.same_order(self.answers("t1", *query), self.answers(name, *query), CLEAR[precision])
        for name in ["t1", *(f"t{threads}" for threads in others)]:
            shutil.rmtree(self.dir / name)

    def texts(self):
        words = "mug lamp shoe boot red blue steel oak small large with lid".split()
        rows = "".join(f"i{n},{' '.join(words[(n * k + k) % 12] for k in range(1, 2 + n % 9))}\n"
                       for n in range(60))
        self.catalog = self.write("catalog.csv", "id,title\n" + rows)

    def pictures(self):
        for n in range(12):
            write_png(self.dir / f"p{n}.png", 48, 40,
                      lambda x, y, n=n: ((x * n) % 256, (y * 7 + n * 20) % 256, (x + y) % 256))
        self.catalog = self.write("catalog.csv",
                                  "id,image\n" + "".join(f"i{n},p{n}.png\n" for n in range(12)))

    def test_texts_embed_alike_with_1_2_and_8_threads(self):
        self.texts()
        for precision in NEAR:
            with self.subTest(precision):
                self.check_threads(PACKAGES / "text", ["--text", "small red mug with lid"], precision)

    def test_pictures_embed_alike_with_1_2_and_8_threads(self):
        self.pictures()
        for precision in NEAR:
            with self.subTest(precision):
                self.check_threads(PACKAGES / "image", ["--image", "p3.png"], precision)

    def test_real_encoders_embed_alike_with_1_2_and_8_threads(self):
        picture = REAL / "examples/shop/queries/p08.jpg"
        self.catalog = REAL / "examples/shop/catalog.csv"
        for package, precisions, query in [("minilm-l6", NEAR, ["--text", "small bag"]),
                                           ("efficientnet-lite0", ["fp32", "bf16"], ["--image", picture])]:
            path = REAL / "packages" / package
            if not path.exists():
                self.skipTest(f"{path} is not there")
            for precision in precisions:
                with self.subTest(package, precision=precision):
                    self.check_threads(path, query, precision, others=[8])

    def test_the_same_job_again_makes_the_same_bytes(self):
        self.texts()
        for precision in NEAR:
            with self.subTest(precision):
                self.check_bytes(precision)

    def check_bytes(self, precision):
        for name in ["a", "b"]:
            shutil.rmtree(self.dir / name, ignore_errors=True)
            self.embedded(name, 2, PACKAGES / "text", "--precision", precision)
            self.quiet("build-index", name, "--layout", "bm25")
        for file in ["embeddings/text.h5", "embeddings/text/part-000001.h5", "indexes/text.faiss",
                     "indexes/text.rows.npy", "indexes/text.keys.npy",
                     "indexes/text.words.bm25"]:
            self.assertEqual((self.dir / "a" / file).read_bytes(),
                             (self.dir / "b" / file).read_bytes(), file)

    def test_layouts_repeat_as_far_as_their_sidecar_says(self):
        self.texts()
        self.embedded("shop", 2, PACKAGES / "text")
        index = self.dir / "shop" / "indexes" / "text.faiss"

        def built(layout, threads):
            self.quiet("--threads", threads, "build-index", "shop", "--layout", "Flat")
            self.quiet("--threads", threads, "build-index", "shop", "--layout", layout)
            return index.read_bytes()

        def sidecar():
            return json.loads((self.dir / "shop" / "indexes" / "text.json").read_text())

        self.assertEqual(built("IVF4,Flat", 2), built("IVF4,Flat", 2))
        self.assertIn("equal for equal vectors, order, threads", sidecar()["determinism"])
        self.assertEqual(built("HNSW8", 1), built("HNSW8", 1))
        self.assertIn("order in which threads added vectors", sidecar()["determinism"])
        self.quiet("build-index", "shop", "--layout", "Flat")
        self.assertEqual(sidecar()["determinism"], "exact")
        self.assertEqual(sidecar()["precision"], "fp32")
        self.assertIn("within 2e-6", sidecar()["vectors"])

    def test_the_sidecar_says_what_reduced_precision_costs(self):
        self.texts()
        self.embedded("shop", 2, PACKAGES / "text", "--precision", "int8")
        sidecar = json.loads((self.dir / "shop" / "indexes" / "text.json").read_text())
        self.assertEqual(sidecar["precision"], "int8")
        self.assertIn("as near as int8 is", sidecar["vectors"])

    def test_keys_beside_an_index_are_what_numpy_reads(self):
        self.texts()
        self.embedded("shop", 2, PACKAGES / "text")
        keys = numpy.load(self.dir / "shop" / "indexes" / "text.keys.npy")
        import h5py
        with h5py.File(self.dir / "shop" / "embeddings" / "text" / "part-000001.h5") as part:
            self.assertEqual(keys["ordinal"].tolist(), part["ordinal"][:].tolist())
            self.assertEqual(keys["content"].tolist(), part["content"][:].tolist())


if __name__ == "__main__":
    unittest.main()
