"""`pmatch match` of one catalog: groups, blending, unions of rankings, the contact sheet, and wrong command lines."""
import csv
import html.parser
import io
import itertools
import json
import unittest

import numpy
from support import PACKAGES, CliTest, write_png


def rows(text):
    return list(csv.DictReader(io.StringIO(text)))


def groups(text):
    """group number → members."""
    found = {}
    for row in rows(text):
        found.setdefault(row["group"], []).append(row["item"])
    return list(found.values())


class Page(html.parser.HTMLParser):
    """Tags must close in order; sources of pictures are gathered."""
    EMPTY = {"meta", "img", "br"}

    def __init__(self):
        super().__init__()
        self.open, self.sources, self.text, self.sections = [], [], "", 0

    def handle_starttag(self, tag, attributes):
        if tag not in self.EMPTY:
            self.open.append(tag)
        self.sources += [value for name, value in attributes if name in ("src", "href")]
        self.sections += tag == "section"

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag

    def handle_data(self, data):
        self.text += data


class MatchGroups(CliTest):
    def shop(self, titles):
        self.write("shop.csv", "id,title\n" + "".join(f"{i},{t}\n" for i, t in titles.items()))
        self.quiet("ingest", "shop", "shop.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        return dict(zip(titles, self.read_space()[2].astype(numpy.float64)))

    def chain(self):
        """Five items that differ by a word from the next, and the score of every pair."""
        titles = {"e": "red mug", "a": "red mug small", "b": "red mug small oak", "c": "mug small oak steel", "d": "wool"}
        vectors = self.shop(titles)
        return {frozenset(pair): float(vectors[pair[0]] @ vectors[pair[1]])
                for pair in itertools.combinations(titles, 2)}

    def pictures(self):
        """Four pictures under six ids, two of them with equal bytes, and different titles."""
        for name, colour in [("p1", (200, 30, 30)), ("p2", (30, 200, 30)), ("p3", (30, 30, 200)), ("p4", (9, 90, 9))]:
            write_png(self.dir / f"{name}.png", 40, 32,
                      lambda x, y, c=colour: c if (x // 8 + y // 8) % 2 else (x * 6, y * 7, 90))
        (self.dir / "p1b.png").write_bytes((self.dir / "p1.png").read_bytes())
        (self.dir / "p2b.png").write_bytes((self.dir / "p2.png").read_bytes())
        self.write("shop.csv", "id,title,image\n1,red mug,p1.png\n1b,wool shirt <b>,p1b.png\n2,oak desk,p2.png\n"
                   "2b,steel lamp,p2b.png\n3,red mug,p3.png\n4,boot,p4.png\n")
        self.quiet("ingest", "shop", "shop.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")

    def test_groups_are_the_connected_components_above_the_threshold(self):
        scores = self.chain()
        for bound in sorted(scores.values()):
            bound -= 1e-4
            sets = {item: {item} for item in "abcde"}
            for pair, score in scores.items():
                if score >= bound:
                    joined = set.union(*(sets[item] for item in pair))
                    for item in joined:
                        sets[item] = joined
            wanted = sorted({tuple(sorted(s)) for s in sets.values() if len(s) > 1})
            found = self.quiet("match", "shop", "--threshold", f"{bound:.6f}").stdout
            self.assertEqual(sorted(tuple(group) for group in groups(found)), wanted)

    def test_the_medoid_is_the_member_most_like_the_others(self):
        scores = self.chain()
        lowest = min(scores.values()) - 1e-3
        found = rows(self.quiet("match", "shop", "--threshold", f"{lowest:.6f}").stdout)
        likeness = {item: sum(s for pair, s in scores.items() if item in pair) for item in "abcde"}
        medoid = max(likeness, key=likeness.get)
        self.assertEqual([row["item"] for row in found], list("abcde"))
        for row in found:
            self.assertEqual(row["medoid"], medoid)
            if row["item"] == medoid:
                self.assertEqual((row["score"], row["text.score"]), ("", ""))
            else:
                self.assertAlmostEqual(float(row["score"]), scores[frozenset((row["item"], medoid))], places=5)

    def test_a_group_larger_than_the_limit_is_broken_at_its_weakest_pairs(self):
        self.chain()
        found = groups(self.quiet("match", "shop", "--threshold", "-1", "--largest", "2").stdout)
        self.assertTrue(all(len(group) == 2 for group in found))
        self.assertEqual(len(found), 2)

    def test_with_min2_no_item_stays_alone_that_has_a_pair_above_the_floor(self):
        scores = self.chain()
        best = {item: max(s for pair, s in scores.items() if item in pair) for item in "abcde"}
        found = rows(self.quiet("match", "shop", "--mode", "all", "--threshold", "2", "--min2", "-1").stdout)
        wanted = {max((p for p in scores if item in p), key=scores.get) for item in "abcde"}
        self.assertEqual({frozenset((r["query"], r["item"])) for r in found}, wanted)
        floor = sorted(best.values())[1] - 1e-4
        found = groups(self.quiet("match", "shop", "--threshold", "2", "--min2", f"{floor:.6f}").stdout)
        members = {item for group in found for item in group}
        for item, score in best.items():
            if score >= floor:
                self.assertIn(item, members)

    def test_byte_identical_pictures_are_groups(self):
        self.pictures()
        found = self.quiet("match", "shop", "--preset", "image", "--threshold", ".99999").stdout
        self.assertEqual(groups(found), [["1", "1b"], ["2", "2b"]])

    def test_a_union_keeps_what_passes_in_any_ranking_and_scales_scores_by_their_thresholds(self):
        self.pictures()
        found = rows(self.quiet("match", "shop", "--mode", "all", "--union", "image=.9999,text=.999").stdout)
        self.assertEqual({(r["query"], r["item"]) for r in found}, {("1", "1b"), ("2", "2b"), ("1", "3")})
        by_pair = {(r["query"], r["item"]): r for r in found}
        for pair, name, bound in [(("1", "1b"), "image", .9999), (("1", "3"), "text", .999)]:
            row = by_pair[pair]
            raw = float(row[f"{name}/{name}.score"])
            # raw is printed with six digits, so what is above the threshold is known to 1e-6
            self.assertAlmostEqual(float(row["score"]) * (max(1, raw) - bound), raw - bound, places=5)
        self.assertEqual(groups(self.quiet("match", "shop", "--union", "image=.9999,text=.999").stdout),
                         [["1", "1b", "3"], ["2", "2b"]])

    def test_blending_mixes_vectors_as_numpy_does(self):
        titles = {f"i{n}": t for n, t in enumerate(["red mug", "red mug small", "oak desk", "desk oak pro", "wool", "mug"])}
        vectors = numpy.array(list(self.shop(titles).values()))
        for at_least in (.6, .8):
            cosines = vectors @ vectors.T
            weights = numpy.where(cosines >= at_least, cosines, 0)
            numpy.fill_diagonal(weights, 1)
            vectors = weights @ vectors
            vectors /= numpy.linalg.norm(vectors, axis=1, keepdims=True)
        blended = rows(self.quiet("match", "shop", "--mode", "all", "--blend", ".6,.8").stdout)
        ids = list(titles)
        self.assertEqual(len(blended), 15)
        for row in blended:
            wanted = vectors[ids.index(row["query"])] @ vectors[ids.index(row["item"])]
            self.assertAlmostEqual(float(row["score"]), wanted, places=5)

    def test_blending_two_collections_is_that_of_one_with_the_items_of_both(self):
        titles = {f"i{n}": t for n, t in enumerate(["red mug", "red mug small", "oak desk", "desk oak pro", "wool", "mug"])}
        self.shop(titles)
        together = {(r["query"], r["item"]): r["score"]
                    for r in rows(self.quiet("match", "shop", "--mode", "all", "--blend", ".5").stdout)}
        for name, some in (("a", list(titles)[3:]), ("b", list(titles)[:3])):
            self.write(f"{name}.csv", "id,title\n" + "".join(f"{i},{titles[i]}\n" for i in some))
            self.quiet("ingest", name, f"{name}.csv")
            self.quiet("embed", name, "--model", PACKAGES / "text")
            self.quiet("build-index", name)
        found = rows(self.quiet("match", "a", "b", "--mode", "all", "--blend", ".5").stdout)
        self.assertEqual(len(found), 9)
        for row in found:
            self.assertAlmostEqual(float(row["score"]), float(together[row["query"], row["item"]]), places=5)

    def test_where_restricts_both_sides_of_one_catalog(self):
        self.pictures()
        found = self.quiet("match", "shop", "--preset", "image", "--mode", "all", "--where", "title <> 'red mug'").stdout
        self.assertEqual({i for r in rows(found) for i in (r["query"], r["item"])}, {"1b", "2", "2b", "4"})

    def test_items_without_a_vector_yet_are_named_and_the_others_are_matched(self):
        self.shop({"a": "red mug", "b": "red mug", "c": "oak desk"})
        self.write("shop.csv", (self.dir / "shop.csv").read_text() + "n,red mug\n")
        self.quiet("ingest", "shop", "shop.csv")
        said = self.pmatch("match", "shop", "--threshold", ".9999", code=3)
        self.assertIn("item n: no_vector", said.stderr)
        self.assertIn("4 items, 1 failed", said.stderr)
        self.assertEqual(groups(said.stdout), [["a", "b"]])

    def test_items_that_have_nothing_the_preset_compares_are_counted_only(self):
        self.pictures()
        self.write("shop.csv", (self.dir / "shop.csv").read_text() + "5,oak desk,\n")
        self.quiet("ingest", "shop", "shop.csv")
        said = self.pmatch("match", "shop", "--preset", "image", "--threshold", ".99999")
        self.assertIn("7 items, 1 with nothing to compare", said.stderr)
        self.assertEqual(groups(said.stdout), [["1", "1b"], ["2", "2b"]])

    def test_groups_as_jsonl(self):
        self.pictures()
        lines = [json.loads(line) for line in self.quiet("match", "shop", "--preset", "image", "--threshold", ".99999",
                                                         "--format", "jsonl").stdout.splitlines()]
        self.assertEqual([(line["group"], line["medoid"]) for line in lines], [(1, "1"), (2, "2")])
        self.assertEqual([m["item"] for m in lines[0]["members"]], ["1", "1b"])
        self.assertAlmostEqual(lines[0]["members"][1]["lists"]["image"]["score"], 1, places=5)

    def test_the_contact_sheet_is_one_page_with_every_picture_inside(self):
        self.pictures()
        text = self.quiet("match", "shop", "--preset", "image", "--threshold", ".99999", "--format", "html").stdout
        page = Page()
        page.feed(text)
        self.assertEqual((page.open, page.sections), ([], 2))
        self.assertEqual(len(page.sources), 4)
        self.assertTrue(all(source.startswith("data:image/jpeg;base64,") for source in page.sources))
        self.assertIn("wool shirt <b>", page.text)
        self.assertNotIn("<b>", text)

    def test_the_help_has_examples(self):
        text = self.pmatch("match", "--help").stdout
        for words in ("Examples:", "pmatch match shop rivals.csv", "one-to-one", "--target-precision", "--min2"):
            self.assertIn(words, text)

    def test_what_does_not_go_together_is_a_usage_error(self):
        self.chain()
        self.write("b.csv", "id,title\nq,mug\n")
        for arguments, says in [
                (["shop"], "without a threshold everything would be one group"),
                (["shop", "b.csv", "--mode", "groups", "--threshold", "1"], "groups are of one collection"),
                (["shop", "--mode", "optimal"], "two sides"),
                (["shop", "--mode", "best", "--largest", "3"], "--largest limits groups"),
                (["shop", "b.csv", "--format", "html"], "--format html shows groups"),
                (["shop", "b.csv", "--min2", "0"], "--min2 is for"),
                (["shop", "--threshold", "1", "--truth", "t.csv"], "exclude each other"),
                (["shop", "--threshold", "1", "--target-precision", ".9"], "go with a sample"),
                (["shop", "--union", "text"], "has no threshold"),
                (["shop", "--union", "text=high"], "is no number"),
                (["shop", "--union", "text=.5", "--preset", "text"], "exclude each other"),
                (["shop", "--union", "text=.5", "--threshold", ".5"], "threshold of its own"),
                (["shop", "b.csv", "--blend", ".5"], "query file"),
                (["shop", "--image-root", ".", "--threshold", "1"], "for a query file"),
                (["shop", "--mode", "several"], "several"),
                (["shop", "--preset", "colours", "--threshold", "1"], "colours")]:
            self.fails("match", *arguments, code=2, says=[says])
        self.fails("match", "nowhere", "--threshold", "1", says=["nowhere"])
        self.fails("match", "shop", "missing.csv", says=["missing.csv"])


if __name__ == "__main__":
    unittest.main()
