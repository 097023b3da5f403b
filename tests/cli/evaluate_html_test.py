"""`pmatch evaluate --format html`: what stands on the page, and what a phone and a screen reader make of it."""
import html
import json
import re
import unittest

from browser_support import PHONE, launch, needs_browser, sync_playwright, violations
from support import CliTest


class EvaluateHtml(CliTest):
    def shop(self):
        """Four pictures; the truth of `odd` is an item that looks otherwise, `gone` has no picture file."""
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")
        self.quiet("embed", "shop", "--model", "builtin:colour")
        self.quiet("build-index", "shop")
        self.write("queries.csv", "id,image,kind\nred,a.png,plain\nodd,c.png,plain\n<b>gone,gone.png,other\n")
        self.write("truth.csv", "query,item\nred,a\nodd,d\n<b>gone,b\n")

    def evaluate(self, *more, code=3):
        return self.pmatch("evaluate", "shop", "--queries", "queries.csv", "--truth", "truth.csv", *more,
                           code=code).stdout

    def missed(self, page):
        """K, how many queries missed, and their sections."""
        found = re.search(r"<h2>Queries that failed or found no true item among the first (\d+): (\d+)</h2>", page)
        return int(found[1]), int(found[2]), re.findall(r"<section>(.*?)</section>", page, re.S)

    def rows(self, page, heading):
        """The cells of the table below a heading, row by row."""
        table = re.search(rf"<h2>{heading}</h2>.*?<table>(.*?)</table>", page, re.S)[1]
        return [[html.unescape(cell) for cell in re.findall(r"<t[hd]>(.*?)</t[hd]>", row)]
                for row in re.findall(r"<tr>(.*?)</tr>", table, re.S)]

    def test_the_figures_are_those_of_the_json_with_their_intervals(self):
        self.shop()
        page = self.evaluate("--format", "html", "--by", "kind", "--at", "1,2")
        result = json.loads(self.evaluate("--format", "json", "--at", "1,2"))
        head, *rows = self.rows(page, "Figures")
        self.assertEqual(head[:3], ["metric", "@1", "@2"])
        for name in ("hit", "recall", "precision"):
            at = [row[0] for row in rows].index(name)
            for column, k in ((1, 1), (2, 2)):
                self.assertEqual(rows[at][column], f"{result['metrics'][f'{name}@{k}']:.4f}")
                low, high = (float(end) for end in rows[at + 1][column].split("–"))
                for shown, wanted in zip((low, high), result["intervals"][f"{name}@{k}"]):
                    self.assertAlmostEqual(shown, wanted, delta=0.0006)
        self.assertEqual([row[0] for row in self.rows(page, "By kind")], ["kind", "other", "plain"])
        settings = dict(self.rows(page, "Settings"))
        self.assertEqual((settings["collection"], settings["truth"], settings["preset"]), ("shop", "truth.csv", "auto"))
        self.assertEqual(settings["intervals"], "95 %, 1000 resamples, seed 1")
        self.assertEqual(self.evaluate("--format", "html", "--by", "kind", "--at", "1,2"), page)

    def test_queries_that_failed_or_missed_are_shown_with_what_was_wanted_and_found(self):
        self.shop()
        page = self.evaluate("--format", "html", "--at", "1")
        k, count, (odd, gone) = self.missed(page)
        self.assertEqual((k, count), (1, 2))
        self.assertIn("<h2>odd</h2>", odd)
        self.assertRegex(odd, r"<b>wanted, rank [234]</b> yellow checks")
        self.assertRegex(odd, r"<b>found, rank 1</b> blue checks")
        self.assertEqual(odd.count("<img "), 6)  # the query, the one wanted, four found
        self.assertIn("<h2>&lt;b&gt;gone</h2>", gone)
        self.assertIn('<p class="problem">', gone)
        self.assertIn("wanted, not among 0</b> green checks", gone)
        self.assertNotIn("<h2>red</h2>", page)

    def test_no_more_queries_are_shown_than_one_reads(self):
        self.shop()
        self.write("queries.csv", "id,image\n" + "".join(f"q{number},c.png\n" for number in range(130)))
        self.write("truth.csv", "query,item\n" + "".join(f"q{number},d\n" for number in range(130)))
        page = self.evaluate("--format", "html", "--at", "1", code=0)
        k, count, sections = self.missed(page)
        self.assertEqual((k, count, len(sections)), (1, 130, 100))
        self.assertIn("The first 100 of them", page)

    def test_a_stored_run_has_a_page_without_titles(self):
        self.write("run.trec", "1 Q0 b 1 2.0 t\n1 Q0 a 2 1.0 t\n2 Q0 b 1 1.0 t\n")
        self.write("truth.qrels", "1 0 a 1\n2 0 b 1\n")
        page = self.pmatch("evaluate", "--run", "run.trec", "--truth", "truth.qrels", "--at", "1", "--format",
                           "html").stdout
        self.assertEqual(self.missed(page)[:2], (1, 1))
        self.assertRegex(page, r'<b>wanted, rank 2</b>  <span class="id">a</span>')
        self.assertEqual(dict(self.rows(page, "Settings"))["run"], "run.trec")

    def test_the_gate_stands_first(self):
        self.shop()
        page = self.evaluate("--format", "html", "--fail-under", "hit@1=.9,hit@5=.1", code=4)
        self.assertIn('<p class="problem">Failed: 1 of 2 checks</p>', page)
        self.assertEqual([row[0] for row in self.rows(page, "Gate")], ["gate", "FAILED", "passed"])
        self.assertLess(page.index("<h2>Gate</h2>"), page.index("<h2>Figures</h2>"))
        self.evaluate("--format", "html", "-o", "page.html")
        self.assertTrue((self.dir / "page.html").read_text().startswith("<!doctype html>"))

    @needs_browser
    def test_a_phone_shows_it_without_sideways_scrolling_and_nothing_is_fetched(self):
        self.shop()
        file = self.write("page.html", self.evaluate("--format", "html", "--by", "kind", "--at", "1,2,3,4,5,6,7,8"))
        with sync_playwright() as playwright:
            browser = launch(playwright)
            page = browser.new_page(viewport=PHONE)
            asked, problems = [], []
            page.on("request", lambda request: asked.append(request.url))
            page.on("console", lambda said: problems.append(said.text))
            page.goto(file.as_uri())
            self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])
            self.assertEqual([url for url in asked if not url.startswith("data:")], [file.as_uri()])
            found = violations(page)
            browser.close()
        self.assertEqual((found, problems), ([], []))


if __name__ == "__main__":
    unittest.main()
