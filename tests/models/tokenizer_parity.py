"""Token ids of pmatch_tokenize against the tokenizers library: no text may differ.

usage: tokenizer_parity.py PMATCH_TOKENIZE PACKAGES DATA
Skips (exit 77) when the tokenizers library or the packages are absent; texts of DATA are used
when there are any.
"""
import csv
import itertools
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

try:
    import tokenizers
except ImportError:
    print("skipped: no tokenizers library")
    sys.exit(77)

SKIP = 77


def texts_of_data(data):
    """Every cell and line of the string collections, product titles, whole product records."""
    strings = data / "text" / "strings"
    for file in sorted(strings.rglob("*")):
        if not file.is_file():
            continue
        text = file.read_bytes().decode("utf-8", "replace")
        yield text
        yield from text.splitlines()
        if file.name == "blns.json":
            yield from json.loads(text)
        if file.suffix == ".csv":
            yield from itertools.chain.from_iterable(csv.reader(text.splitlines()))
    for file in ("text/walmart-amazon/tableA.csv", "text/walmart-amazon/tableB.csv",
                 "text/abt-buy/tableB.csv", "image/fashion/titles-44k.csv"):
        if (data / file).is_file():
            with open(data / file, newline="", encoding="utf-8") as rows:
                for row in csv.reader(rows):
                    yield " ".join(row[1:])


def made_texts():
    """Every code point between letters, special tokens in odd places, random mixtures."""
    points = [c for c in range(1, 0x110000) if not 0xD800 <= c < 0xE000]
    for c in points:
        yield f"a{chr(c)}b"
    yield from ("", " ", "[CLS]", "x[SEP]y", "[ MASK ]", "[MASK][PAD]", "[mask]", "a" * 99,
                "a" * 100, "a" * 101, "\u00e9" * 100, "\u00e9" * 101, "##ing", "\u4e2d##\u6587",
                "I\u0307\u0130\u0131 \u1e9b\u0323", "\ud55c\uad6d\uc5b4 \u1112\u1161\u11ab",
                "word " * 600, "\u200b\u200d\u2060zero", "e\u0316\u0301\u0327", "\U0001f469\u200d\U0001f680")
    random.seed(1)
    common = [c for c in points if c < 0x3000]
    for i in range(20000):
        pool = common if i % 2 else points
        yield "".join(chr(random.choice(pool)) for _ in range(random.randrange(1, 40)))


def ours(tool, file, limit, texts):
    lines = "".join(json.dumps(t) + "\n" for t in texts)
    done = subprocess.run([tool, file, str(limit)], input=lines, capture_output=True, text=True,
                          check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def compare(tool, file, limit, texts):
    library = tokenizers.Tokenizer.from_file(str(file))
    library.no_padding()
    library.enable_truncation(limit)
    theirs = [e.ids for e in library.encode_batch(texts)]
    different = 0
    for text, a, b in zip(texts, ours(tool, file, limit, texts), theirs, strict=True):
        if a != b:
            different += 1
            if different <= 20:
                at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
                print(f"differs at {at}: {text[:60]!r} ({' '.join(hex(ord(c)) for c in text[:12])})"
                      f"\n  ours {a[at:at + 8]}\n  lib  {b[at:at + 8]}")
    print(f"{file.name} limit {limit}: {len(texts)} texts, {different} differ")
    return different


def variants(file):
    """The same vocabulary with other settings: flags of the normaliser, tokens and template."""
    base = json.loads(file.read_text())
    flags = ((True, True, None, False), (False, True, False, True), (True, False, True, False),
             (False, False, True, True), (True, True, False, True))
    for clean, chinese, strip, lower in flags:
        config = json.loads(json.dumps(base))
        config["normalizer"].update(clean_text=clean, handle_chinese_chars=chinese,
                                    strip_accents=strip, lowercase=lower)
        yield config
    config = json.loads(json.dumps(base))
    config["post_processor"] = {"type": "BertProcessing", "sep": ["[SEP]", 102], "cls": ["[CLS]", 101]}
    size = len(base["model"]["vocab"])
    kinds = [("<new>", {}), ("Brand\u00c9", {"normalized": True}), ("kgx", {"single_word": True}),
             ("<left>", {"lstrip": True}), ("<right>", {"rstrip": True}), ("<ri", {}),
             ("cm\u00b2", {"normalized": True, "single_word": True, "lstrip": True, "rstrip": True})]
    for i, (content, more) in enumerate(kinds):
        token = {"id": size + i, "content": content, "single_word": False, "lstrip": False,
                 "rstrip": False, "normalized": False, "special": False}
        config["added_tokens"].append({**token, **more})
    yield config


ADDED = ["a <new> b", "a<new>b", "xBrand\u00c9y BRAND\u00c9 branDe\u0301", "5 kgx 5kgx kgx, kgxs kg",
         "a  <left>  <left>b", "a <right>  <right>\t\u3000b", "<ri <right", "1 cm\u00b2 , cm\u00b2s",
         "12cm\u00b2 cm\u00b2 cm\u00b2", "<left>", " <left> ", "\u3000<left>\u00a0", "kgx", "_kgx kgx_ \u00e9kgx"]


def seconds_per_run(tool, file, texts):
    lines = "".join(json.dumps(t) + "\n" for t in texts)
    done = subprocess.run([tool, file, "256", "--time"], input=lines, capture_output=True,
                          text=True, check=True)
    library = tokenizers.Tokenizer.from_file(str(file))
    library.no_padding()
    library.enable_truncation(256)
    start = time.perf_counter()
    for text in texts:
        library.encode(text)
    print(f"speed on {len(texts)} texts, one thread: ours {done.stdout.strip()}, "
          f"tokenizers {time.perf_counter() - start:.4f} s")


def main():
    tool, packages, data = sys.argv[1], *map(pathlib.Path, sys.argv[2:4])
    files = sorted(packages.glob("*/tokenizer.json"))
    if not files:
        print(f"skipped: no package with a tokenizer under {packages}")
        return SKIP
    texts = list(made_texts())
    if data.is_dir():
        texts += list(texts_of_data(data))
    else:
        print(f"no texts from {data}: not there")
    different = 0
    for file in files:
        different += compare(tool, file, 256, texts)
        different += compare(tool, file, 8, texts[-20000:])
        with tempfile.TemporaryDirectory() as folder:
            for i, config in enumerate(variants(file)):
                changed = pathlib.Path(folder) / f"variant-{i}.json"
                changed.write_text(json.dumps(config))
                different += compare(tool, changed, 64, ADDED + texts[::7])
        seconds_per_run(tool, file, texts[-20000:])
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
