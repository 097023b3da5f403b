"""`pmatch doctor`: what it sees, what it mends, what it leaves alone."""
import ctypes
import json
import os
import shutil
import sqlite3
import unittest

import h5py
import numpy

from common import ASK, STEPS, TortureTest, content, difference, make_shop, must, run


class Hash128(ctypes.Structure):
    _fields_ = [("low", ctypes.c_uint64), ("high", ctypes.c_uint64)]


def checksum(data):
    """XXH3-128 by the library that pmatch uses."""
    function = ctypes.CDLL("libxxhash.so.0").XXH3_128bits
    function.restype, function.argtypes = Hash128, [ctypes.c_char_p, ctypes.c_size_t]
    found = function(data, len(data))
    return f"{found.high:016x}{found.low:016x}"


class Doctor(TortureTest):
    @classmethod
    def setUpClass(cls):
        import pathlib
        import tempfile
        cls.whole = pathlib.Path(tempfile.mkdtemp(prefix="pmatch-doctor-")).resolve()
        cls.addClassCleanup(shutil.rmtree, cls.whole, ignore_errors=True)
        make_shop(cls.whole)
        for arguments in STEPS.values():
            must(cls.whole, arguments)
        must(cls.whole, ["embed", "shop", "--model", STEPS["embed"][3], "--source", "caption"])
        must(cls.whole, ["build-index", "shop", "--space", "caption"])

    def setUp(self):
        super().setUp()
        shutil.copytree(self.whole / "shop", self.dir / "shop", symlinks=True)

    def examine(self, *options, code=0):
        result = run(self.dir, ["doctor", "shop", "--format", "jsonl", *options])
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return [json.loads(line) for line in result.stdout.splitlines()], result.stderr

    def bad(self, *options, code=1):
        found, said = self.examine(*options, code=code)
        return [(line["subject"], line["name"]) for line in found if line["state"] == "damaged"], found, said

    def flip(self, pattern):
        path = next((self.dir / "shop").glob(pattern))
        data = bytearray(path.read_bytes())
        data[len(data) // 2] ^= 4
        path.write_bytes(data)
        return str(path.relative_to(self.dir / "shop"))

    def test_a_whole_collection_is_sound_and_every_subject_is_named(self):
        found, said = self.examine()
        self.assertEqual({line["state"] for line in found}, {"good"})
        self.assertEqual({line["subject"] for line in found},
                         {"files", "items", "captions", "vectors", "view", "index", "lexical", "identifiers"})
        self.assertIn("doctor: sound", said)
        table = run(self.dir, ["doctor", "shop"])
        self.assertIn("vectors text", table.stdout)
        self.assertEqual(run(self.dir, ["--quiet", "doctor", "shop"]).stderr, "")

    def test_looking_changes_nothing(self):
        before = content(self.dir / "shop")
        self.examine()
        self.assertEqual(difference(before, content(self.dir / "shop")), [])
        self.examine("--repair")
        self.assertEqual(difference(before, content(self.dir / "shop")), [])

    def test_a_damaged_index_is_named_and_built_again(self):
        before = content(self.dir / "shop")
        for pattern in ("indexes/text.faiss", "indexes/text.rows.npy", "indexes/text.json", "indexes/*.bm25"):
            file = self.flip(pattern)
            _, found, said = self.bad()
            line = next(line for line in found if line["state"] == "damaged")
            self.assertEqual(line["file"], file)
            self.assertIn("pmatch build-index", line["fix"])
            self.assertIn("pmatch doctor shop --repair", said)
            self.assertEqual(self.bad("--repair", code=0)[0], [])
            differs = difference(before, content(self.dir / "shop"))
            # A lexical index says of which commit it is.
            self.assertLessEqual(set(differs), {"collection.json", "indexes/text.words.bm25"}
                                 if file.endswith(".bm25") else set())
            self.assertIn("p0", must(self.dir, [*ASK, "--preset", "lexical"]).stdout)

    def test_build_index_builds_a_damaged_index_again_though_it_is_up_to_date(self):
        before = content(self.dir / "shop")
        self.flip("indexes/text.faiss")
        must(self.dir, ["build-index", "shop", "--space", "text"])
        self.assertEqual(difference(before, content(self.dir / "shop")), [])

    def test_a_damaged_view_is_written_again(self):
        before = content(self.dir / "shop")
        self.flip("embeddings/text.h5")
        self.assertEqual(self.bad()[0], [("view", "text")])
        self.assertEqual(self.bad("--repair", code=0)[0], [])
        self.assertEqual(difference(before, content(self.dir / "shop")), [])

    def test_a_damaged_part_is_taken_out_and_what_it_held_is_embedded_again(self):
        file = self.flip("embeddings/text/part-*.h5")
        with h5py.File(self.whole / "shop/embeddings/text.h5") as view:
            wanted = view["vectors"][:]
        self.assertEqual(self.bad()[0], [("vectors", "text")])
        found, said = self.examine("--repair")
        self.assertNotIn("damaged", {line["state"] for line in found})
        self.assertIn("pmatch embed", said)
        self.assertFalse((self.dir / "shop" / file).exists())
        self.assertIn(("vectors", "text", "stale"), [(line["subject"], line["name"], line["state"]) for line in found])
        asked = run(self.dir, ["query", "shop", "--text", "red", "--preset", "text"])
        self.assertEqual(asked.returncode, 1, asked.stderr)
        self.assertRegex(asked.stderr, "space 'text' has no vectors(?s:.*)pmatch embed .* && pmatch build-index")
        self.assertRegex(must(self.dir, ["build-index", "shop"]).stderr, "build-index text: no vectors.*pmatch embed ")
        must(self.dir, STEPS["embed"])
        with h5py.File(self.dir / "shop/embeddings/text.h5") as view:
            numpy.testing.assert_array_equal(view["vectors"][:], wanted)
        must(self.dir, STEPS["build-index"])
        self.assertEqual({line["state"] for line in self.examine()[0]}, {"good"})

    def test_damaged_captions_are_taken_out_and_what_follows_from_them_is_out_of_date(self):
        self.flip("captions/caption/part-*.jsonl")
        self.assertIn(("captions", ""), self.bad()[0])
        found, said = self.examine("--repair")
        self.assertIn("pmatch caption", said)
        self.assertNotIn("damaged", {line["state"] for line in found})

    def test_damaged_items_cannot_be_made_again_and_it_says_so(self):
        self.flip("items/items-*.sqlite")
        for options in ([], ["--repair"]):
            bad, found, said = self.bad(*options)
            self.assertIn(("items", ""), bad)
            fix = next(line for line in found if line["subject"] == "items")["fix"]
            self.assertRegex(fix, "pmatch ingest .*/shop-again catalog.csv --text title,price")
            self.assertNotIn("--repair", said)

    def test_what_is_no_file_is_damage_that_nothing_waits_for(self):
        for pattern in ("embeddings/text/part-*.h5", "embeddings/text.h5", "indexes/text.faiss", "indexes/*.bm25",
                        "captions/caption/part-*.jsonl", "items/items-*.sqlite", "collection.json"):
            for make in (os.mkfifo, os.mkdir):
                with self.subTest(pattern, make=make.__name__):
                    path = next((self.dir / "shop").glob(pattern))
                    whole = path.read_bytes()
                    path.unlink()
                    make(path)
                    self.assertEqual(run(self.dir, ["doctor", "shop"]).returncode, 1)
                    for arguments in (["status", "shop"], [*ASK, "--preset", "text"], [*ASK, "--preset", "lexical"]):
                        self.assertIn(run(self.dir, arguments).returncode, (0, 1))
                    if path.is_dir():
                        path.rmdir()
                    else:
                        path.unlink()
                    path.write_bytes(whole)
        self.assertEqual({line["state"] for line in self.examine()[0]}, {"good"})

    def test_a_space_without_an_index_is_not_called_complete(self):
        shutil.rmtree(self.dir / "shop/indexes")
        self.assertIn("files are missing or cut: pmatch doctor shop", must(self.dir, ["status", "shop"]).stdout)
        self.flip("embeddings/text/part-*.h5")
        found, said = self.examine("--repair")
        self.assertIn("out of date", said)
        index = next(line for line in found if (line["subject"], line["name"]) == ("index", "text"))
        self.assertEqual((index["state"], index["detail"]), ("stale", "there is none"))
        self.assertRegex(index["fix"], "pmatch embed .* && pmatch build-index")
        asked = run(self.dir, ["query", "shop", "--text", "red", "--preset", "text"])
        self.assertEqual(asked.returncode, 1, asked.stderr)
        self.assertIn(index["fix"], asked.stderr)

    def test_a_damaged_manifest_is_an_error_that_names_it(self):
        self.flip("collection.json")
        result = run(self.dir, ["doctor", "shop"])
        self.assertEqual(result.returncode, 1)
        self.assertIn("shop/collection.json", result.stderr)

    def test_files_of_a_killed_run_are_leftovers_and_removed(self):
        shop = self.dir / "shop"
        (shop / "embeddings/text/part-000099.h5").write_bytes(b"half")
        (shop / "indexes/text.faiss.pmatch-tmp").write_bytes(b"half")
        (shop / "notes.txt").write_text("mine")
        found, _ = self.examine()
        self.assertEqual({line["file"] for line in found if line["state"] == "leftover"},
                         {"embeddings/text/part-000099.h5", "indexes/text.faiss.pmatch-tmp"})
        found, _ = self.examine("--repair")
        self.assertEqual({line["state"] for line in found}, {"good"})
        self.assertTrue((shop / "notes.txt").exists())

    def test_a_newer_catalog_makes_indexes_stale_and_not_damaged(self):
        make_shop(self.dir)
        must(self.dir, ["ingest", "shop", "newer.csv"])
        found, said = self.examine()
        self.assertLessEqual({line["state"] for line in found}, {"good", "stale"})
        self.assertIn("out of date", said)

    # Files whose checksums are right and whose content is not: a fault of a writer, not of a disk.

    def forge(self, file, change):
        """Changes a file and records it as if pmatch had written it so."""
        path = self.dir / "shop" / file
        change(path)
        manifest_file = self.dir / "shop/collection.json"
        manifest = json.loads(manifest_file.read_text())
        data = path.read_bytes()
        manifest["files"][file] = {"size": len(data), "checksum": checksum(data)}
        manifest.pop("checksum")
        text = json.dumps(manifest, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        manifest["checksum"] = checksum(text.encode())
        manifest_file.write_text(json.dumps(manifest))

    def part(self):
        return json.loads((self.dir / "shop/collection.json").read_text())["spaces"]["text"]["parts"][0]["file"]

    def test_vectors_that_are_not_finite_zero_or_of_another_length_are_damage(self):
        def poison(value):
            def change(path):
                with h5py.File(path, "r+") as file:
                    file["vectors"][2] = value
            return change
        file = self.part()
        for value, word in [(numpy.nan, "not finite"), (0.0, "length 0.0"), (2.0, "length 16")]:
            self.forge(file, poison(value))
            _, found, _ = self.bad()
            line = next(line for line in found if line["subject"] == "vectors" and line["state"] == "damaged")
            self.assertIn(word, line["detail"])

    def test_items_that_the_manifest_counts_otherwise_are_damage(self):
        def change(path):
            database = sqlite3.connect(path)
            database.execute("DELETE FROM items WHERE id = 'p5'")
            database.commit()
            database.close()
        file = json.loads((self.dir / "shop/collection.json").read_text())["items"]["file"]
        self.forge(file, change)
        self.assertIn(("items", ""), self.bad()[0])


if __name__ == "__main__":
    unittest.main()
