"""The job of README.md, night after night, with the catalogs that break: it stops, and yesterday's answers stay."""
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

from support import BINARY, PACKAGES, ROOT, CliTest

README = (ROOT / "README.md").read_text()
SHOP = ROOT / "examples" / "shop"


def job():
    """Its commands but for the gate, which measures."""
    block = next(block for block in re.findall(r"```\n(.*?)```", README, re.S) if block.startswith("set -e"))
    *commands, gate = block.replace("\\\n", "").strip().splitlines()
    assert "evaluate" in gate
    return "\n".join(commands)


def run(directory, commands):
    return subprocess.run(["bash", "-c", commands], cwd=directory, capture_output=True, text=True, timeout=300,
                          env={"PATH": f"{pathlib.Path(BINARY).parent}:/usr/bin:/bin"})


class NightJob(CliTest):
    @classmethod
    def setUpClass(cls):
        """The shop as it was yesterday, which each test has a copy of."""
        cls.made = tempfile.TemporaryDirectory(prefix="pmatch-night-job-")
        cls.addClassCleanup(cls.made.cleanup)
        directory = pathlib.Path(cls.made.name)
        shutil.copy(SHOP / "catalog.csv", directory)
        shutil.copytree(SHOP / "pictures", directory / "pictures")
        (directory / "packages").mkdir()
        (directory / "packages" / "minilm-l6").symlink_to(PACKAGES / "text")
        done = run(directory, job() + "\npmatch --quiet build-index shop --layout bm25")
        assert (done.returncode, done.stderr) == (0, ""), done.stderr

    def setUp(self):
        super().setUp()
        shutil.copytree(self.made.name, self.dir, symlinks=True, dirs_exist_ok=True)
        self.yesterday = self.answers()
        self.state = (self.dir / "shop" / "collection.json").read_bytes()

    def night(self, *more):
        return run(self.dir, job().replace("catalog.csv", " ".join(("catalog.csv", *more))))

    def answers(self):
        return [self.quiet("query", "shop", "--text", "white mug", "--preset", preset, "--format", "tsv").stdout
                for preset in ("text", "lexical")]

    def stops(self, says, *more):
        done = self.night(*more)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertIn("pmatch: error: ", done.stderr)
        self.assertIn(says, done.stderr)
        self.assertEqual((self.dir / "shop" / "collection.json").read_bytes(), self.state)
        self.assertEqual(self.answers(), self.yesterday)

    def edit(self, change):
        self.write("catalog.csv", change((self.dir / "catalog.csv").read_text()))

    def test_the_same_catalog_again(self):
        done = self.night()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual(self.answers(), self.yesterday)

    def test_one_bad_row_does_not_stop_it(self):
        self.edit(lambda text: text + "Z1,one cell too few\n")
        done = self.night()
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([row["item"] for row in self.ledger()], ["Z1"])

    def test_a_loss_that_was_meant_does_not_stop_it(self):
        self.edit(lambda text: "".join(text.splitlines(True)[:12]))
        self.assertEqual(self.night("--max-loss", "1").returncode, 0)

    def test_the_folder_of_the_pictures_is_gone(self):
        (self.dir / "pictures").rename(self.dir / "elsewhere")
        self.stops("81 of 81 pictures that items had are gone")

    def test_the_root_of_the_pictures_is_another(self):
        (self.dir / "empty").mkdir()
        self.stops("81 of 81 pictures that items had are gone", "--image-root", "empty")

    def test_the_cells_of_the_pictures_are_empty(self):
        self.edit(lambda text: re.sub(r"pictures/[^,\n]*", "", text))
        self.stops("81 of 81 pictures that items had are gone")

    def test_most_rows_are_gone(self):
        self.edit(lambda text: "".join(text.splitlines(True)[:30]))
        self.stops("35 of 64 items are not in the catalog")

    def test_the_file_was_cut(self):
        for share in (.2, .45, .7, .9):
            whole = (SHOP / "catalog.csv").read_text()
            text = whole[:int(len(whole) * share)]
            self.write("catalog.csv", text[:text.rindex(",")])  # somewhere within a row
            self.stops("items are not in the catalog")

    def test_a_quote_takes_the_rest(self):
        def open_quote(text):
            lines = text.replace('"', "").splitlines(True)
            rows = [line.split(",") for line in lines]
            width = len(rows[0])
            rows = [row[:width - 1] + row[-1:] for row in rows]
            rows[6][1] = '"' + rows[6][1]
            return "".join(",".join(row) for row in rows)

        self.edit(open_quote)
        self.stops("the quote of line 7 is still open at the end; lines 7 to 65 are lost with it")
        self.assertIn("ingest, refused", {row["stage"] for row in self.ledger()})

    def test_the_file_is_empty(self):
        for text, says in [("", "no header"), ("id,title,description,brand,colour,price,image\n", "no usable item")]:
            self.write("catalog.csv", text)
            self.stops(says)

    def test_the_file_is_another(self):
        shutil.copy(SHOP / "queries.csv", self.dir / "catalog.csv")
        self.stops("64 of 64 items are not in the catalog")
        shutil.copy(SHOP / "truth.csv", self.dir / "catalog.csv")
        self.stops("there is no column 'id'")
        self.write("catalog.csv", (SHOP / "pictures" / "M101.jpg").read_bytes())
        self.stops("catalog.csv")
        self.write("catalog.csv", "<!DOCTYPE html>\n<html><body>502 Bad Gateway</body></html>\n")
        self.stops("the file is a web page")
        self.write("catalog.csv", (SHOP / "catalog.csv").read_text().encode("utf-16"))
        self.stops("iconv -f UTF-16 -t UTF-8")

    def test_a_column_was_renamed(self):
        header = (SHOP / "catalog.csv").read_text().split("\n")[0]
        for column in header.split(","):
            self.write("catalog.csv", (SHOP / "catalog.csv").read_text().replace(
                header, ",".join(f"new_{name}" if name == column else name for name in header.split(","))))
            self.stops(f"no column '{column}'")

    def test_the_rows_are_written_with_other_separators(self):
        self.edit(lambda text: text.replace('"', "").replace(", ", " ").replace(",", ";"))
        self.stops("--delimiter ';'")


if __name__ == "__main__":
    unittest.main()
