"""Edge-case, corrupt and hostile picture files through ingest and embed, in one run."""
import csv
import os
import pathlib
import resource
import subprocess
import unittest

import h5py
from support import BINARY, PACKAGES, CliTest

DATA = pathlib.Path(os.environ.get("PMATCH_DATA") or pathlib.Path(__file__).resolve().parents[2] / "../shared/data")
HOSTILE = DATA / "hostile"
CLAIMED = {"JPEG", "MPO", "PNG", "WEBP", "BMP", "TIFF", "GIF"}
LEAST_READ = 0.97  # of the files that the manifest calls sound
MAX_RESIDENT = 2 << 30  # bytes; the sanitizers' shadow memory is not counted on
# What the manifest's decoder reads and pmatch does not: it takes pixels that are not in the file, or that a wrong
# checksum denies, for gray or black ones, and a GIF without pixels for a black one. So many files and no more.
LENIENT = {"PNG": 23, "JPEG": 2, "GIF": 1}
# What it rejects and pmatch reads: bitmaps of headers it does not know; damage outside of the pixels.
STRICT = {"BMP": 13, "JPEG": 3, "PNG": 6, "TIFF": 3}


@unittest.skipUnless((HOSTILE / "manifest.csv").exists(), f"no hostile/manifest.csv in {DATA}")
class Hostile(CliTest):
    def embed_all(self, rows):
        with open(self.dir / "catalog.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "image"])
            writer.writerows([row["path"], HOSTILE / "files" / row["path"]] for row in rows)
        self.pmatch("ingest", "shop", "catalog.csv")
        process = subprocess.Popen([BINARY, "embed", "shop", "--model", PACKAGES / "image"], cwd=self.dir,
                                   stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        _, said = process.communicate(timeout=600)
        self.assertEqual(process.returncode, 3, said)

    def test_every_file_is_a_vector_or_a_row_of_the_ledger(self):
        with open(HOSTILE / "manifest.csv") as file:
            rows = [row for row in csv.DictReader(file)]
        self.embed_all(rows)
        codes = {row["item"]: row["code"] for row in self.ledger()}
        self.assertTrue(all(codes.values()))
        with h5py.File(self.dir / "shop" / "embeddings" / "image.h5") as file:
            self.assertEqual(len(file["ids"]) + len(codes), len(rows))
        lenient, strict = {}, {}
        for row in rows:
            read = row["path"] not in codes
            kind = row["fmt"] or row["magic"].upper()
            if row["verdict"] == "ok" and not read and kind in CLAIMED:
                lenient.setdefault(kind, []).append(row["path"])
                self.assertIn(codes[row["path"]], {"corrupt", "truncated"})
            if row["verdict"] != "ok" and read:
                strict.setdefault(kind, []).append(row["path"])
        self.assertEqual({kind: len(files) for kind, files in lenient.items()}, LENIENT, lenient)
        sound = [row["path"] for row in rows if row["verdict"] == "ok"]
        self.assertGreaterEqual(sum(path not in codes for path in sound) / len(sound), LEAST_READ)
        self.assertEqual({kind: len(files) for kind, files in strict.items()}, STRICT, strict)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024
        self.assertLess(peak, MAX_RESIDENT)


if __name__ == "__main__":
    unittest.main()
