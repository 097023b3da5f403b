#!/usr/bin/env python3
"""Runs clang-tidy on the program's sources and caches which passed.

usage: tidy.py BUILD_DIR [--jobs N] [--only FOLDER ...]

A source is checked again if it, one of our headers that it includes, its compile command, .clang-tidy, the pinned
libraries or clang-tidy itself changed. Successful checks are cached for all checkouts, as with ccache: as empty files
in $PMATCH_TIDY_CACHE, by default ~/.cache/pmatch/tidy.
"""

import argparse
import functools
import hashlib
import json
import os
import re
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FOLDERS = ("core", "models", "data", "cli")
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


@functools.cache
def text_of(path):
    return path.read_text(encoding="utf-8")


def reached(source):
    """The source and every header of ours that it includes, directly or not."""
    found, waiting = set(), [source]
    while waiting:
        path = waiting.pop()
        if path in found:
            continue
        found.add(path)
        for name in INCLUDE.findall(text_of(path)):
            for candidate in (ROOT / name, path.parent / name):
                if candidate.is_file():
                    waiting.append(candidate.resolve())
                    break
    return sorted(found)


def key_of(entry, settings):
    digest = hashlib.sha256(settings + entry["command"].replace(str(ROOT), "").encode())
    for path in reached(Path(entry["file"])):
        digest.update(str(path.relative_to(ROOT)).encode() + text_of(path).encode())
    return digest.hexdigest()


def gcc_headers_for_clang():
    """FAISS's headers need omp.h, which comes with GCC; and clang 14 does not know GCC's form of
    __attribute__((malloc)) in the headers beside it."""
    found = subprocess.run(["g++", "-print-file-name=include/omp.h"], capture_output=True, text=True, check=True)
    return [f"--extra-arg=-idirafter{Path(found.stdout.strip()).parent}",
            "--extra-arg=-D__malloc__(...)=__malloc__"]


def check(source, build):
    # The compile commands hold warnings that only GCC knows.
    command = ["clang-tidy", "--quiet", "--extra-arg=-Wno-unknown-warning-option", *gcc_headers_for_clang(),
               "-p", str(build), str(source)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=Path)
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--only", nargs="+", default=FOLDERS, help="folders to check (default: all)")
    options = parser.parse_args()

    version = subprocess.run(["clang-tidy", "--version"], capture_output=True, check=True).stdout
    settings = version + (ROOT / ".clang-tidy").read_bytes() + (ROOT / "requirements.txt").read_bytes()
    passed = Path(os.environ.get("PMATCH_TIDY_CACHE") or Path.home() / ".cache" / "pmatch" / "tidy")
    passed.mkdir(parents=True, exist_ok=True)
    entries = json.loads((options.build / "compile_commands.json").read_text())
    ours = [e for e in entries if Path(e["file"]).relative_to(ROOT).parts[0] in options.only]
    waiting = [(Path(e["file"]), passed / key_of(e, settings)) for e in ours]
    waiting = [(source, stamp) for source, stamp in waiting if not stamp.exists()]
    print(f"{len(ours)} sources, {len(ours) - len(waiting)} passed before", flush=True)

    failures = 0
    with ThreadPoolExecutor(options.jobs) as pool:
        results = pool.map(lambda pair: check(pair[0], options.build), waiting)
        for number, ((source, stamp), result) in enumerate(zip(waiting, results), 1):
            if result.returncode == 0:
                stamp.touch()
            else:
                failures += 1
                print(result.stdout, result.stderr)
            verdict = "ok" if result.returncode == 0 else "FAILED"
            print(f"[{number}/{len(waiting)}] {source.relative_to(ROOT)}: {verdict}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
