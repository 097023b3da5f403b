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
        self.quiet("ingest", "shop", "shop.csv", "--max-loss", "1")
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

    def grouped(self, *more, preset="text", threshold=".9"):
        return groups(self.quiet("match", "shop", "--preset", preset, "--threshold", threshold, *more).stdout)

    def test_complete_linkage_joins_what_is_alike_in_every_pair_and_average_in_the_mean(self):
        scores = self.chain()
        bound = sorted(scores.values())[2] - 1e-4
        found = self.grouped("--linkage", "complete", threshold=f"{bound:.6f}")
        for group in found:
            for pair in itertools.combinations(group, 2):
                self.assertGreaterEqual(scores[frozenset(pair)], bound)
        for group in self.grouped("--linkage", "average", threshold=f"{bound:.6f}"):
            pairs = [scores[frozenset(pair)] for pair in itertools.combinations(group, 2)]
            self.assertGreaterEqual(max(pairs), bound)

    def test_a_chain_is_warned_of_and_the_largest_group_named(self):
        words = "oak elm ash fir yew box bay fig nut gum sal teak wool mug".split()
        items = {f"c{n:02}": " ".join(words[n:n + 4]) for n in range(11)}
        self.shop(items)
        score = {frozenset((r["query"], r["item"])): float(r["score"])
                 for r in rows(self.quiet("match", "shop", "--mode", "all").stdout)}
        # A threshold at which, by a search here, the medoid of the largest group is far from some member.
        for bound in sorted(score.values(), reverse=True):
            linked = {i: {j for j in items if i != j and score[frozenset((i, j))] >= bound} for i in items}
            groups_here = {frozenset(self.steps(linked, i)) for i in items if linked[i]}
            largest = max(groups_here, key=lambda group: (len(group), min(group)))
            medoid = max(sorted(largest), key=lambda i: sum(score[frozenset((i, j))] for j in linked[i]))
            far = max(self.steps(linked, medoid).values())
            if far >= 3:
                break
        else:
            self.fail("no threshold makes a chain of these texts")
        said = self.pmatch("match", "shop", "--threshold", f"{bound - 1e-6:.7f}").stderr
        self.assertRegex(said, rf"the largest is group \d+ with {len(largest)}\b")
        self.assertIn(f"of {len(largest)} items {far} pairs lie between {medoid}, its medoid", said)
        said = self.pmatch("match", "shop", "--threshold", f"{bound:.6f}", "--linkage", "complete").stderr
        self.assertNotIn("chain", said)

    @staticmethod
    def steps(linked, start):
        """member → number of pairs between it and the start."""
        found, waiting = {start: 0}, [start]
        for member in waiting:
            for other in sorted(linked[member]):
                if other not in found:
                    found[other] = found[member] + 1
                    waiting.append(other)
        return found

    def test_variants_are_apart_unless_they_are_wanted_together(self):
        self.shop({"s": "wool sock grey size S", "m": "wool sock grey size M", "m2": "wool sock gray size M",
                   "v": "wool sock", "d": "oak desk"})
        together = self.grouped("--variants", "together", threshold=".1")
        self.assertTrue(any({"s", "m", "m2"} <= set(group) for group in together))
        for group in self.grouped(threshold=".1"):
            self.assertFalse("s" in group and ("m" in group or "m2" in group), group)
        said = self.pmatch("match", "shop", "--threshold", ".1").stderr
        self.assertIn("2 pairs are kept apart as variants", said)
        every = {frozenset((r["query"], r["item"])) for r in rows(self.quiet("match", "shop", "--mode", "all").stdout)}
        self.assertIn(frozenset(("s", "m")), every)
        some = rows(self.quiet("match", "shop", "--mode", "all", "--variants", "apart").stdout)
        self.assertEqual({frozenset((r["query"], r["item"])) for r in some},
                         every - {frozenset(("s", "m")), frozenset(("s", "m2"))})

    def test_a_column_of_sizes_tells_variants_apart(self):
        self.write("shop.csv", "id,title,size\na,wool sock,S\nb,wool sock,M\nc,wool sock,S\nd,wool sock,\n")
        self.quiet("ingest", "shop", "shop.csv", "--text", "title")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        found = self.grouped()
        self.assertTrue(any({"a", "c"} <= set(group) for group in found), found)
        self.assertFalse(any({"a", "b"} <= set(group) for group in found), found)

    def placeholders(self, many=12):
        """`many` items with the same picture, three more that have one of their own beside it, and a true pair."""
        for n in range(5):
            write_png(self.dir / f"own{n}.png", 40, 32,
                      lambda x, y, n=n: ((x * (n + 3) * 7) % 256, (y * (5 - n) * 11) % 256, (x * y * (n + 1)) % 256))
        write_png(self.dir / "none.png", 40, 32, lambda x, y: (230, 230, 230))
        (self.dir / "own3b.png").write_bytes((self.dir / "own3.png").read_bytes())
        text = "id,title,image\n" + "".join(f"n{i:02},thing {chr(97 + i)},none.png\n" for i in range(many))
        text += "".join(f"b{i},bridge {chr(97 + i)},own{i}.png|none.png\n" for i in range(3))
        self.write("shop.csv", text + "r1,lamp,own3.png\nr2,lamp,own3b.png\n")
        self.quiet("ingest", "shop", "shop.csv")
        self.quiet("embed", "shop", "--model", PACKAGES / "image")
        self.quiet("build-index", "shop")

    def test_a_picture_that_many_items_share_is_no_evidence_where_there_is_another(self):
        self.placeholders()
        said = self.pmatch("match", "shop", "--preset", "image", "--threshold", ".99999")
        found = groups(said.stdout)
        self.assertIn(["r1", "r2"], found)
        self.assertFalse(any(item.startswith("b") for group in found for item in group), found)
        self.assertIn("the picture 'none.png' is shared by 15 items", said.stderr)
        every = groups(self.quiet("match", "shop", "--preset", "image", "--threshold", ".99999",
                                  "--ignore-shared", "0").stdout)
        self.assertTrue(any({"b0", "b1", "n00"} <= set(group) for group in every), every)

    def test_shared_pictures_are_left_out_where_that_is_asked_for(self):
        self.placeholders()
        said = self.pmatch("match", "shop", "--preset", "image", "--threshold", ".99999", "--ignore-shared", "10")
        self.assertEqual(groups(said.stdout), [["r1", "r2"]])
        self.assertIn("12 with nothing to compare", said.stderr)
        self.assertIn("such pictures are left out", said.stderr)
        said = self.pmatch("match", "shop", "--preset", "image", "--threshold", ".99999", "--ignore-shared", "16")
        self.assertTrue(any("n00" in group for group in groups(said.stdout)))

    def test_texts_that_many_items_share_are_left_out_where_that_is_asked_for(self):
        self.shop({f"n{i:02}": "no title" for i in range(12)} | {"a": "red mug", "b": "red mug"})
        said = self.pmatch("match", "shop", "--threshold", ".9999")
        self.assertIn("the text 'no title' is shared by 12 items", said.stderr)
        self.assertEqual(len(groups(said.stdout)), 2)
        self.assertEqual(self.grouped("--ignore-shared", "12", threshold=".9999"), [["a", "b"]])
        self.assertIn("12 items have the text 'no title'", self.quiet("status", "shop").stdout)

    def test_groups_keep_their_numbers_from_run_to_run(self):
        titles = {"m1": "red mug", "m2": "red mug", "z1": "oak desk", "z2": "oak desk"}
        self.shop(titles)
        self.quiet("match", "shop", "--threshold", ".9999", "-o", "monday.csv")
        self.shop({"a1": "wool shirt", "a2": "wool shirt"} | titles | {"z3": "oak desk"})
        found = rows(self.quiet("match", "shop", "--threshold", ".9999", "--previous", "monday.csv",
                                "-o", "tuesday.csv").stdout or (self.dir / "tuesday.csv").read_text())
        numbers = {row["item"]: row["group"] for row in found}
        self.assertEqual(numbers, {"m1": "1", "m2": "1", "z1": "2", "z2": "2", "z3": "2", "a1": "3", "a2": "3"})
        self.assertEqual([row["group"] for row in found], sorted(row["group"] for row in found))
        self.shop({"m1": "red mug", "m2": "red mug", "n1": "steel lamp", "n2": "steel lamp"})
        said = self.pmatch("match", "shop", "--threshold", ".9999", "--previous", "monday.csv,tuesday.csv")
        self.assertEqual({row["item"]: row["group"] for row in rows(said.stdout)},
                         {"m1": "1", "m2": "1", "n1": "4", "n2": "4"})
        self.assertIn("of 3 former groups 1 kept their number, 0 went into others, 2 are gone, 0 were split; 1 groups",
                      said.stderr)
        self.write("bad.csv", "group,item\nred,m1\n")
        self.fails("match", "shop", "--threshold", ".9", "--previous", "bad.csv", says=["'red' is no number", "bad.csv"])

    def test_pairs_have_the_margin_to_the_runner_up_and_a_band_for_review(self):
        scores = self.chain()
        low, high = sorted(scores.values())[4] - 1e-4, sorted(scores.values())[7] - 1e-4
        found = rows(self.quiet("match", "shop", "--mode", "best", "--review", f"{low:.6f},{high:.6f}").stdout)
        self.assertTrue(found)
        for row in found:
            others = sorted((s for pair, s in scores.items() if row["query"] in pair), reverse=True)
            self.assertAlmostEqual(float(row["margin"]), others[0] - others[1], places=5)
            self.assertGreaterEqual(float(row["score"]), low)
            self.assertEqual(row["verdict"], "match" if float(row["score"]) >= high else "review")
        every = [json.loads(line) for line in self.quiet("match", "shop", "--mode", "all", "--format", "jsonl",
                                                         "--review", f"{low:.6f},{high:.6f}").stdout.splitlines()]
        self.assertEqual({line["verdict"] for line in every}, {"match", "review"})
        self.assertEqual(len(every), 6)

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
                (["shop", "--threshold", "1", "--mode", "all", "--linkage", "complete"], "--linkage says how"),
                (["shop", "--threshold", "1", "--linkage", "average", "--min2", "0"], "exclude each other"),
                (["shop", "--mode", "all", "--previous", "p.csv"], "--previous lets groups"),
                (["shop", "--review", ".5,.9"], "--review sorts pairs"),
                (["shop", "--mode", "all", "--review", ".9"], "the lower one first"),
                (["shop", "--mode", "all", "--review", ".9,.5"], "the lower one first"),
                (["shop", "--mode", "all", "--review", ".5,.9", "--threshold", "1"], "--review excludes"),
                (["shop", "b.csv", "--variants", "apart"], "--variants is about duplicates"),
                (["shop", "b.csv", "--ignore-shared", "5"], "--ignore-shared counts"),
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
