"""Collections that older versions wrote: tests/fixtures/README.md."""
import json
import pathlib
import tarfile
import unittest

from support import CliTest

FIXTURES = pathlib.Path(__file__).resolve().parents[1] / "fixtures"
# Archive, version, version of the analyser that cut its lexical index into terms (0: it has none).
COLLECTIONS = [("v1/first", 1, 0), ("v1/last", 1, 1), ("v2/collection", 2, 1), ("v3/collection", 3, 2),
               ("v3/ragged", 3, 2)]
TODAYS_ANALYSER = 2


class Fixtures(CliTest):
    def unpack(self, name, to):
        with tarfile.open(FIXTURES / f"{name}.tar.gz") as archive:
            archive.extractall(self.dir / to)
        return f"{to}/shop"

    def each(self, check):
        for name, version, lexical in COLLECTIONS:
            with self.subTest(name):
                shop = self.unpack(name, name.replace("/", "-"))
                self.assertEqual(self.manifest(shop)["version"], version)
                check(shop, lexical)

    def test_every_archive_is_in_the_table(self):
        there = {str(path.relative_to(FIXTURES)) for path in FIXTURES.glob("**/*.tar.gz")}
        self.assertEqual(there, {f"{name}.tar.gz" for name, _, _ in COLLECTIONS})

    def test_status_and_doctor_read_them(self):
        def check(shop, lexical):
            said = self.quiet("status", shop).stdout
            self.assertIn("items      6 with 0 pictures", said)
            self.assertRegex(said, r"text +text +fake +fp32 +4 +6 +0 +0 +Flat")
            self.assertEqual("lexical index" in said, lexical > 0)
            self.assertEqual("cut by an earlier version" in said, 0 < lexical < TODAYS_ANALYSER)
            self.assertNotIn("out of date", said)
            findings = [json.loads(line) for line in self.quiet("doctor", shop, "--format", "jsonl").stdout.splitlines()]
            self.assertEqual({finding["state"] for finding in findings}, {"good"})

        self.each(check)

    def test_they_answer_by_vectors_and_by_words(self):
        other = self.unpack("v1/last", "other")

        def check(shop, lexical):
            lines = self.quiet("match", shop, other, "--preset", "text", "--top", "6", "--mode", "all").stdout
            self.assertEqual(len(lines.splitlines()), 1 + 36)
            if lexical:
                said = self.quiet("query", shop, "--text", "stoneware mug", "--preset", "lexical", "--format", "jsonl")
                self.assertEqual([a["item"] for a in json.loads(said.stdout)["answers"]], ["m1", "m2"])

        self.each(check)

    def test_a_writer_goes_on_with_them_and_writes_todays_version(self):
        catalog = (FIXTURES / "catalog.csv").read_text() + "x1,Stoneware jug,green,15\n"
        self.write("catalog.csv", catalog)

        def check(shop, _):
            self.quiet("ingest", shop, "catalog.csv")
            self.assertEqual(self.manifest(shop)["version"], 3)
            self.quiet("build-index", shop, "--layout", "bm25")
            said = self.quiet("query", shop, "--text", "stoneware jug", "--preset", "lexical", "--format", "jsonl")
            self.assertEqual(json.loads(said.stdout)["answers"][0]["item"], "x1")
            self.quiet("build-index", shop, "--layout", "HNSW8")
            self.assertEqual(len(self.manifest(shop)["indexes"]["text"]["files"]), 4)

        self.each(check)


if __name__ == "__main__":
    unittest.main()
