#!/usr/bin/env python3
"""Asks `pmatch serve` with nothing but Python: client.py URL TEXT|PICTURE [TOP]. A token is taken from $PMATCH_TOKEN."""
import json
import mimetypes
import os
import pathlib
import sys
import time
import urllib.error
import urllib.request


def ask(url, target, body, kind):
    """The answer; waits and asks again while the server has too much to do."""
    headers = {"Content-Type": kind}
    if token := os.environ.get("PMATCH_TOKEN"):
        headers["Authorization"] = f"Bearer {token}"
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(url + target, body, headers)) as response:
                return json.load(response)
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503):
                problem = json.load(refused)
                sys.exit(f"{problem['detail']}\n  fix: {problem['fix']}")
            time.sleep(float(refused.headers.get("Retry-After", 1)))


def main():
    url, query, *more = sys.argv[1:]
    url, top = url.rstrip("/"), int(more[0]) if more else 10
    picture = pathlib.Path(query)
    if picture.is_file():
        kind = mimetypes.guess_type(query)[0] or "application/octet-stream"
        found = ask(url, f"/search/image?top_k={top}", picture.read_bytes(), kind)
    else:
        found = ask(url, "/search/text", json.dumps({"query": query, "top_k": top}).encode(), "application/json")
    for answer in found["answers"]:
        print(f"{answer['rank']}\t{answer['item']}\t{answer['score']:.4f}\t{answer['title']}")


if __name__ == "__main__":
    main()
