"""Captioning speed compared with the reference library's `generate`: same weights and threads, interleaved in one run.

A LLaVA-OneVision of the published 0.5B shape with seeded random weights (made once in --work, 8 GB there), one
squashed view, no stop tokens. Stages:
  make       the checkpoint and the package
  decode     batch 1: pre-fill (vision and prompt) and decoding, `generate` against fp32 and int8
  batch      decoding at batch 8; many pictures end to end against `generate` one at a time
  accuracy   int8 against fp32: logits and choices, the fp32 caption given
Also prints the read bandwidth: a token at batch 1 reads all weights of the decoder once.
Needs a build with tests: cmake --preset test && cmake --build --preset test --target pmatch_caption
Usage: PMATCH_BUILD=build/test .venv/bin/python scripts/bench/caption.py [--work DIR] [--runs 3] [--tokens 64] [--pictures 16] [--precisions fp32,int8] make decode batch accuracy
"""
import argparse
import json
import os
import pathlib
import statistics
import subprocess
import sys
import time

os.environ["HF_HUB_OFFLINE"] = "1"
import numpy
import torch

from common import DATA, ROOT, binary, need

sys.path[:0] = [str(ROOT / "scripts"), str(ROOT / "tests" / "models")]
PROMPT = "Describe the product in this picture."
CLEAR = 0.5  # of the spread of the logits: a first choice so far ahead of the second is a clear one


class Pmatch:
    """`pmatch_caption` in one precision."""

    def __init__(self, package, precision, tokens):
        self.precision = precision
        self.order = {"view": "single", "prompt": PROMPT, "max_tokens": tokens, "penalty": 1.0, "precision": precision,
                      "threads": torch.get_num_threads()}
        self.process = subprocess.Popen([binary("pmatch_caption"), package], stdin=subprocess.PIPE,
                                        stdout=subprocess.PIPE, text=True)

    def __call__(self, what, **order):
        print(json.dumps({"do": what, **self.order, **order}), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def peak(self):
        status = pathlib.Path(f"/proc/{self.process.pid}/status").read_text()
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 2**20

    def close(self):
        self.process.stdin.close()
        self.process.wait()


class Generate:
    def __init__(self, work, tokens):
        from exporter import llava_onevision
        from llava_reference import Reference

        self.reference = Reference(llava_onevision.load(work / "checkpoint", torch.float32), work / "checkpoint")
        self.tokens = tokens

    def run(self, picture):
        """Seconds to the first token, and tokens/s behind it."""
        ends = []

        class Clock:
            def put(self, _):
                ends.append(time.perf_counter())

            def end(self):
                pass

        reference = self.reference
        ids = torch.tensor([reference.prompt(picture, "single", PROMPT)])
        views = reference.views(picture, "single")
        start = time.perf_counter()
        reference.model.generate(input_ids=ids, attention_mask=torch.ones_like(ids), **views, do_sample=False, pad_token_id=0,
                                 max_new_tokens=self.tokens, min_new_tokens=self.tokens, eos_token_id=None, streamer=Clock())
        ends = ends[1:]  # the first is the prompt
        return ends[0] - start, (len(ends) - 1) / (ends[-1] - ends[0])


def pictures(work, count):
    from PIL import Image

    folder = need(DATA / "image" / "grocery", "GroceryStoreDataset")
    found = sorted(folder.glob("**/*.jpg"))
    files = []
    for number in range(count):
        files.append(work / f"{number}.png")
        Image.open(found[number * len(found) // count]).convert("RGB").save(files[-1])
    return files


def make(work):
    from exporter import llava_onevision, random_llava
    from exporter.package import write_package

    if not (work / "checkpoint").exists():
        random_llava.write_checkpoint(llava_onevision.CONFIGS["0.5b"], 0, work / "checkpoint.part")
        (work / "checkpoint.part").rename(work / "checkpoint")
    if not (work / "package").exists():
        write_package(llava_onevision.from_checkpoint(work / "checkpoint", "llava-0.5b-random", None), work / "package")


def bandwidth():
    values = torch.ones(1 << 28)
    best = 0
    for _ in range(5):
        start = time.perf_counter()
        values.sum()
        best = max(best, values.numel() * 4 / (time.perf_counter() - start) / 1e9)
    return best


def bench_decode(work, files, options):
    from PIL import Image

    generate = Generate(work, options.tokens)
    ours = {precision: Pmatch(work / "package", precision, options.tokens) for precision in options.precisions.split(",")}
    first, rate = {}, {}

    def add(name, seconds, tokens):
        first.setdefault(name, []).append(seconds)
        rate.setdefault(name, []).append(tokens)

    for number in range(options.runs + 1):
        found = {"generate": generate.run(Image.open(files[number % len(files)]))}
        for name, pmatch in ours.items():
            steps = pmatch("caption", pictures=[str(files[number % len(files)])])["steps"]
            found[name] = steps[0][1], (len(steps) - 1) / (steps[-1][1] - steps[0][1])
        if number:  # the first warms up
            for name, (seconds, tokens) in found.items():
                add(name, seconds, tokens)
    print(f"batch 1, {options.tokens} tokens, median of {options.runs} runs; read bandwidth {bandwidth():.1f} GB/s")
    for name in first:
        print(f"  {name:9} pre-fill {statistics.median(first[name]):6.2f} s ({ratio(first['generate'], first[name]):.2f}x)   "
              f"decode {statistics.median(rate[name]):6.1f} tokens/s ({ratio(rate[name], rate['generate']):.2f}x)")
    for name, pmatch in ours.items():
        print(f"  {name:9} peak memory {pmatch.peak():.1f} GiB")
        pmatch.close()


def bench_batch(work, files, options):
    from PIL import Image

    generate = Generate(work, options.tokens)
    alone = [generate.run(Image.open(file)) for file in files[:3]][1:]
    alone_rate = statistics.median(rate for _, rate in alone)
    alone_seconds = statistics.median(first + (options.tokens - 1) / rate for first, rate in alone)
    print(f"generate, batch 1: {alone_rate:.1f} tokens/s, {alone_seconds:.1f} s a picture")
    del generate
    for precision in options.precisions.split(","):
        pmatch = Pmatch(work / "package", precision, options.tokens)
        pmatch("caption", pictures=[str(files[0])], batch=8)
        steps = pmatch("caption", pictures=[str(file) for file in files], batch=8)["steps"]
        full = [(b[0] - a[0]) / (b[1] - a[1]) for a, b in zip(steps, steps[1:]) if b[0] - a[0] == 8]
        seconds = steps[-1][1] / len(files)
        print(f"  {precision}: decode at batch 8 {statistics.median(full):.1f} tokens/s ({statistics.median(full) / alone_rate:.2f}x), "
              f"{len(files)} pictures {seconds:.2f} s each ({alone_seconds / seconds:.2f}x)")
        pmatch.close()


def bench_accuracy(work, files, options):
    rows = {}
    captions = None
    for precision in ("fp32", "int8"):
        pmatch = Pmatch(work / "package", precision, options.tokens)
        found = captions or pmatch("caption", pictures=[str(file) for file in files[:options.pictures]], batch=4)["tokens"]
        captions = found
        for file, answer in zip(files, captions, strict=True):
            pmatch("logits", picture=str(file), answer=answer[:-1], to=str(work / "logits.raw"))
            rows.setdefault(precision, []).append(numpy.fromfile(work / "logits.raw", numpy.float32).reshape(len(answer), -1))
        pmatch.close()
    wanted, found = (numpy.concatenate(rows[name]) for name in ("fp32", "int8"))
    spread = wanted.std()
    best = numpy.sort(wanted, axis=1)[:, -2:]
    clear = best[:, 1] - best[:, 0] > CLEAR * spread
    same = wanted.argmax(1) == found.argmax(1)
    print(f"int8 against fp32 over {len(wanted)} steps: logits differ by {(found - wanted).std() / spread:.3f} of their spread; "
          f"same choice at {same.mean():.3f} of all, {same[clear].mean():.3f} of the {clear.sum()} clear steps")


def ratio(mine, others):
    return statistics.median(a / b for a, b in zip(mine, others))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("stages", nargs="+", choices=("make", "decode", "batch", "accuracy"))
    parser.add_argument("--work", type=pathlib.Path, default=ROOT / "build" / "bench-caption")
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--tokens", type=int, default=64)
    parser.add_argument("--pictures", type=int, default=16)
    parser.add_argument("--precisions", default="fp32,int8", help="of decode and batch")
    options = parser.parse_args()
    options.work.mkdir(parents=True, exist_ok=True)
    if "make" in options.stages:
        make(options.work)
    files = pictures(options.work, options.pictures)
    for stage in ("decode", "batch", "accuracy"):
        if stage in options.stages:
            globals()[f"bench_{stage}"](options.work, files, options)


if __name__ == "__main__":
    main()
