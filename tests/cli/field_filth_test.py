"""100,000 rows of what exports, spreadsheets and people leave in catalogs: each is an item, or it is accounted for."""
import re
import sqlite3
import unittest

from field_filth import COLUMNS, Filth
from support import CliTest


class FieldFilth(CliTest):
    def stored(self):
        database = sqlite3.connect(self.dir / "shop" / "items.sqlite")
        names = [row[1] for row in database.execute("PRAGMA table_info(items)")]
        self.assertLessEqual(set(COLUMNS), set(names))
        return {row[0]: list(row[1:]) for row in database.execute(f"SELECT {','.join(COLUMNS)} FROM items")}

    def test_every_row_is_an_item_or_a_row_of_the_ledger_and_changes_no_other(self):
        filth = Filth(100_000, seed=20)
        self.write("catalog.csv", bytes(filth.out))
        said = self.pmatch("ingest", "shop", "catalog.csv", code=3).stderr
        self.assertIn(f"{len(filth.items):,} items", said)
        stored = self.stored()
        self.assertEqual(stored.keys(), filth.items.keys())
        different = [(item, cells, stored[item]) for item, cells in filth.items.items() if stored[item] != cells]
        self.assertEqual(different[:3], [])
        self.assertEqual([(row["item"], row["code"]) for row in self.ledger()], filth.ledger)
        counts = re.search(r"ingest: ([\d,]+) rows \(([^)]*)\) skipped", said)
        by_code = {code: int(count.replace(",", "")) for code, count in re.findall(r"(\w+) ([\d,]+)", counts.group(2))}
        self.assertEqual(by_code, filth.lines)
        self.assertEqual(int(counts.group(1).replace(",", "")), sum(filth.lines.values()))
        self.assertIn(f"and {filth.headers - 1} more are the header again", said)


if __name__ == "__main__":
    unittest.main()
