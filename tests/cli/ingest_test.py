import json
import os
import re
import sqlite3
import subprocess
import unittest

from support import BINARY, PACKAGES, CliTest


class Ingest(CliTest):
    def rows(self, columns="*", table="items"):
        database = sqlite3.connect(self.dir / "shop" / "items.sqlite")
        return database.execute(f"SELECT {columns} FROM {table} ORDER BY row").fetchall()

    def test_a_catalog_becomes_items_and_the_summary_counts_them(self):
        self.text_catalog()
        said = self.pmatch("ingest", "shop", "catalog.csv")
        self.assertEqual(said.stdout, "")
        self.assertIn("6 items", said.stderr)
        self.assertIn("6 added", said.stderr)
        self.assertEqual(self.rows("id, title, colour, price"), [
            ("m1", "Stoneware mug", "red", 9.5), ("m2", "Stoneware mug with lid", "blue", 12.0),
            ("s1", "Running shoe", "white", 79.0), ("s2", "Leather boot", "brown", 129.0),
            ("l1", "Desk lamp", "black", 35.9), ("l2", "Lamp, floor standing", "white", None)])

    def test_the_text_is_the_other_columns_as_they_are_written(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.assertEqual(self.rows("text")[0], ("Stoneware mug red 9.50",))

    def test_text_columns_are_named_and_ordered_by_text(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv", "--text", "colour,title")
        self.assertEqual(self.rows("text")[0], ("red Stoneware mug",))

    def test_tsv_and_jsonl_say_the_same_as_csv(self):
        self.write("a.tsv", "sku\ttitle\n1\tMug\n")
        self.write("a.jsonl", '{"sku": "1", "title": "Mug"}\n')
        for name in ["a.tsv", "a.jsonl"]:
            self.quiet("ingest", "shop-" + name, name, "--id", "sku")
            database = sqlite3.connect(self.dir / ("shop-" + name) / "items.sqlite")
            self.assertEqual(database.execute("SELECT id, text FROM items").fetchall(),
                             [("1", "Mug")])

    def test_a_directory_of_pictures_is_a_catalog(self):
        self.picture_catalog()
        (self.dir / "pics" / "deep").mkdir(parents=True)
        (self.dir / "a.png").rename(self.dir / "pics" / "a.png")
        (self.dir / "b.png").rename(self.dir / "pics" / "deep" / "b.png")
        self.write("pics/a.txt", "red checks")
        self.quiet("ingest", "shop", "pics")
        self.assertEqual(self.rows("id, text"), [("a", "red checks"), ("deep/b", "")])

    def test_files_of_a_directory_that_are_no_pictures_are_told(self):
        self.picture_catalog()
        (self.dir / "pics").mkdir()
        (self.dir / "a.png").rename(self.dir / "pics" / "a")
        self.write("pics/Thumbs.db", b"\1\2\3")
        self.write("pics/._a", b"\0\5\x16\7")
        said = self.pmatch("ingest", "shop", "pics").stderr
        self.assertEqual(self.rows("id"), [("a",)])
        self.assertIn("left out: 1 files that are no pictures (.db 1)", said)
        self.assertIn("left out: 1 companions of macOS", said)

    def test_pictures_are_found_as_shops_write_them(self):
        self.picture_catalog()
        (self.dir / "media" / "i").mkdir(parents=True)
        for name in "ab":
            (self.dir / f"{name}.png").rename(self.dir / "media" / "i" / f"{name}.png")
        self.write("shop.csv", 'id,image\nlist,"/i/a.png,i\\b.png?v=2"\ncase,i/A.png\nboth,i/a.png|i/c.png\n')
        self.pmatch("ingest", "shop", "shop.csv", "--image-root", "media", code=3)
        self.assertEqual(self.rows("written", "pictures"), [("/i/a.png",), ("i\\b.png?v=2",), ("i/a.png",)])
        said = {row["item"]: row["detail"] for row in self.ledger()}
        self.assertEqual(set(said), {"case", "both"})
        self.assertIn("did you mean 'i/a.png'?", said["case"])

    def test_a_moved_picture_folder_changes_no_item_and_nothing_is_embedded_again(self):
        self.picture_catalog()
        self.pmatch("ingest", "shop", "pictures.csv")
        self.pmatch("embed", "shop", "--model", PACKAGES / "image")
        (self.dir / "moved").mkdir()
        for picture in self.dir.glob("*.png"):
            picture.rename(self.dir / "moved" / picture.name)
        head, *lines = (self.dir / "pictures.csv").read_text().splitlines()
        lines = [re.sub(r"(\w+\.png)", r"moved/\1", line) for line in reversed(lines)]
        self.write("moved.csv", "\n".join([head, *lines]) + "\n")
        said = self.pmatch("ingest", "shop", "moved.csv").stderr
        self.assertIn("0 added, 0 changed, 0 removed, 4 unchanged", said)
        self.assertIn("the pictures of 4 unchanged items have other paths", said)
        self.assertIn("nothing to do", self.pmatch("embed", "shop", "--model", PACKAGES / "image").stderr)
        paths = [path for path, in self.rows("path", "pictures")]
        self.assertTrue(all("/moved/" in path for path in paths), paths)
        again = self.pmatch("ingest", "shop", "moved.csv").stderr
        self.assertNotIn("other paths", again)

    def test_a_newer_catalog_keeps_rows_and_counts_what_is_new(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        self.write("newer.csv", "id,title,colour,price\n"
                   "s1,Running shoe,black,79\nm1,Stoneware mug,red,9.50\nx1,Umbrella,red,20\n")
        said = self.pmatch("ingest", "shop", "newer.csv", "--max-loss", "1").stderr
        self.assertIn("1 added, 1 changed, 4 removed, 1 unchanged", said)
        self.assertIn("--mode upsert", said)
        self.assertEqual(self.rows("row, id"), [(0, "m1"), (2, "s1"), (6, "x1")])

    def test_a_flag_forgotten_the_second_time_is_pointed_out(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv", "--text", "title")
        said = self.pmatch("ingest", "shop", "catalog.csv").stderr
        self.assertIn("--text was title", said)
        self.assertIn("now it is title,colour,price", said)
        self.assertNotIn("--text was", self.pmatch("ingest", "shop", "catalog.csv").stderr)

    def test_blanks_around_the_bar_between_pictures_do_not_count(self):
        self.picture_catalog()
        self.write("spaced.csv", "id,image\na, a.png | a2.png\n")
        self.assertIn("1 items with 2 pictures", self.pmatch("ingest", "shop", "spaced.csv").stderr)

    def test_the_same_catalog_again_changes_nothing(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        before = (self.dir / "shop" / "collection.json").read_bytes()
        self.assertIn("6 unchanged", self.pmatch("ingest", "shop", "catalog.csv").stderr)
        self.assertEqual((self.dir / "shop" / "collection.json").read_bytes(), before)

    def test_a_missing_column_is_named_with_those_there_are(self):
        self.text_catalog()
        self.fails("ingest", "shop", "catalog.csv", "--text", "title,size",
                   says=["'size'", "'title', 'colour', 'price'", "catalog.csv"])
        self.assertFalse((self.dir / "shop").exists())

    def test_a_missing_id_column_says_which_flag_names_it(self):
        self.write("catalog.csv", "sku,title\n1,Mug\n")
        self.fails("ingest", "shop", "catalog.csv", says=["'id'", "sku", "--id"])

    def test_a_missing_catalog_is_named(self):
        self.fails("ingest", "shop", "nowhere.csv", says=["nowhere.csv"])
        self.assertFalse((self.dir / "shop").exists())

    def test_a_full_directory_that_is_no_collection_is_left_alone(self):
        self.text_catalog()
        self.write("shop/precious.txt", "mine")
        self.fails("ingest", "shop", "catalog.csv", says=["shop"])
        self.assertEqual((self.dir / "shop" / "precious.txt").read_text(), "mine")

    def test_bad_rows_are_ledger_rows_and_the_others_are_kept(self):
        self.write("catalog.csv", b"id,title\n"
                   b"1,Mug\n"
                   b"2,Cup,extra\n"
                   b"3,Gl\xffass\n"
                   b"1,Mug again\n"
                   b",No id\n"
                   b"4,Bowl\n")
        said = self.pmatch("ingest", "shop", "catalog.csv", code=3).stderr
        self.assertIn("4 rows (duplicate_id 1, empty_id 1, invalid_utf8 1, too_many_cells 1) skipped", said)
        self.assertEqual(self.rows("id, title"), [("1", "Mug"), ("4", "Bowl")])
        self.assertEqual([(r["item"], r["code"]) for r in self.ledger()],
                         [("2", "too_many_cells"), ("3", "invalid_utf8"), ("1", "duplicate_id"),
                          ("line 6", "empty_id")])

    def test_a_picture_that_is_not_there_is_a_ledger_row_and_its_item_stays(self):
        self.picture_catalog()
        (self.dir / "c.png").unlink()
        self.pmatch("ingest", "shop", "pictures.csv", code=3)
        self.assertEqual([(r["item"], r["stage"], r["code"]) for r in self.ledger()],
                         [("c", "ingest", "missing")])
        self.assertEqual(self.rows("id"), [("a",), ("b",), ("c",), ("d",)])

    def test_nothing_outside_the_image_root_is_read(self):
        self.picture_catalog()
        (self.dir / "root").mkdir()
        (self.dir / "b.png").rename(self.dir / "root" / "b.png")
        self.write("catalog.csv", "id,image\n1,b.png\n2,../a.png\n3,/etc/hostname\n")
        self.pmatch("ingest", "shop", "catalog.csv", "--image-root", "root", code=3)
        self.assertEqual([(r["item"], r["code"]) for r in self.ledger()],
                         [("2", "outside_image_root"), ("3", "outside_image_root")])

    def test_paths_that_are_no_files_of_the_image_root_are_refused_by_rule(self):
        self.picture_catalog()
        root = self.dir / "root"
        (root / "sub").mkdir(parents=True)
        (self.dir / "a.png").rename(root / "a.png")
        (root / "inside.png").symlink_to("a.png")
        (root / "out.png").symlink_to(self.dir / "b.png")
        (root / "zero.png").symlink_to("/dev/zero")
        (root / "loop.png").symlink_to("loop.png")
        (root / "linked").symlink_to(self.dir)
        os.mkfifo(root / "pipe.png")
        written = {"inside": "inside.png", "dotted": "sub/../a.png", "parent": "../b.png", "deep": "sub/../../b.png",
                   "link": "out.png", "through": "linked/b.png", "device": "zero.png", "absolute": "/etc/hostname",
                   "pipe": "pipe.png", "directory": "sub", "loop": "loop.png", "long": "x" * 5000,
                   "url": "https://example.org/a.png", "file-url": "file:///etc/hostname"}
        self.write("catalog.csv", "id,image\n" + "".join(f"{id},{path}\n" for id, path in written.items()))
        self.pmatch("ingest", "shop", "catalog.csv", "--image-root", "root", code=3)
        codes = {row["item"]: row["code"] for row in self.ledger()}
        outside = dict.fromkeys(["parent", "deep", "link", "through", "device", "absolute"], "outside_image_root")
        self.assertEqual(codes, outside | {"pipe": "not_a_file", "directory": "not_a_file", "loop": "unreadable",
                                           "long": "unreadable", "url": "is_a_url", "file-url": "is_a_url"})
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.assertEqual(len(self.read_space("image")[0]), 2)

    def test_a_lack_of_descriptors_is_no_fault_of_a_picture(self):
        self.picture_catalog()
        for limit in range(4, 24):
            done = subprocess.run(["prlimit", f"--nofile={limit}", BINARY, "ingest", "shop", "pictures.csv"],
                                  cwd=self.dir, capture_output=True, text=True)
            if done.returncode == 0:
                break
            self.assertIn(done.returncode, (1, 127), f"{limit}: {done.stderr}")
        self.assertEqual(self.ledger(), [])

    def test_a_catalog_without_usable_items_keeps_the_old_state(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        before = (self.dir / "shop" / "collection.json").read_bytes()
        self.write("empty.csv", "id,title\n")
        self.fails("ingest", "shop", "empty.csv", says=["empty.csv"])
        self.assertEqual((self.dir / "shop" / "collection.json").read_bytes(), before)

    def test_a_collection_of_a_newer_version_is_refused_and_left_alone(self):
        self.text_catalog()
        self.quiet("ingest", "shop", "catalog.csv")
        path = self.dir / "shop" / "collection.json"
        newer = json.loads(path.read_text())
        newer["version"] = 99
        path.write_text(json.dumps(newer))
        before = path.read_bytes()
        for command in [("ingest", "shop", "catalog.csv"), ("status", "shop")]:
            self.fails(*command, says=["format 99 is newer than this pmatch", "collection.json",
                                       "upgrade pmatch"])
        self.assertEqual(path.read_bytes(), before)


if __name__ == "__main__":
    unittest.main()
