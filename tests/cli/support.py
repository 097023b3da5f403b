"""Runs the real pmatch binary in a fresh directory per test."""
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import tempfile
import time
import unittest
import zlib

BINARY = os.environ["PMATCH_BINARY"]
PACKAGES = pathlib.Path(os.environ.get("PMATCH_TEST_PACKAGES", ""))
ROOT = pathlib.Path(__file__).resolve().parents[2]


def verbs(*of):
    """The subcommands that `pmatch OF --help` lists, in its order."""
    text = subprocess.run([BINARY, *of, "--help"], capture_output=True, text=True, check=True).stdout
    listed = text.partition("Subcommands:\n")[2].partition("\n\n")[0]
    return re.findall(r"^  ([a-z-]+) ", listed, re.M)


def write_png(path, width, height, pixel):
    """`pixel(x, y)` gives (r, g, b)."""
    rows = b"".join(
        b"\0" + bytes(v for x in range(width) for v in pixel(x, y)) for y in range(height))

    def chunk(kind, data):
        return (struct.pack(">I", len(data)) + kind + data
                + struct.pack(">I", zlib.crc32(kind + data)))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    path.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header)
                     + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b""))


class CliTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        self.dir = pathlib.Path(tempfile.mkdtemp(prefix=f"pmatch-{self.id().split('.')[-1]}-"))
        self.addCleanup(shutil.rmtree, self.dir, ignore_errors=True)

    def pmatch(self, *arguments, code=0, stdin=None):
        """Runs pmatch in the test's directory and checks the exit code; None: whatever it is."""
        result = subprocess.run([BINARY, *map(str, arguments)], cwd=self.dir, input=stdin,
                                capture_output=True, text=True, timeout=300)
        self.assertEqual(result.returncode, result.returncode if code is None else code,
                         f"pmatch {' '.join(map(str, arguments))}\n"
                         f"stdout:\n{result.stdout}\nstderr:\n{result.stderr}")
        return result

    def quiet(self, *arguments, code=0, stdin=None):
        """The same with --quiet; on success nothing may be said on stderr."""
        result = self.pmatch("--quiet", *arguments, code=code, stdin=stdin)
        if code == 0:
            self.assertEqual(result.stderr, "")
        return result

    def fails(self, *arguments, code=1, says=(), stdin=None):
        """Exit code, and the words its one message must hold."""
        result = self.pmatch(*arguments, code=code, stdin=stdin)
        self.assertIn("pmatch: error: ", result.stderr)
        for words in says:
            self.assertIn(words, result.stderr)
        return result

    def wait_for_file(self, pattern, process):
        """Until a file of the test's directory fits, or the process is done."""
        deadline = time.monotonic() + 300
        while time.monotonic() < deadline and process.poll() is None and not any(self.dir.glob(pattern)):
            time.sleep(0.005)

    def write(self, name, text):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(text, bytes):
            path.write_bytes(text)
        else:
            path.write_text(text, encoding="utf-8")
        return path

    def manifest(self, collection="shop"):
        return json.loads((self.dir / collection / "collection.json").read_text())

    def ledger(self, collection="shop"):
        lines = self.pmatch("--quiet", "ledger", collection, "--format", "jsonl").stdout
        return [json.loads(line) for line in lines.splitlines()]

    def text_catalog(self):
        """Six products in catalog.csv."""
        return self.write("catalog.csv",
                          "id,title,colour,price\n"
                          "m1,Stoneware mug,red,9.50\n"
                          "m2,Stoneware mug with lid,blue,12.00\n"
                          "s1,Running shoe,white,79\n"
                          "s2,Leather boot,brown,129\n"
                          "l1,Desk lamp,black,35.90\n"
                          "l2,\"Lamp, floor standing\",white,\n")

    def picture_catalog(self):
        """Four products, the first with two pictures, in pictures.csv."""
        for name, colour in [("a", (200, 30, 30)), ("b", (30, 200, 30)), ("c", (30, 30, 200)),
                             ("a2", (180, 60, 30)), ("d", (240, 240, 20))]:
            write_png(self.dir / f"{name}.png", 40, 32,
                      lambda x, y, c=colour: c if (x // 8 + y // 8) % 2 else (x * 6, y * 7, 90))
        return self.write("pictures.csv", "id,title,image\n"
                          "a,red checks,a.png|a2.png\nb,green checks,b.png\n"
                          "c,blue checks,c.png\nd,yellow checks,d.png\n")

    def indexed_shop(self):
        """A collection `shop` of six texts, embedded and indexed."""
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")

    def read_space(self, space="text", collection="shop"):
        import h5py
        with h5py.File(self.dir / collection / "embeddings" / f"{space}.h5") as file:
            return file["ids"][:], file["ordinal"][:], file["vectors"][:]
