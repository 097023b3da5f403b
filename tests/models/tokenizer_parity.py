"""Token ids of pmatch_tokenize against the tokenizers library: no text may differ.

usage: tokenizer_parity.py PMATCH_TOKENIZE PACKAGES DATA
Tokenizers: those of the packages, and such as CLIP, Qwen2, SigLIP and others have, trained here by the
library. Texts of DATA are used when there are any. Skips (exit 77) where there is no tokenizers
library, but fails in CI.
"""
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

try:
    import tokenizers
except ImportError as missing:
    no_library(missing)

import tokenizer_texts
import trained_tokenizers


def run(tool, file, limit, values, *mode):
    lines = "".join(json.dumps(value) + "\n" for value in values)
    done = subprocess.run([tool, file, str(limit), *mode], input=lines, capture_output=True, text=True)
    if done.returncode != 0:
        sys.exit(f"{tool} {file}: exit {done.returncode}\n{done.stderr}")
    return [json.loads(line) for line in done.stdout.split("\n")[:-1]]


def compare(tool, file, limit, texts, name):
    library = tokenizers.Tokenizer.from_file(str(file))
    library.no_padding()
    library.enable_truncation(limit)
    theirs = [e.ids for e in library.encode_batch_fast(texts)]
    different = 0
    for text, a, b in zip(texts, run(tool, file, limit, texts), theirs, strict=True):
        if a != b:
            different += 1
            if different <= 5:
                at = next((i for i, (x, y) in enumerate(zip(a, b)) if x != y), min(len(a), len(b)))
                print(f"differs at {at}: {text[:60]!r} ({' '.join(hex(ord(c)) for c in text[:16])})"
                      f"\n  ours {a[at:at + 8]}\n  lib  {b[at:at + 8]}")
    print(f"{name} limit {limit}: {len(texts)} texts, {different} differ", flush=True)
    return different


def compare_decoded(tool, file, texts, name):
    """Ids of the texts, ids cut out of them in the middle of characters, ids that are no tokens."""
    library = tokenizers.Tokenizer.from_file(str(file))
    rng = random.Random(3)
    ids = [e.ids for e in library.encode_batch_fast(texts)]
    ids += [[rng.randrange(library.get_vocab_size() + 20) for _ in range(12)] for _ in range(5000)]
    theirs = [library.decode(one, skip_special_tokens=True) for one in ids]
    different = sum(a != b for a, b in zip(run(tool, file, 0, ids, "--decode"), theirs, strict=True))
    print(f"{name} decoded: {len(ids)} texts, {different} differ", flush=True)
    return different


def bert_variants(file):
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
    yield trained_tokenizers.with_added_tokens(config)


def check_packages(tool, packages, folder, texts):
    files = sorted(packages.glob("*/tokenizer.json"))
    if not files:
        print(f"no package with a tokenizer under {packages}: the real one is not checked")
    different = 0
    for file in files:
        different += compare(tool, file, 256, texts, file.parent.name)
        different += compare(tool, file, 8, texts[::11], file.parent.name)
        for i, config in enumerate(bert_variants(file)):
            changed = folder / "variant.json"
            changed.write_text(json.dumps(config))
            different += compare(tool, changed, 64, trained_tokenizers.ADDED_TEXTS + texts[i::23],
                                 f"{file.parent.name} variant {i}")
    return different


def check_trained(tool, folder, titles, texts):
    different = 0
    trained = trained_tokenizers.main_ones(titles[::2])
    file = folder / "trained.json"
    for name, tokenizer in trained.items():
        tokenizer.save(str(file))
        different += compare(tool, file, 100000, texts, name)
        different += compare(tool, file, 8, texts[::11], name)
        if name in ("clip-like", "qwen2-like"):
            different += compare_decoded(tool, file, texts[::11], name)
    few = trained_tokenizers.ADDED_TEXTS + list(tokenizer_texts.awkward()) + texts[::41]
    few += list(tokenizer_texts.mixed(1500, seed=4))
    for name, config in trained_tokenizers.variants(trained):
        file.write_text(json.dumps(config))
        different += compare(tool, file, 128, few, name)
    return different


def main():
    tool, packages, data = sys.argv[1], *map(pathlib.Path, sys.argv[2:4])
    if not data.is_dir():
        print(f"no texts from {data}: not there")
    start = time.monotonic()
    titles = tokenizer_texts.titles(data)
    texts = [*tokenizer_texts.awkward(), *tokenizer_texts.mixed(10000), *titles,
             *tokenizer_texts.lines_of_strings(data), *tokenizer_texts.code_points(16)]
    with tempfile.TemporaryDirectory() as folder:
        different = check_trained(tool, pathlib.Path(folder), titles, texts)
        different += check_packages(tool, packages, pathlib.Path(folder),
                                    texts + list(tokenizer_texts.records(data)))
    print(f"{different} differ, {time.monotonic() - start:.0f} s")
    return 1 if different else 0


if __name__ == "__main__":
    sys.exit(main())
