"""Requests per second and latency of `pmatch serve` beside FastAPI services over the same weights, interleaved.

texts     4,000 Walmart-Amazon records answer records of the other shop; minilm-l6, exact inner product, 10 answers
pictures  the 296 `val` photos of the Grocery Store Dataset answer each other; efficientnet-lite0

Each contestant runs alone, is asked by wrk (apt-get install wrk) with 32 and with 1 connections, then at half of the
slowest one's rate, for the 99th percentile. No two requests are equal, so that no cache answers. The peers, plain and
with a batching queue, are serve_peer.py (pip install fastapi uvicorn python-multipart).

Usage: .venv/bin/python scripts/bench/serve.py [--runs 3] [--seconds 8] [texts] [pictures]
"""
import argparse
import concurrent.futures
import contextlib
import csv
import http.client
import json
import pathlib
import re
import socket
import statistics
import subprocess
import sys
import time

import grocery
from common import DATA, PACKAGES, binary, joined_texts, median_and_range, need, pmatch, workspace

PEERS = {"FastAPI": [], "FastAPI, batching": ["--batching"]}
CONNECTIONS = 32
BOUNDARY = "----bench"
# Numbers every request, so that none is asked twice.
TEXT_LUA = """
local lines = {} for line in io.lines("%s") do lines[#lines + 1] = line end
local n = %d
request = function()
  n = n + 1
  return wrk.format("POST", "/search/text", {["Content-Type"] = "application/json"},
                    lines[n %% #lines + 1]:gsub("NUMBER", tostring(n)))
end
"""
PICTURE_LUA = """
local bodies = {}
for name in io.lines("%s") do local file = io.open(name, "rb") bodies[#bodies + 1] = file:read("*a") file:close() end
local n = %d
request = function()
  n = n + 1
  return wrk.format("POST", "/search/image?min_score=-" .. n,
                    {["Content-Type"] = "multipart/form-data; boundary=----bench"}, bodies[n %% #bodies + 1])
end
"""


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


@contextlib.contextmanager
def running(command, port):
    """Until it says that it is ready."""
    process = subprocess.Popen([str(word) for word in command])
    try:
        while True:
            if process.poll() is not None:
                sys.exit(f"{command} ended")
            with contextlib.suppress(OSError):
                connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
                connection.request("GET", "/health/ready")
                if connection.getresponse().status == 200:
                    break
            time.sleep(0.1)
        yield
    finally:
        process.terminate()
        process.wait()


class Load:
    def __init__(self, work, lua, inputs, seconds):
        self.work, self.lua, self.inputs, self.seconds, self.number = work, lua, inputs, seconds, 0

    def wrk(self, port, connections):
        """Requests per second and the median in milliseconds."""
        self.number += 1_000_000
        script = self.work / "load.lua"
        script.write_text(self.lua % (self.inputs, self.number))
        done = subprocess.run(["wrk", "-t1", f"-c{connections}", f"-d{self.seconds}s", "--timeout", "60s", "--latency",
                               "-s", script, f"http://127.0.0.1:{port}"], capture_output=True, text=True, check=True)
        bad = re.search(r"Non-2xx or 3xx responses: (\d+)|Socket errors: (.*)", done.stdout)
        if bad:
            sys.exit(f"not every request was answered: {bad[0]}")
        rate = float(re.search(r"Requests/sec:\s+([\d.]+)", done.stdout)[1])
        if rate == 0:
            sys.exit(f"nothing was answered within {self.seconds} s: --seconds more")
        value, unit = re.search(r"50%\s+([\d.]+)(us|ms|s)", done.stdout).groups()
        return rate, float(value) * {"us": 0.001, "ms": 1, "s": 1000}[unit]

    def percentile(self, port, rate, ask):
        """The 99th percentile in milliseconds of requests that begin at this rate, whatever others take."""
        count = max(100, int(rate * self.seconds))
        self.number += 1_000_000
        start = time.perf_counter() + 0.2

        def one(i):
            due = start + i / rate
            time.sleep(max(0, due - time.perf_counter()))
            ask(port, self.number + i)
            return 1000 * (time.perf_counter() - due)

        with concurrent.futures.ThreadPoolExecutor(64) as pool:
            taken = sorted(pool.map(one, range(count)))
        return taken[int(0.99 * (count - 1))]


def post(port, target, body, kind):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    with contextlib.closing(connection):
        connection.request("POST", target, body, {"Content-Type": kind})
        response = connection.getresponse()
        response.read()
        if response.status != 200:
            sys.exit(f"status {response.status}")


def compare(title, contestants, load, ask, runs):
    figures = {name: {"requests/s": [], "ms alone": [], "p99 ms at half load": []} for name in contestants}
    for _ in range(runs):
        for name, command in contestants.items():
            port = free_port()
            with running([*command, port], port):
                load.wrk(port, CONNECTIONS)  # warm
                figures[name]["requests/s"].append(load.wrk(port, CONNECTIONS)[0])
                figures[name]["ms alone"].append(load.wrk(port, 1)[1])
        half = min(values["requests/s"][-1] for values in figures.values()) / 2
        for name, command in contestants.items():
            port = free_port()
            with running([*command, port], port):
                load.percentile(port, half, ask)
                figures[name]["p99 ms at half load"].append(load.percentile(port, half, ask))
    print(f"\n{title}: {CONNECTIONS} connections, median (range) of {runs} runs")
    for name, values in figures.items():
        print(f"  {name:20}" + "".join(f"{what}: {median_and_range(all_of)}   " for what, all_of in values.items()))
    ours = figures["pmatch serve"]
    for name in PEERS:
        ratios = {what: statistics.median(a / b for a, b in zip(ours[what], figures[name][what])) for what in ours}
        print(f"  pmatch serve / {name}: " + ", ".join(f"{what} {ratio:.2f}" for what, ratio in ratios.items()))


def contestants(collection, kind, table, preset):
    ours = [binary(), "--quiet", "serve", collection, "--preset", preset, "--max-upload", "20MB", "--port"]
    peer = [sys.executable, pathlib.Path(__file__).with_name("serve_peer.py"), kind, table]
    return {"pmatch serve": ours, **{name: [*peer[:2], *flags, *peer[2:]] for name, flags in PEERS.items()}}


def bench_texts(work, options):
    folder = DATA / "text" / "walmart-amazon"
    table = need(folder / "tableB.csv", "pyJedAI's Walmart-Amazon")
    with open(table, newline="", encoding="utf-8") as source, open(work / "texts.csv", "w") as out:
        csv.writer(out).writerows(row for _, row in zip(range(4001), csv.reader(source)))
    queries = joined_texts(folder / "tableA.csv")
    (work / "queries.txt").write_text("".join(
        json.dumps({"query": f"{text[:300]} NUMBER", "top_k": 10}) + "\n" for text in queries))
    pmatch("ingest", work / "shop", work / "texts.csv")
    pmatch("embed", work / "shop", "--model", PACKAGES / "minilm-l6", "--precision", "fp32")
    pmatch("build-index", work / "shop", "--layout", "Flat")

    def ask(port, number):
        body = json.dumps({"query": f"{queries[number % len(queries)][:300]} {number}", "top_k": 10})
        post(port, "/search/text", body, "application/json")

    load = Load(work, TEXT_LUA, work / "queries.txt", options.seconds)
    compare("texts", contestants(work / "shop", "texts", work / "texts.csv", "text"), load, ask, options.runs)


def form(picture):
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="file"; filename="x.jpg"\r\n' \
           "Content-Type: image/jpeg\r\n\r\n"
    return head.encode() + picture + f"\r\n--{BOUNDARY}--\r\n".encode()


def bench_pictures(work, options):
    data = grocery.folder()
    paths = [str((data / path).resolve()) for path, _ in grocery.photos(data, "val")]
    with open(work / "photos.csv", "w") as out:
        csv.writer(out).writerows([["id", "image"], *([path, path] for path in paths)])
    bodies = []
    for number, path in enumerate(paths):
        bodies.append(form(pathlib.Path(path).read_bytes()))
        (work / f"{number}.form").write_bytes(bodies[-1])
    (work / "forms.txt").write_text("".join(f"{work / f'{number}.form'}\n" for number in range(len(paths))))
    pmatch("ingest", work / "photos", work / "photos.csv")
    pmatch("embed", work / "photos", "--model", PACKAGES / "efficientnet-lite0", "--precision", "fp32")
    pmatch("build-index", work / "photos", "--layout", "Flat")

    def ask(port, number):
        post(port, f"/search/image?min_score=-{number}", bodies[number % len(bodies)],
             f"multipart/form-data; boundary={BOUNDARY}")

    load = Load(work, PICTURE_LUA, work / "forms.txt", options.seconds)
    compare("pictures", contestants(work / "photos", "pictures", work / "photos.csv", "image"), load, ask, options.runs)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", nargs="*", default=["texts", "pictures"])
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--seconds", type=int, default=8)
    options = parser.parse_args()
    for name, bench in (("texts", bench_texts), ("pictures", bench_pictures)):
        if name in options.what:
            with workspace() as work:
                bench(pathlib.Path(work), options)


if __name__ == "__main__":
    main()
