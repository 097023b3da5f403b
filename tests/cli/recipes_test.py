"""examples/serve/recipes: each builds, measures and serves a published kind of system, here with small random weights;
what it answers is compared with NumPy over the vectors that it stored."""
import csv
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy as np
import torch
from serve_support import Server
from support import BINARY, PACKAGES, ROOT

RECIPES = ROOT / "examples" / "serve" / "recipes"
SHOP = ROOT / "examples" / "shop"
JPEG = {"Content-Type": "image/jpeg"}


def table(path):
    with open(path, encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


class Recipes(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.dir = pathlib.Path(tempfile.mkdtemp(prefix="pmatch-recipes-"))
        cls.addClassCleanup(shutil.rmtree, cls.dir, ignore_errors=True)
        torch.manual_seed(5)
        torch.save({"head.weight": torch.randn(128, 64) / 8, "head.bias": torch.zeros(128)}, cls.dir / "head.pt")
        for name, source in {"clip": ["clip", "--seed", "6"], "siglip": ["siglip", "--seed", "7"],
                             "resnet": ["resnet", "--seed", "8"],
                             "head": ["dinov2", "--seed", "9", "--head", cls.dir / "head.pt"]}.items():
            subprocess.run([sys.executable, ROOT / "scripts" / "export_model.py", *source, "--random-init", "--name",
                            name, "--out", cls.dir / name], check=True, capture_output=True, timeout=300)

    def serve(self, recipe, **environment):
        """The recipe's server, and the collection it made."""
        out = self.dir / f"{recipe}-{len(list(self.dir.iterdir()))}"
        paths = {"PATH": f"{pathlib.Path(BINARY).parent}:/usr/bin:/bin", **{k: str(v) for k, v in environment.items()}}
        server = self.enterContext(Server(ROOT, command=(RECIPES / f"{recipe}.sh", out), seconds=400,
                                          env={**os.environ, **paths}))
        return server, out / "shop"

    def printed(self, server):
        """What stood on stdout before the server began."""
        os.set_blocking(server.process.stdout.fileno(), False)
        return server.process.stdout.read().decode()

    def figures(self, server):
        """{"hit": {"1": …}, …} of the table of metrics."""
        lines = self.printed(server).splitlines()
        columns = [cell.lstrip("@") for cell in lines[0].split()[1:]]
        rows = [line.split() for line in lines[1:] if re.match(r"[a-z_@]+ +[\d.]+", line)]
        return {row[0]: dict(zip(columns, map(float, row[1:]))) for row in rows}

    def space(self, shop, name):
        """Row numbers and vectors."""
        with h5py.File(shop / "embeddings" / f"{name}.h5") as file:
            return file["ids"][:], file["vectors"][:].astype(np.float64)

    def best_per_item(self, shop, name, query, catalog=SHOP / "catalog.csv"):
        """The largest inner product of each item's vectors with the query's, by item."""
        rows, vectors = self.space(shop, name)
        items = [row["id"] for row in table(catalog)]
        products = {}
        for row, product in zip(rows, vectors @ np.asarray(query)):
            products[items[row]] = max(product, products.get(items[row], -np.inf))
        return products

    def embedded(self, server, body, space):
        if isinstance(body, bytes):
            return server.post(f"/embed?space={space}", body, JPEG).json["vector"]
        return server.post("/embed", {**body, "space": space}).json["vector"]

    def is_order_of(self, answers, products):
        """The answers are the items with the largest products, and score them."""
        self.assertGreater(len(answers), 0)
        wanted = sorted(products.values(), reverse=True)[:len(answers)]
        for answer, product in zip(answers, wanted):
            self.assertAlmostEqual(answer["score"], product, places=4)
            self.assertAlmostEqual(products[answer["item"]], product, places=4)

    def share_found_first(self, answers_of, kind):
        """hit@1 by asking the server each of the example's queries."""
        truth = {}
        for row in table(SHOP / "truth.csv"):
            truth.setdefault(row["query"], set()).add(row["item"])
        queries = [row for row in table(SHOP / "queries.csv") if row["id"].startswith(kind)]
        hits = [answers_of(row)[0]["item"] in truth[row["id"]] for row in queries]
        return sum(hits) / len(hits)

    def test_pictures_and_their_descriptions_by_a_borda_count(self):
        catalog = self.part_of_shop("catalog.csv", 12, lambda row: row["id"][0] in "TB")  # captions take their time
        queries = self.part_of_shop("queries.csv", 3, lambda row: row["id"] in ("p08", "p09", "p10"))
        server, shop = self.serve("caption-borda", DINO=PACKAGES / "image", LLAVA=PACKAGES / "caption",
                                  BERT=PACKAGES / "text", TOKENS=6, CATALOG=catalog, QUERIES=queries)
        picture = (SHOP / "queries" / "p08.jpg").read_bytes()
        answers = server.post("/search/image?explain=true&top_k=5", picture, JPEG).json["answers"]
        self.assertEqual(len(answers), 5)
        for answer in answers:
            lists = {one["list"]: one for one in answer["explain"]["lists"]}
            self.assertTrue({"image", "caption"} <= set(lists))
            points = {name: max(0, 100 - (one["rank"] - 1)) if "rank" in one else 0 for name, one in lists.items()}
            self.assertEqual(answer["score"], points["image"] + points["caption"])
        products = self.best_per_item(shop, "image", self.embedded(server, picture, "image"), catalog)
        first = max(products, key=products.get)
        found = server.post("/search/image?explain=true&top_k=12", picture, JPEG).json["answers"]
        ranks = {a["item"]: a["explain"]["lists"][0].get("rank") for a in found}
        self.assertEqual(ranks[first], 1)
        self.assertIn("hit", self.figures(server))

    def test_words_find_pictures_by_the_towers_of_clip_and_siglip(self):
        for name in ("clip", "siglip"):
            with self.subTest(name):
                server, shop = self.serve("text-to-picture", CLIP=self.dir / name)
                text = {"text": "olive backpack"}
                answers = server.search(text["text"], top_k=10).json["answers"]
                self.is_order_of(answers, self.best_per_item(shop, "towers", self.embedded(server, text, "towers")))
                if name == "clip":
                    share = self.share_found_first(
                        lambda row: server.search(row["title"], top_k=1).json["answers"], "t")
                    self.assertAlmostEqual(self.figures(server)["hit"]["1"], share, places=4)

    def test_a_trained_head_of_128_values_by_exact_inner_product_with_thumbnails(self):
        server, shop = self.serve("trained-head", HEAD=self.dir / "head")
        self.assertEqual(self.space(shop, "head")[1].shape[1], 128)

        def ask(row):
            return server.post("/search/image?top_k=9", (SHOP / row["image"]).read_bytes(), JPEG).json["answers"]

        picture = (SHOP / "queries" / "p08.jpg").read_bytes()
        answers = ask({"image": "queries/p08.jpg"})
        self.is_order_of(answers, self.best_per_item(shop, "head", self.embedded(server, picture, "head")))
        for answer in answers:
            thumb = server.get("/" + answer["thumbs"][0])
            self.assertEqual((thumb.status, thumb.headers["Content-Type"]), (200, "image/jpeg"))
        self.assertAlmostEqual(self.figures(server)["hit"]["1"], self.share_found_first(ask, "p"), places=4)

    def write(self, name, rows):
        """With paths of pictures that hold anywhere."""
        for row in rows:
            row["image"] = "|".join(str(SHOP / path) for path in row["image"].split("|"))
        with open(self.dir / name, "w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, rows[0])
            writer.writeheader()
            writer.writerows(rows)
        return self.dir / name

    def part_of_shop(self, name, count, wanted):
        return self.write(name, [row for row in table(SHOP / name) if wanted(row)][:count])

    def sorted_shop(self):
        """The example's catalog with a gender and a category."""
        rows = table(SHOP / "catalog.csv")
        for number, row in enumerate(rows):
            row["gender"] = ("women", "men")[number % 2]
            row["category"] = {"T": "shirts", "S": "shoes"}.get(row["id"][0], "other")
        return self.write("sorted.csv", rows)

    def test_three_stages_and_a_gate_of_gender_and_category(self):
        catalog = self.sorted_shop()
        server, shop = self.serve("three-stage", RESNET=self.dir / "resnet", CLIP=self.dir / "clip", CATALOG=catalog,
                                  BY="item.category")
        picture = (SHOP / "queries" / "p08.jpg").read_bytes()
        cosines = {}
        for space in ("res", "clip", "clip-text"):
            query = self.embedded(server, picture, "res" if space == "res" else "clip")
            values = self.best_per_item(shop, space, query, catalog)
            low, high = min(values.values()), max(values.values())
            cosines[space] = {item: (value - low) / (high - low) for item, value in values.items()}
        weights = {"res": 0.35, "clip": 0.25, "clip-text": 0.40}
        wanted = {item: sum(weight * cosines[space][item] for space, weight in weights.items())
                  for item in cosines["res"] if cosines["clip-text"][item] >= 0.25}  # all are among the best 100
        answers = server.post("/search/image?top_k=64", picture, JPEG).json["answers"]
        self.assertEqual(len(answers), len(wanted))
        self.is_order_of(answers, wanted)
        gate = "gender = 'women' and category = 'shirts'"
        gated = server.form("/search/image", {"file": picture, "where": gate}).json["answers"]
        self.assertGreater(len(gated), 0)
        for answer in gated:
            self.assertEqual((answer["fields"]["gender"], answer["fields"]["category"]), ("women", "shirts"))
        self.assertRegex(self.printed(server), r"(?m)^item\.category.*\n(.*\n)*shirts +\d")

    def test_a_recipe_without_a_directory_says_how_it_is_called(self):
        for recipe in RECIPES.glob("*-*.sh"):
            done = subprocess.run([recipe], capture_output=True, text=True, check=False)
            self.assertEqual((done.returncode, done.stdout), (2, ""))
            self.assertIn(f"examples/serve/recipes/{recipe.name} DIRECTORY", done.stderr)
            self.assertNotIn("#", done.stderr)


if __name__ == "__main__":
    unittest.main()
