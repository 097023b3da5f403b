"""Texts that tokenizers stumble over: real ones of the data directory and made ones."""
import csv
import itertools
import json
import pathlib
import random

POINTS = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
SHOP = pathlib.Path(__file__).resolve().parents[2] / "examples" / "shop" / "catalog.csv"


def titles(data):
    """The 44,446 product titles; where they are absent, the example shop's cells, many times mixed."""
    file = data / "image" / "fashion" / "titles-44k.csv"
    if file.is_file():
        with open(file, newline="", encoding="utf-8") as rows:
            return [" ".join(row[1:]) for row in itertools.islice(csv.reader(rows), 1, None)]
    words = SHOP.read_text(encoding="utf-8").replace(",", " ").split()
    rng = random.Random(2)
    return [" ".join(rng.choice(words) for _ in range(rng.randrange(2, 12))) for _ in range(20000)]


def lines_of_strings(data):
    """Every file, line and cell of the string collections."""
    for file in sorted((data / "text" / "strings").rglob("*")):
        if not file.is_file():
            continue
        text = file.read_bytes().decode("utf-8", "replace")
        yield text
        yield from text.splitlines()
        if file.name == "blns.json":
            yield from json.loads(text)
        if file.suffix == ".csv":
            yield from itertools.chain.from_iterable(csv.reader(text.splitlines()))


def records(data):
    """Whole product records."""
    for name in ("walmart-amazon/tableA.csv", "walmart-amazon/tableB.csv", "abt-buy/tableB.csv"):
        if (data / "text" / name).is_file():
            with open(data / "text" / name, newline="", encoding="utf-8") as rows:
                for row in csv.reader(rows):
                    yield " ".join(row[1:])


def code_points(size):
    """Every code point between letters, `size` of them to a text."""
    for i in range(0, len(POINTS), size):
        yield " ".join(f"a{chr(c)}b" for c in POINTS[i:i + size])


BLANKS = [" ", "  ", "   ", "\n", "\r\n", "\t", " \n ", "\u00a0", "\u3000", "\u2003 ", "\u0085", "\x0b", "\n\n  \t\n"]
PIECES = ["'s", "'T", "'re", "'VE", "'m", "'LL", "'d", "'\u017f", "''s", "\u2019s", "I'm", "we'Ll", "<|endoftext|>", "<|startoftext|>",
          "<|im_start|>", "[CLS]", "<unk>", "</s>", "<s>", "</w>", "<0x41>", "\u2581", "\u2581a", "\u0120", "...", "!!", "--", "``", "'",
          "12345", "3.14", "\u00bd", "\u2167", "\u0665\u0666", "\u4e00", "\u2460", "a\u0301", "e\u0323\u0302", "\u0130", "\u1e9e", "\ufb01x",
          "\ufb01\u0301", "\u00a9\u200d\u00a9\u0301", "\u00a9\u200d", "\u0915\u094d\u0958\u0301", "\u0958\u0301", "\u1100\u1161\u0301", "\u1161\u0301",
          "\U0001f469\u200d\U0001f680", "\U0001f1e6\U0001f1fa", "\u0600a", "\u0e33", "\u32ff", "\U0001d400", "\x01", "\x7f", "\ufffd", "\ufeff", "\u200b"]
SCRIPTS = [(0x21, 0x7E), (0x61, 0x7A), (0x41, 0x5A), (0x30, 0x39), (0xA1, 0x24F), (0x250, 0x36F), (0x370, 0x4FF), (0x590, 0x6FF),
           (0x900, 0x97F), (0x980, 0xDFF), (0xE00, 0xE7F), (0x1100, 0x11FF), (0x1E00, 0x1FFF), (0x2000, 0x20CF), (0x20D0, 0x23FF),
           (0x2460, 0x27BF), (0x3000, 0x30FF), (0x3200, 0x33FF), (0x4E00, 0x9FFF), (0xAC00, 0xD7A3), (0xF900, 0xFAFF),
           (0xFE00, 0xFFFC), (0x10000, 0x102FF), (0x11000, 0x11FFF), (0x1D400, 0x1D7FF), (0x1F000, 0x1FAFF), (0xE0000, 0xE01EF)]


def mixed(count, seed=1):
    """Runs of characters of several scripts, blanks and awkward pieces between them."""
    rng = random.Random(seed)
    for _ in range(count):
        out = []
        for _ in range(rng.randrange(1, 12)):
            kind = rng.random()
            if kind < 0.25:
                out.append(rng.choice(PIECES))
            elif kind < 0.4:
                out.append(rng.choice(BLANKS))
            else:
                low, high = rng.choice(SCRIPTS)
                out.append("".join(chr(rng.randint(low, high)) for _ in range(rng.randrange(1, 7))))
            if rng.random() < 0.4:
                out.append(" ")
        yield "".join(out)


def awkward():
    """Special tokens in odd places, limits of word lengths, nothing at all."""
    yield from ("", " ", "  ", "\n", "[CLS]", "x[SEP]y", "[ MASK ]", "[MASK][PAD]", "[mask]", "a" * 99,
                "a" * 100, "a" * 101, "\u00e9" * 100, "\u00e9" * 101, "##ing", "\u4e2d##\u6587",
                "I\u0307\u0130\u0131 \u1e9b\u0323", "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab",
                "word " * 600, "\u200b\u200d\u2060zero", "e\u0316\u0301\u0327", "\U0001f469\u200d\U0001f680",
                "ab" * 5000, "\u4e00" * 3000, " " * 1000, "'" * 50, "\n" * 200 + "x")
    yield from PIECES
    yield from (f"{a}{b}{c}" for a in ("", "x", " ") for b in PIECES for c in ("", "y", " ", "\n"))
