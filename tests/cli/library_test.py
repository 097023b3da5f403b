"""examples/library asks an open collection from eight threads: the same bytes as the command line."""
import os
import pathlib
import random
import subprocess
import unittest

from support import BINARY, PACKAGES, CliTest

EXAMPLE = os.environ["PMATCH_LIBRARY_EXAMPLE"]
QUERIES = 125
# In the order of examples/library/main.cpp.
KINDS = [["--preset", "auto"], ["--preset", "text"], ["--preset", "lexical"], ["--preset", "hybrid"],
         ["--preset", "wsum"], ["--preset", "text", "--where", "price < 20"],
         ["--preset", "lexical", "--where", "price >= 20"], ["--preset", "hybrid", "--collapse", "colour"]]
COLOURS, THINGS = ["red", "blue", "green", "white"], ["mug", "lamp", "shelf", "bowl", "chair"]


class Library(CliTest):
    def make_shop(self):
        numbers = random.Random(7)
        rows = ["id,title,colour,price"]
        for item in range(300):
            colour, thing = numbers.choice(COLOURS), numbers.choice(THINGS)
            rows.append(f"i{item},{colour} {thing} number {numbers.randint(1, 60)},{colour},{numbers.randint(5, 40)}")
        self.write("catalog.csv", "\n".join(rows) + "\n")
        self.quiet("ingest", "shop", "catalog.csv", "--text", "title")
        self.quiet("embed", "shop", "--model", PACKAGES / "text", "--precision", "fp32")
        self.quiet("build-index", "shop")
        self.quiet("build-index", "shop", "--layout", "bm25")
        lines = [f"q{i},a {numbers.choice(COLOURS)} {numbers.choice(THINGS)} with number {numbers.randint(1, 60)}"
                 + " please" * numbers.randint(0, 5) for i in range(QUERIES)]
        self.write("queries.csv", "id,title\n" + "\n".join(lines) + "\n")
        return lines

    def one_by_one(self, flags, lines):
        """The answers of the command line to queries that come one after the other: one at a time."""
        with subprocess.Popen([BINARY, "--quiet", "query", "shop", "--queries", "-", "--format", "tsv", "--top", "5",
                               *flags], cwd=self.dir, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
            process.stdin.write(b"id,title\n")
            found = process.stdout.readline()
            for line in lines:
                process.stdin.write(line.encode() + b"\n")
                process.stdin.flush()
                name = line.split(",")[0].encode() + b"\t"
                # An answer was given, so the query has been read and is alone.
                while not (newest := process.stdout.readline()).startswith(name):
                    self.assertTrue(newest, "the program ended")
                    found += newest
                found += newest
            process.stdin.close()
            found += process.stdout.read()
        return found

    def test_a_thousand_requests_from_eight_threads_get_the_command_line_s_bytes(self):
        lines = self.make_shop()
        out = self.dir / "out"
        out.mkdir()
        subprocess.run([EXAMPLE, "shop", "queries.csv", "out"], cwd=self.dir, check=True, timeout=300)
        for kind, flags in enumerate(KINDS):
            found = (out / f"{kind}.tsv").read_bytes()
            self.assertGreater(found.count(b"\n"), QUERIES)
            self.assertEqual(found.decode(), self.one_by_one(flags, lines).decode(), flags)

    def test_a_directory_that_is_no_collection_is_an_error_with_its_remedy(self):
        result = subprocess.run([EXAMPLE, ".", "queries.csv", "out"], cwd=self.dir, capture_output=True, text=True,
                                check=False, timeout=60)
        self.assertEqual(result.returncode, 1)
        self.assertIn("pmatch ingest", result.stderr)

    def test_the_example_is_short(self):
        source = pathlib.Path(__file__).parents[2] / "examples/library/main.cpp"
        self.assertLessEqual(len(source.read_text().splitlines()), 80)


if __name__ == "__main__":
    unittest.main()
