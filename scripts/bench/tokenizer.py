"""Texts per second of pmatch's tokenizers and of the tokenizers library, both on one thread.

The library encodes one by one and in a batch (fast and with offsets); the fastest is reported. The tokenizers are
those of the packages, and ones like those of CLIP, Qwen2, SigLIP and SigLIP 2, trained here by the library.
Needs a build with tests: cmake --preset test && cmake --build --preset test --target pmatch_tokenize
Usage: PMATCH_BUILD=build/test .venv/bin/python scripts/bench/tokenizer.py
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import time

os.environ["TOKENIZERS_PARALLELISM"] = "false"  # before the library is loaded
os.environ["RAYON_NUM_THREADS"] = "1"

from common import DATA, PACKAGES, ROOT, binary  # noqa: E402

sys.path.append(str(ROOT / "tests" / "models"))
import tokenizer_texts  # noqa: E402
import trained_tokenizers  # noqa: E402
from tokenizers import Tokenizer  # noqa: E402

RUNS = 5
LIMIT = 256


def best(call):
    """Seconds of the fastest of a few runs."""
    seconds = []
    for _ in range(RUNS):
        start = time.perf_counter()
        call()
        seconds.append(time.perf_counter() - start)
    return min(seconds)


def library_seconds(file, texts):
    tokenizer = Tokenizer.from_file(str(file))
    tokenizer.no_padding()
    tokenizer.enable_truncation(LIMIT)
    return min(best(lambda: [tokenizer.encode(text) for text in texts]), best(lambda: tokenizer.encode_batch(texts)),
               best(lambda: tokenizer.encode_batch_fast(texts)))


def our_seconds(file, texts):
    lines = "".join(json.dumps(text) + "\n" for text in texts)
    done = subprocess.run([binary("pmatch_tokenize"), file, str(LIMIT), "--time"], input=lines,
                          capture_output=True, text=True, check=True)
    return float(done.stdout.split()[1])


def main():
    titles = tokenizer_texts.titles(DATA)
    records = list(tokenizer_texts.records(DATA))[:5000]
    sets = {"titles": titles[:20000], "mixed scripts": list(tokenizer_texts.mixed(10000))}
    if records:
        sets["records"] = records
    print("tokenizer      texts           ours/s    library/s  ratio")
    with tempfile.TemporaryDirectory() as folder:
        files = {file.parent.name: file for file in sorted(PACKAGES.glob("*/tokenizer.json"))}
        for name, tokenizer in trained_tokenizers.main_ones(titles[::2]).items():
            files[name] = pathlib.Path(folder) / f"{name}.json"
            tokenizer.save(str(files[name]))
        for name, file in files.items():
            for kind, texts in sets.items():
                ours, theirs = our_seconds(file, texts), library_seconds(file, texts)
                print(f"{name:14} {kind:14} {len(texts) / ours:8,.0f}   {len(texts) / theirs:9,.0f}  {theirs / ours:5.1f}",
                      flush=True)


if __name__ == "__main__":
    main()
