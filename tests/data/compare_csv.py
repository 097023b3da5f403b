#!/usr/bin/env python3
"""Compares rows with Python's csv module, strict, on made-up files: compare_csv.py PROBE."""
import csv
import io
import json
import random
import subprocess
import sys


def by_python(text):
    """Rows, or None when the module refuses the file."""
    try:
        return [row for row in csv.reader(io.StringIO(text, newline=""), strict=True) if row]
    except csv.Error:
        return None


def by_probe(probe, texts):
    files = [text.encode() for text in texts]
    feed = b"".join(b"%d\n%s" % (len(file), file) for file in files)
    done = subprocess.run([probe, "csv"], input=feed, capture_output=True, check=True)
    return [json.loads(line) for line in done.stdout.splitlines()]


def written(generator):
    """A well-formed file, as csv.writer makes it."""
    alphabet = ["a", "ß", "猫", ",", '"', "\n", "\r\n", " ", "", "|", "\t", "\u2028"]
    out = io.StringIO(newline="")
    writer = csv.writer(
        out,
        lineterminator=generator.choice(["\n", "\r\n", "\r"]),
        quoting=generator.choice([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
    )
    for _ in range(generator.randrange(1, 6)):
        cells = ["".join(generator.choices(alphabet, k=generator.randrange(5))) for _ in range(3)]
        writer.writerow(cells)
    text = out.getvalue()
    return text.rstrip("\r\n") if generator.random() < 0.3 else text


def main():
    probe, generator = sys.argv[1], random.Random(20)
    texts = [written(generator) for _ in range(3000)]
    for _ in range(3000):
        texts.append("".join(generator.choices(["a", ",", '"', "\n", "\r\n", "b c"], k=12)))
    refused = 0
    answers = by_probe(probe, texts)
    assert len(answers) == len(texts)
    for text, found in zip(texts, answers):
        expected = by_python(text)
        if expected is None:
            refused += 1
            same = any(isinstance(row, dict) for row in found)
        else:
            same = expected == found
        if not same:
            sys.exit(f"{text!r}\n  csv module: {expected}\n  pmatch:     {found}")
    print(f"{len(texts)} files, {refused} of them refused by both")


main()
