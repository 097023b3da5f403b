#!/usr/bin/env python3
"""Fails if an #include violates the order of the rooms or of the folders in them."""

import argparse
import re
import sys
from pathlib import Path

# Which other rooms a room includes.
ROOMS = {"core": [], "models": ["core"], "data": ["core"], "cli": ["models", "data", "core"]}

# The folders of each room from the ground up: a folder includes folders on lines above its own, never one beside it.
FOLDERS = {
    "core": [
        ["common"],
        ["text"],
        ["threads", "files"],
        ["encoders", "metrics", "matching", "vision"],
        ["opencv"],
        ["pipeline", "index", "lexical", "identifiers"],
        ["ranking"],
        ["rerank"],
        ["preset"],
        ["tuning", "retrieval"],
        ["engine"],
    ],
    "models": [
        ["package"],
        ["runtime", "text", "preprocess"],
        ["subword"],
        ["tokenizer"],
        ["encoder"],
        ["captioner", "reader"],
        ["kinds"],
        ["torch"],
    ],
    "data": [
        ["formats"],
        ["decoders"],
        ["pictures"],
        ["catalog"],
        ["collection"],
        ["items"],
        ["embeddings"],
        ["captions"],
        ["indexes", "shards", "engines"],
        ["ingest", "libpq"],
        ["maintenance"],
    ],
    "cli": [
        ["indexing"],
        ["engine"],
        ["evaluation", "matching"],
        ["tuning"],
        ["output"],
        ["terminal"],
        ["serve/http"],
        ["serve/microhttpd", "serve/urls", "serve/requests"],
        ["serve/curl", "serve/metrics"],
        ["serve/answers"],
        ["serve/service"],
        ["commands"],
    ],
}

INCLUDE = re.compile(r'\s*#\s*include\s*"(([a-z]+)/[^"]+)"')


def levels(room):
    return {folder: level for level, folders in enumerate(FOLDERS[room]) for folder in folders}


def folder_of(path):
    """'cli/serve/http/base64.hpp' -> ('cli', 'serve/http'); the folder is '' for a file of the room itself."""
    room, *folders, _ = path.split("/")
    return room, "/".join(folders)


def complaint(source, included):
    """Why `source` must not include `included`, or None; both are paths from the root."""
    room, folder = folder_of(source)
    other_room, other = folder_of(included)
    if other_room != room:
        if other_room in ROOMS[room]:
            return None
        may = ", ".join(ROOMS[room]) or "no other room"
        return f"{room} includes {may}"
    if folder in ("", other):
        return None  # a file of the room itself, such as cli/main.cpp, puts its folders together
    level = levels(room)
    if other not in level:
        return f"{included} lies in no folder that this check knows"
    if level[other] < level[folder]:
        return None
    order = " < ".join(" ".join(folders) for folders in FOLDERS[room])
    return f"{room}/{folder} may not include {room}/{other}; the order is {order}"


def check(root):
    """All complaints about the sources below `root`, as 'file:line: text'."""
    found = []
    for room in ROOMS:
        known = levels(room)
        for path in sorted((root / room).rglob("*.[ch]pp")):
            name = path.relative_to(root).as_posix()
            _, folder = folder_of(name)
            if folder not in known and name != "cli/main.cpp":
                found.append(f"{name}:1: lies in no folder that this check knows")
                continue
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                match = INCLUDE.match(line)
                if match and match[2] in [*ROOMS, "tests"]:
                    why = complaint(name, match[1]) if match[2] != "tests" else "only tests include tests"
                    if why:
                        found.append(f"{name}:{number}: includes {match[1]}: {why}")
    return found


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("root", nargs="?", type=Path, default=Path(__file__).resolve().parent.parent)
    found = check(parser.parse_args().root)
    for line in found:
        print(line, file=sys.stderr)
    sys.exit(1 if found else 0)


if __name__ == "__main__":
    main()
