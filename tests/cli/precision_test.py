"""`pmatch embed --precision` and what follows from it."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import sys
import unittest
from unittest import mock

import numpy
import torch
from support import PACKAGES, CliTest

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "scripts"))
from exporter.package import _sealed  # noqa: E402

# Flags of /proc/cpuinfo: what "auto" decides by, whatever processor runs the test.
NEW, OLD = "avx2 fma avx512f avx512_bf16 amx_bf16", "avx2 fma avx512f avx512_bf16"


class Precision(CliTest):
    def setUp(self):
        super().setUp()
        # Nothing is remembered there.
        patch = mock.patch.dict(os.environ, {"HOME": str(self.dir / "home")})
        patch.start()
        self.addCleanup(patch.stop)
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")

    def embed(self, *more, collection="shop"):
        return self.pmatch("embed", collection, "--model", PACKAGES / "text", "--device", "cpu", *more)

    def record(self):
        return self.manifest()["spaces"]["text"]

    def test_the_summary_says_device_and_precision(self):
        self.assertIn("on cpu in fp32", self.embed("--precision", "fp32").stderr)

    def test_smaller_numbers_give_near_vectors_of_unit_length(self):
        vectors = {}
        for precision in ["fp32", "bf16", "int8"]:
            self.quiet("ingest", precision, "catalog.csv")
            self.embed("--precision", precision, collection=precision)
            vectors[precision] = self.read_space("text", precision)[2]
            length = numpy.linalg.norm(vectors[precision], axis=1)
            self.assertLess(abs(length - 1).max(), 1e-5)
        for precision, least in [("bf16", .999), ("int8", .99)]:
            cosines = (vectors["fp32"] * vectors[precision]).sum(axis=1)
            self.assertGreater(cosines.min(), least)
            self.assertLess(cosines.min(), 1 - 1e-7)

    def test_queries_are_embedded_in_the_precision_of_the_space(self):
        for precision in ["bf16", "int8"]:
            self.quiet("ingest", precision, "catalog.csv")
            self.embed("--precision", precision, collection=precision)
            self.quiet("build-index", precision)
            said = self.pmatch("--verbose", "query", precision, "--text", "Desk lamp black 35.90",
                               "--format", "jsonl")
            self.assertIn(f"precision {precision}", said.stderr)
            best = json.loads(said.stdout)["answers"][0]
            self.assertEqual(best["item"], "l1")
            self.assertGreater(best["score"], .999 if precision == "bf16" else .99)

    def test_a_later_embed_keeps_the_precision_of_the_space(self):
        self.embed("--precision", "int8")
        self.write("more.csv", "id,title\nx1,Umbrella\n")
        self.quiet("ingest", "shop", "more.csv", "--max-loss", "1")
        self.assertIn("in int8", self.embed().stderr)
        self.assertEqual(self.record()["precision"], "int8")

    def test_another_precision_for_a_space_is_refused_with_the_way_out(self):
        self.embed("--precision", "fp32")
        before = self.read_space()[2]
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--precision", "int8",
                   says=["fp32", "int8", "fingerprint", "--precision fp32", "--replace", "--space"])
        numpy.testing.assert_array_equal(self.read_space()[2], before)
        self.embed("--precision", "int8", "--replace")
        self.assertEqual(self.record()["precision"], "int8")

    def test_int8_runs_twice_to_the_same_bytes_and_silently(self):
        self.quiet("embed", "shop", "--model", PACKAGES / "text", "--device", "cpu", "--precision",
                   "int8")
        self.quiet("ingest", "again", "catalog.csv")
        self.embed("--precision", "int8", collection="again")
        self.assertEqual(self.read_space()[2].tobytes(), self.read_space("text", "again")[2].tobytes())

    def test_an_int8_vector_does_not_depend_on_its_neighbours(self):
        self.embed("--precision", "int8")
        self.write("alone.csv", "id,title,colour,price\nl1,Desk lamp,black,35.90\n")
        self.quiet("ingest", "alone", "alone.csv")
        self.embed("--precision", "int8", collection="alone")
        numpy.testing.assert_allclose(self.read_space("text", "alone")[2][0], self.read_space()[2][4],
                                      atol=2e-3)

    def test_fp16_on_the_cpu_is_a_usage_error_and_writes_nothing(self):
        before = (self.dir / "shop" / "collection.json").read_bytes()
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--device", "cpu", "--precision",
                   "fp16", code=2, says=["fp16", "CUDA", "bf16"])
        self.assertEqual((self.dir / "shop" / "collection.json").read_bytes(), before)

    def test_words_that_are_no_precision_or_device_are_usage_errors(self):
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--precision", "fp8", code=2,
                   says=["fp8", "bf16"])
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--device", "gpu", code=2,
                   says=["gpu", "cuda:N"])
        self.fails("embed", "shop", "--model", PACKAGES / "text", "--device", "cuda:63", code=2,
                   says=["cuda:63", "torch finds"])

    def package(self, name, losses, module=None):
        """The package "text" with a record of what precisions cost, perhaps with another module."""
        target = self.dir / name
        shutil.copytree(PACKAGES / "text", target)
        content = json.loads((target / "model.json").read_text())
        content.pop("checksum")
        content["precision_loss"] = losses
        if module is not None:
            (target / "text.pt").write_bytes(module)
            content["files"]["text.pt"] = {"sha256": hashlib.sha256(module).hexdigest(), "size": len(module)}
        (target / "model.json").write_bytes(_sealed(content))
        return target

    def auto(self, package, flags, collection="shop", *more):
        """stderr of `embed` by "auto" on a processor with these flags."""
        with mock.patch.dict(os.environ, {"PMATCH_CPU_FLAGS": flags}):
            return self.pmatch("--verbose", "embed", collection, "--model", package, "--device", "cpu", *more).stderr

    def test_auto_is_bf16_where_the_package_calls_it_harmless_and_the_processor_has_it(self):
        said = self.auto(self.package("fine", {"bf16": 2e-5}), NEW)
        self.assertIn("on cpu in bf16", said)
        self.assertIn("precision auto: bf16, because this processor multiplies it", said)
        self.assertIn("name --precision where several share the work", said)
        self.assertEqual(self.record()["precision"], "bf16")

    def test_auto_is_fp32_and_says_why_everywhere_else(self):
        fine, costly = self.package("fine", {"bf16": 2e-5}), self.package("costly", {"bf16": .002})
        for package, flags, why in [(fine, OLD, "no AMX instructions"), (costly, NEW, "cosine of 0.002"),
                                    (costly, OLD, "cosine of 0.002"), (PACKAGES / "text", NEW, "does not record")]:
            said = self.auto(package, flags, "shop", "--replace")
            self.assertIn("on cpu in fp32", said)
            self.assertIn("precision auto: fp32, because", said)
            self.assertIn(why, said)

    def test_auto_falls_back_where_the_module_has_nothing_to_make_smaller(self):
        scripted = torch.jit.script(type("Plain", (torch.nn.Module,), {})())
        scripted.define("def forward(self, ids, mask):\n    return torch.ones(ids.size(0), 64) / 8\n")
        package = self.package("plain", {"bf16": 0}, scripted.save_to_buffer())
        said = self.auto(package, NEW)
        self.assertIn("on cpu in fp32", said)
        self.assertIn("no step that bf16 changes", said)
        self.fails("embed", "shop", "--model", package, "--precision", "bf16", "--space", "other", code=2,
                   says=["no layers that bf16", "--precision fp32"])

    def test_equal_processors_make_equal_bytes_and_nothing_is_remembered(self):
        package = self.package("fine", {"bf16": 2e-5})
        for name in ("one", "two"):
            self.quiet("ingest", name, "catalog.csv")
            self.auto(package, NEW, name)
        self.assertEqual(self.read_space("text", "one")[2].tobytes(), self.read_space("text", "two")[2].tobytes())
        self.assertFalse((self.dir / "home").exists())

    def test_a_space_begun_on_another_processor_is_continued_in_its_precision(self):
        package = self.package("fine", {"bf16": 2e-5})
        for name, first, second, precision in [("new", NEW, OLD, "bf16"), ("old", OLD, NEW, "fp32")]:
            self.quiet("ingest", name, "catalog.csv")
            self.auto(package, first, name)
            self.write("more.csv", "id,title,colour,price\nx1,Umbrella,red,5\n")
            self.quiet("ingest", name, "more.csv", "--mode", "upsert")
            said = self.auto(package, second, name)
            self.assertIn("1 vectors in", said)
            self.assertIn(f"in {precision}, 0 skipped", said)
            self.assertEqual("times as long as fp32" in said, precision == "bf16")

    def test_a_limit_of_onednn_counts_as_the_processors(self):
        with mock.patch.dict(os.environ, {"ONEDNN_MAX_CPU_ISA": "AVX2"}):
            said = self.pmatch("--verbose", "embed", "shop", "--model", self.package("fine", {"bf16": 2e-5}),
                               "--device", "cpu").stderr
        self.assertIn("no AMX instructions", said)

    def test_collections_of_two_processors_are_compared_where_that_is_harmless(self):
        fine, costly = self.package("fine", {"bf16": 2e-5}), self.package("costly", {"bf16": .002})
        for name, flags in [("new", NEW), ("old", OLD)]:
            self.quiet("ingest", name, "catalog.csv")
            self.auto(fine, flags, name)
            self.quiet("build-index", name)
        said = self.pmatch("match", "new", "old", "--threshold", ".99")
        pairs = sorted(row.split(",")[:2] for row in said.stdout.splitlines()[1:])
        self.assertEqual(pairs, [[item, item] for item in ("l1", "l2", "m1", "m2", "s1", "s2")])
        self.assertRegex(said.stderr, r"/old was embedded in fp32, \S+/new in bf16; they are compared")
        self.auto(costly, NEW, "new", "--precision", "bf16", "--replace")
        self.auto(costly, OLD, "old", "--replace")
        self.quiet("build-index", "new")
        self.quiet("build-index", "old")
        refused = self.fails("match", "new", "old", says=["in fp32", "in bf16"])
        remedy = re.search(r"fix: +pmatch (.*)", refused.stderr).group(1)
        self.assertIn("--precision bf16 --replace", remedy)
        self.pmatch(*remedy.split())
        self.quiet("build-index", "old")
        again = self.quiet("match", "new", "old", "--threshold", ".99").stdout
        self.assertEqual(sorted(row.split(",")[:2] for row in again.splitlines()[1:]), pairs)


if __name__ == "__main__":
    unittest.main()
