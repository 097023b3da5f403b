"""Pictures in tar archives, through the program: archives are written by Python's tarfile."""
import io
import sqlite3
import subprocess
import tarfile
import unittest

from support import BINARY, PACKAGES, CliTest


class TarArchives(CliTest):
    def setUp(self):
        super().setUp()
        self.picture_catalog()
        self.pictures = {name: (self.dir / f"{name}.png").read_bytes() for name in "abcd"}

    def archive(self, name, files, form=tarfile.PAX_FORMAT):
        path = self.dir / name
        path.parent.mkdir(parents=True, exist_ok=True)
        with tarfile.open(path, "w", format=form) as archive:
            for member, content in files:
                entry = tarfile.TarInfo(member)
                entry.size = len(content)
                archive.addfile(entry, io.BytesIO(content))
        return path

    def shard(self, name="shard.tar", **options):
        files = []
        for key, words in [("000001", "red checks"), ("000002", "green checks")]:
            files += [(f"{key}.png", self.pictures["a" if key.endswith("1") else "b"]),
                      (f"{key}.txt", words.encode()), (f"{key}.json", b"{}")]
        return self.archive(name, files, **options)

    def stored(self, collection="shop"):
        """id, path relative to the test's directory, hash of each picture."""
        database = sqlite3.connect(self.dir / collection / "items.sqlite")
        rows = database.execute("SELECT id, path, hex(hash) FROM pictures JOIN items USING (row) ORDER BY id, ordinal")
        return [(row[0], row[1].removeprefix(str(self.dir) + "/"), row[2]) for row in rows]

    def test_an_archive_is_read_as_the_directory_of_its_files(self):
        self.shard()
        said = self.pmatch("ingest", "shop", "shard.tar").stderr
        self.assertIn("2 items with 2 pictures", said)
        self.assertIn(".json 2", said)
        with tarfile.open(self.dir / "shard.tar") as archive:
            for member in archive:
                self.write(f"shard/{member.name}", archive.extractfile(member).read())
        self.quiet("ingest", "extracted", "shard")
        ours, theirs = self.stored(), self.stored("extracted")
        self.assertEqual([row[1] for row in ours], ["shard.tar/000001.png", "shard.tar/000002.png"])
        self.assertEqual([(row[0], row[2]) for row in ours], [(row[0], row[2]) for row in theirs])
        texts = "SELECT id, text FROM items ORDER BY id"
        self.assertEqual(sqlite3.connect(self.dir / "shop/items.sqlite").execute(texts).fetchall(),
                         [("000001", "red checks"), ("000002", "green checks")])

    def test_pictures_of_an_archive_are_embedded_and_asked_for(self):
        self.shard("shards/000.tar")
        self.shard("shards/001.tar")
        self.write("shards/loose.png", self.pictures["c"])
        self.quiet("ingest", "shop", "shards")
        ids = ["000.tar/000001", "000.tar/000002", "001.tar/000001", "001.tar/000002", "loose"]
        self.assertEqual([row[0] for row in self.stored()], ids)
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")
        asked = self.quiet("query", "shop", "--image", "shards/001.tar/000002.png", "--format", "tsv", "--top", "2")
        self.assertEqual(sorted(line.split("\t")[2] for line in asked.stdout.splitlines()[1:]),
                         ["000.tar/000002", "001.tar/000002"])

    def test_names_in_every_form_that_tarfile_writes(self):
        names = ["a.png", "./b.png", "größe/ü.png", "x" * 90 + "/" + "y" * 90 + ".png", "deep/" * 60 + "z.png"]
        for form in (tarfile.USTAR_FORMAT, tarfile.GNU_FORMAT, tarfile.PAX_FORMAT):
            taken = names[:4] if form == tarfile.USTAR_FORMAT else names
            self.archive("photos.tar", [(name, self.pictures["a"]) for name in taken], form)
            self.quiet("ingest", f"shop{form}", "photos.tar")
            self.assertEqual({row[1] for row in self.stored(f"shop{form}")},
                             {"photos.tar/" + name.removeprefix("./") for name in taken})

    def test_a_cell_may_name_a_file_in_an_archive(self):
        self.archive("photos.tar", [("cups/a.png", self.pictures["a"]), ("cups/a.png", self.pictures["b"])])
        self.write("catalog.csv", "id,image\n1,photos.tar/cups/a.png\n2,photos.tar/cups/no.png\n3,photos.tar\n")
        self.pmatch("ingest", "shop", "catalog.csv", code=3)
        self.assertEqual({(row["item"], row["code"]) for row in self.ledger()}, {("2", "missing")})
        self.pmatch("embed", "shop", "--model", PACKAGES / "image", code=3)
        self.assertIn(("3", "unsupported_format"), {(row["item"], row["code"]) for row in self.ledger()})
        # As tar extracts them: the second file of a name replaces the first.
        self.write("second.csv", "id,image\n1,b.png\n")
        self.quiet("ingest", "second", "second.csv")
        self.assertEqual(self.stored()[0][2], self.stored("second")[0][2])

    def test_nothing_outside_the_archive_or_the_root_is_reached(self):
        self.write("secret.png", self.pictures["d"])
        hostile = [("../secret.png", self.pictures["a"]), ("/abs.png", self.pictures["a"]), ("ok.png", self.pictures["a"])]
        self.archive("root/photos.tar", hostile)
        with tarfile.open(self.dir / "root/photos.tar", "a") as archive:
            for kind, name in [(tarfile.SYMTYPE, "link.png"), (tarfile.LNKTYPE, "hard.png"), (tarfile.FIFOTYPE, "p.png")]:
                entry = tarfile.TarInfo(name)
                entry.type, entry.linkname = kind, "../../secret.png"
                archive.addfile(entry)
        self.quiet("ingest", "shop", "root/photos.tar")
        self.assertEqual([row[0] for row in self.stored()], ["ok"])
        self.write("catalog.csv", "id,image\n1,photos.tar/../../secret.png\n2,photos.tar/ok.png\n")
        self.pmatch("ingest", "other", "catalog.csv", "--image-root", "root", code=3)
        self.assertEqual({(row["item"], row["code"]) for row in self.ledger("other")}, {("1", "outside_image_root")})

    def test_a_damaged_archive_is_told_by_its_place(self):
        whole = self.shard().read_bytes()
        for name, content, words in [("cut", whole[:1500], "cut"), ("flipped", whole[:20] + b"!" + whole[21:], "byte 0"),
                                     ("empty", b"", "cut"), ("gzip", b"\x1f\x8b" + whole[2:], "byte 0"),
                                     ("huge", whole[:124] + b"77777777777\0" + whole[136:], "byte 0")]:
            self.write(f"{name}.tar", content)
            self.fails("ingest", "shop", f"{name}.tar", says=[f"{name}.tar", words])
            self.assertFalse((self.dir / "shop").exists())
        self.write("shards/bad.tar", whole[:1500])
        self.shard("shards/good.tar")
        self.pmatch("ingest", "shop", "shards", code=3)
        self.assertEqual([(row["item"], row["code"]) for row in self.ledger()], [("bad.tar", "corrupt")])
        self.assertEqual(len(self.stored()), 2)

    def test_every_cut_and_many_flips_end_in_an_error_or_whole_items(self):
        whole = self.shard().read_bytes()
        for at in range(0, len(whole), 397):
            for content in (whole[:at], whole[:at] + bytes([whole[at] ^ 0x41]) + whole[at + 1:]):
                self.write("t.tar", content)
                done = self.pmatch_any("ingest", f"t{at}{len(content)}", "t.tar")
                self.assertIn(done.returncode, (0, 1, 3), done.stderr)

    def pmatch_any(self, *arguments):
        return subprocess.run([BINARY, *arguments], cwd=self.dir, capture_output=True, text=True, timeout=60)


if __name__ == "__main__":
    unittest.main()
