#!/usr/bin/env python3
"""Asks a `pmatch serve` by text, by picture or by both, and prints what it finds. Needs no further packages.

usage: client.py http://127.0.0.1:8080 [--text WORDS] [--image FILE] [--top N] [--where CONDITION] [--token TOKEN]
"""
import argparse
import base64
import json
import pathlib
import sys
import time
import urllib.error
import urllib.request

TRIES = 5


def ask(server, question, token=None):
    """The parsed answer. Waits and asks again where the server is full (429) or warms up (503)."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    request = urllib.request.Request(f"{server.rstrip('/')}/search", json.dumps(question).encode(), headers)
    for attempt in range(1, TRIES + 1):
        try:
            with urllib.request.urlopen(request, timeout=30) as response:
                return json.load(response)
        except urllib.error.HTTPError as error:
            if error.code in (429, 503) and attempt < TRIES:
                time.sleep(float(error.headers.get("Retry-After", 1)))
                continue
            try:
                problem = json.load(error)
            except ValueError:
                problem = {}
            raise SystemExit(f"{error.code}: {problem.get('detail', error.reason)}\n  {problem.get('fix', '')}")
        except urllib.error.URLError as error:
            raise SystemExit(f"{server} does not answer: {error.reason}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("server")
    parser.add_argument("--text")
    parser.add_argument("--image", type=pathlib.Path)
    parser.add_argument("--top", type=int, default=10)
    parser.add_argument("--where")
    parser.add_argument("--token")
    options = parser.parse_args()
    parts = []
    if options.text:
        parts.append({"text": options.text})
    if options.image:
        parts.append({"image": base64.b64encode(options.image.read_bytes()).decode()})
    if not parts:
        parser.error("give --text, --image or both")
    question = {"parts": parts, "top_k": options.top}
    if options.where:
        question["where"] = options.where
    found = ask(options.server, question, options.token)
    for warning in found["warnings"]:
        print(warning, file=sys.stderr)
    for answer in found["answers"]:
        print(f"{answer['rank']}\t{answer['item']}\t{answer['score']:.4f}\t{answer['title']}")


if __name__ == "__main__":
    main()
