"""The page of `pmatch serve` in Chromium: what a person does with it, and what axe-core finds in it."""
import re
import subprocess
import unittest

from browser_support import PHONE, expect, launch, needs_browser, sync_playwright, violations
from local_features_test import SIDE, label
from serve_support import Server, ServeTest
from support import BINARY, write_png


@needs_browser
class PageTest(ServeTest):
    ARGUMENTS = ("shop",)
    HEADING = "Search 5 products of shop"
    TOKEN = ""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.playwright = cls.enterClassContext(sync_playwright())
        cls.browser = launch(cls.playwright)
        cls.addClassCleanup(cls.browser.close)
        cls.server = Server(cls.shared, *cls.ARGUMENTS)
        cls.addClassCleanup(cls.server.__exit__, None, None, None)

    def open(self, address="/", **options):
        context = self.browser.new_context(base_url=f"http://127.0.0.1:{self.server.port}", **options)
        self.addCleanup(context.close)
        if self.TOKEN:
            context.add_init_script(f"sessionStorage.setItem('token', '{self.TOKEN}')")
        page = context.new_page()
        page.problems = []
        page.on("console", lambda said: page.problems.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.asked = []
        page.on("request", lambda request: page.asked.append(request.url))
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_have_text(self.HEADING)
        return page


class Page(PageTest):
    def search(self, page, words):
        page.get_by_label("Words").first.fill(words)
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_contain_text("answers by")

    def titles(self, page):
        return page.locator(".card h3").all_inner_texts()

    def test_words_are_searched_for_and_the_address_keeps_what_was_asked(self):
        page = self.open()
        self.search(page, "blue checks")
        self.assertEqual(self.titles(page)[0], "blue checks")
        expect(page.locator(".card img").first).to_have_js_property("complete", True)
        page.get_by_label("Explain").check()
        expect(page.locator(".card table").first).to_contain_text("text")
        again = self.open(page.url.split(str(self.server.port))[1])
        expect(again.locator(".card table").first).to_contain_text("text")
        self.assertEqual(again.get_by_label("Words").first.input_value(), "blue checks")
        self.assertEqual((page.problems, again.problems), ([], []))
        here = f"http://127.0.0.1:{self.server.port}/"
        self.assertEqual([url for url in page.asked if not url.startswith((here, "data:", "blob:"))], [])

    def test_a_picture_alone_then_with_words_then_without(self):
        page = self.open()
        page.locator("#picture").set_input_files(self.shared / "c.png")
        expect(page.locator(".card h3").first).to_have_text("blue checks")
        expect(page.locator("#balance")).to_be_hidden()
        self.search(page, "desk lamp")
        expect(page.locator("#balance")).to_be_visible()
        page.locator("#balance").fill("0")
        expect(page.locator(".card h3").first).to_have_text("desk lamp")
        page.get_by_role("button", name="Remove picture").click()
        expect(page.locator("#balance")).to_be_hidden()
        self.assertEqual(page.problems, [])

    def test_a_dropped_picture_is_searched_for(self):
        page = self.open()
        picture = list(self.picture("b"))
        page.evaluate("""bytes => {
            const dropped = new DataTransfer();
            dropped.items.add(new File([new Uint8Array(bytes)], "b.png", {type: "image/png"}));
            document.body.dispatchEvent(new DragEvent("drop", {dataTransfer: dropped, bubbles: true}));
        }""", picture)
        expect(page.locator(".card h3").first).to_have_text("green checks")
        page.get_by_role("button", name="More like yellow checks").click()
        expect(page.locator(".card h3").first).to_have_text("yellow checks")

    def test_filters_are_made_of_the_columns(self):
        page = self.open()
        self.search(page, "checks")
        page.locator("#filterBox summary").click()
        page.get_by_label("from").fill("20")
        page.keyboard.press("Tab")
        expect(page.locator(".card")).to_have_count(3)
        self.assertEqual(sorted(self.titles(page)), ["blue checks", "desk lamp", "yellow checks"])
        page.get_by_label("to", exact=True).fill("10")
        page.keyboard.press("Tab")
        expect(page.get_by_role("status")).to_contain_text("No match")
        page.get_by_role("button", name="Clear filters").click()
        expect(page.locator(".card")).to_have_count(5)

    def test_a_refusal_says_what_to_do(self):
        page = self.open()
        page.route("**/search/text", lambda route: route.fulfill(
            status=429, content_type="application/problem+json", body='{"detail": "too many", "fix": "wait"}'))
        page.get_by_label("Words").first.fill("x")
        page.keyboard.press("Enter")
        expect(page.get_by_role("status")).to_have_text("too many – wait")

    def test_a_phone_has_no_sideways_scrolling(self):
        page = self.open("/#q=checks&explain=1", viewport=PHONE)
        expect(page.locator(".card")).to_have_count(5)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])

    def test_a_screen_reader_and_a_keyboard_get_everywhere(self):
        for scheme in ("light", "dark"):
            page = self.open("/#q=checks&explain=1", color_scheme=scheme)
            expect(page.locator(".card")).to_have_count(5)
            page.locator("#filterBox summary").click()
            expect(page.locator("#filters fieldset").first).to_be_visible()
            self.assertEqual(violations(page), [], scheme)
            page.get_by_role("heading", level=1).click()
            page.keyboard.press("/")
            self.assertEqual(page.evaluate("document.activeElement.id"), "words")


class Drawing(PageTest):
    """Labels, of which one is searched for turned by a quarter and shifted."""

    ARGUMENTS = ("labels", "--preset", "p.jsonc", "--token-file", "token")
    HEADING = "Search 4 products of labels"
    TOKEN = "secret"
    SHIFT = 20

    @classmethod
    def make_shop(cls, directory):
        for seed in range(4):
            write_png(directory / f"{seed}.png", SIDE, SIDE, lambda x, y, p=label(seed): p[y][x])
        turned, wide = label(3), SIDE + 2 * cls.SHIFT
        inside = range(cls.SHIFT, SIDE + cls.SHIFT)
        write_png(directory / "query.png", wide, wide,
                  lambda x, y: turned[SIDE - 1 - (x - cls.SHIFT)][y - cls.SHIFT] if x in inside and y in inside
                  else (90, 90, 90))
        (directory / "catalog.csv").write_text("id,title,image\n" +
                                               "".join(f"p{seed},Label {seed},{seed}.png\n" for seed in range(4)))
        (directory / "p.jsonc").write_text('{"lists": [{"source": "image"}], "verify": {"top": 20, "weight": 1}}')
        (directory / "token").write_text("secret\n")
        for arguments in (["ingest", "labels", "catalog.csv"], ["embed", "labels", "--model", "builtin:colour"],
                          ["embed", "labels", "--model", "builtin:local"], ["build-index", "labels"]):
            subprocess.run([BINARY, "--quiet", *arguments], cwd=directory, check=True, timeout=300)

    def test_the_points_that_agree_are_drawn_where_they_are(self):
        page = self.open(viewport=PHONE)
        page.get_by_label("Explain").check()
        page.locator("#picture").set_input_files(self.shared / "query.png")
        first = page.locator(".card").first
        expect(first.locator("h3")).to_have_text("Label 3")
        drawing = first.get_by_role("img", name=re.compile(r"^\d+ points lie alike .* turned by (89|90|91)°$"))
        expect(drawing).to_be_visible()
        lines = drawing.locator("line").evaluate_all(
            "all => all.map(one => ['x1', 'y1', 'x2', 'y2'].map(name => +one.getAttribute(name)))")
        self.assertGreater(len(lines), 30)
        right = float(drawing.locator("image").nth(1).get_attribute("x"))
        of_query, of_item = 200 / (SIDE + 2 * self.SHIFT), 200 / SIDE
        for x1, y1, x2, y2 in lines:  # a pixel (x, y) of the label is at (SIDE - y + 20, x + 20) of the query
            x, y = (x2 - right) / of_item, y2 / of_item
            self.assertAlmostEqual(x1 / of_query, SIDE - y + self.SHIFT, delta=8)
            self.assertAlmostEqual(y1 / of_query, x + self.SHIFT, delta=8)
        self.assertLessEqual(page.evaluate("document.documentElement.scrollWidth"), PHONE["width"])
        self.assertEqual(violations(page), [])
        self.assertEqual(page.problems, [])


if __name__ == "__main__":
    unittest.main()
