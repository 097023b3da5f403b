"""`pmatch embed --precision` and what follows from it."""
import json
import os
import unittest
from unittest import mock

import numpy

from support import PACKAGES, CliTest


class Precision(CliTest):
    def setUp(self):
        super().setUp()
        # What "auto" remembers is kept in the home directory.
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
        self.quiet("ingest", "shop", "more.csv")
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

    def test_auto_on_a_cpu_without_bf16_instructions_takes_fp32_and_measures_nothing(self):
        with open("/proc/cpuinfo") as file:
            flags = set(file.read().split())
        if flags & {"avx512_bf16", "amx_bf16", "bf16"}:
            said = self.embed().stderr
            self.assertIn("precision auto", said)
            self.assertTrue((self.dir / "home/.cache/pmatch/precision.json").exists())
            return
        self.assertIn("in fp32", self.embed().stderr)
        self.assertFalse((self.dir / "home/.cache/pmatch/precision.json").exists())


if __name__ == "__main__":
    unittest.main()
