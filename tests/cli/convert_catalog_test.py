"""Parquet files and Excel workbooks, written by the libraries that people write them with."""
import datetime
import pathlib
import sqlite3
import subprocess
import sys
import unittest

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

try:
    import openpyxl
    import pyarrow
    import pyarrow.parquet
except ImportError as missing:
    no_library(missing)

from support import ROOT, CliTest  # noqa: E402


class ConvertCatalog(CliTest):
    def convert(self, source, *more, code=0):
        done = subprocess.run([sys.executable, ROOT / "scripts" / "convert_catalog.py", source, "catalog.csv", *more],
                              cwd=self.dir, capture_output=True, text=True)
        self.assertEqual(done.returncode, code, done.stderr)
        return done

    def items(self, columns):
        database = sqlite3.connect(self.dir / "shop" / "items.sqlite")
        return database.execute(f"SELECT {columns} FROM items ORDER BY row").fetchall()

    def test_a_parquet_file(self):
        table = pyarrow.table({
            "id": pyarrow.array([1234567890123, 2]), "title": ['Mug, "red"', None],
            "price": pyarrow.array([9.5, None], pyarrow.float64()), "stock": pyarrow.array([3.0, 4.0]),
            "image": [["a.png", "b.png"], []], "new": [True, False], "since": [datetime.date(2024, 5, 1), None]})
        pyarrow.parquet.write_table(table, self.dir / "catalog.parquet")
        self.fails("ingest", "shop", "catalog.parquet", says=["a Parquet file", "scripts/convert_catalog.py"])
        self.convert("catalog.parquet")
        self.pmatch("ingest", "shop", "catalog.csv", code=3)  # the pictures are not there
        self.assertEqual(self.items("id, title, image, new, since"),
                         [("1234567890123", 'Mug, "red"', "a.png|b.png", "true", "2024-05-01"),
                          ("2", "", "", "false", "")])
        self.assertEqual((self.dir / "catalog.csv").read_text().splitlines()[1],
                         '1234567890123,"Mug, ""red""",9.5,3,a.png|b.png,true,2024-05-01')

    def test_a_workbook(self):
        book = openpyxl.Workbook()
        book.active.append(["id", "ean", "title", "price", "since"])
        book.active.append(["A1", 12345678905, "Mug\nred", 9.5, datetime.datetime(2024, 5, 1)])
        book.active["B2"].number_format = "0000000000000"
        book.create_sheet("rivals").append(["id", "title"])
        book["rivals"].append([7.0, "Jug"])
        book.save(self.dir / "catalog.xlsx")
        self.fails("ingest", "shop", "catalog.xlsx", says=["an Excel workbook", "scripts/convert_catalog.py"])
        (self.dir / "renamed.csv").write_bytes((self.dir / "catalog.xlsx").read_bytes())
        self.fails("ingest", "shop", "renamed.csv", says=["an Excel workbook"])
        self.convert("catalog.xlsx")
        self.assertEqual((self.dir / "catalog.csv").read_text(),
                         'id,ean,title,price,since\nA1,0012345678905,"Mug\nred",9.5,2024-05-01\n')
        self.convert("catalog.xlsx", "--sheet", "rivals")
        self.quiet("ingest", "shop", "catalog.csv")
        self.assertEqual(self.items("id, title"), [("7", "Jug")])

    def test_what_cannot_be_converted_leaves_the_old_file(self):
        self.write("catalog.csv", "id\nold\n")
        self.write("catalog.parquet", "none")
        self.write("catalog.ods", "none")
        for source, *more in [["nowhere.xlsx"], ["catalog.ods"], ["catalog.parquet"]]:
            self.assertNotEqual(self.convert(source, *more, code=1).stderr, "")
        self.assertEqual((self.dir / "catalog.csv").read_text(), "id\nold\n")
        self.assertEqual(sorted(path.name for path in self.dir.iterdir()),
                         ["catalog.csv", "catalog.ods", "catalog.parquet"])


if __name__ == "__main__":
    unittest.main()
