"""Clients of `pmatch serve` by the thousand, and what the server's process looks like meanwhile."""
import asyncio
import contextlib
import json
import pathlib
import statistics
import subprocess
import sys
import threading

# A process of its own, so that the clients' work does not count as the server's: asks every 20 ms until stdin closes.
WATCHER = """
import http.client, select, sys, time
done = False
while not done:
    done = bool(select.select([sys.stdin], [], [], 0.02)[0])
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", int(sys.argv[1]), timeout=60)
    connection.request("GET", "/health")
    answer = connection.getresponse()
    answer.read()
    connection.close()
    print(answer.status, 1000 * (time.perf_counter() - began), flush=True)
"""


class Watched:
    """Asks /health from aside while the block runs. `worst` and `typical` are milliseconds, `megabytes` the most memory
    that the process had until then."""

    def __init__(self, server, name):
        self.server, self.name = server, name

    def __enter__(self):
        self.process = subprocess.Popen([sys.executable, "-c", WATCHER, str(self.server.port)], text=True,
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.process.stdout.readline()  # it is awake
        return self

    def __exit__(self, *_):
        said, _ = self.process.communicate(timeout=120)
        answers = [line.split() for line in said.splitlines()]
        self.statuses = {status for status, _ in answers}
        times = sorted(float(time) for _, time in answers) or [0.0]
        self.asked, self.typical, self.worst = len(answers), statistics.median(times), times[-1]
        self.high = times[min(len(times) - 1, int(0.99 * len(times)))]
        self.megabytes = memory(self.server, "VmHWM")
        print(f"{self.name}: /health {self.asked} times, median {self.typical:.1f} ms, 99th percentile "
              f"{self.high:.1f} ms, worst {self.worst:.1f} ms; at most {self.megabytes:.0f} MB; {self.server.descriptors()} descriptors",
              flush=True)


def memory(server, field):
    """Megabytes: VmHWM is the most so far, VmRSS now."""
    for line in pathlib.Path(f"/proc/{server.process.pid}/status").read_text().splitlines():
        if line.startswith(field + ":"):
            return int(line.split()[1]) / 1024
    return 0.0


def head(method, target, body=b"", **headers):
    lines = [f"{method} {target} HTTP/1.1", "Host: x", f"Content-Length: {len(body)}",
             *(f"{name.replace('_', '-')}: {value}" for name, value in headers.items())]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def text_search(words, **options):
    body = json.dumps({"query": words, **options}).encode()
    return head("POST", "/search/text", body, Content_Type="application/json")


async def ask(reader, writer, request):
    """Status and body of the answer on a connection that stays open."""
    writer.write(request)
    await writer.drain()
    top = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    lengths = [line.split(":")[1] for line in top.split("\r\n") if line.lower().startswith("content-length:")]
    length = int(lengths[0]) if lengths else 0
    return int(top.split()[1]), await reader.readexactly(length)


async def crowd(port, clients, requests_of, seconds=600):
    """`clients` connections at once, each asking what requests_of(client) yields; all answers."""
    answers = []

    async def one(client):
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(writer):
            for request in requests_of(client):
                answers.append(await ask(reader, writer, request))

    await asyncio.wait_for(asyncio.gather(*(one(client) for client in range(clients))), seconds)
    return answers


async def drip(port, clients, first, piece, stop):
    """Connections that send `first`, then `piece` again and again until `stop` or they are closed: how many were."""
    closed = 0

    async def one():
        nonlocal closed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        with contextlib.closing(writer), contextlib.suppress(ConnectionError):
            writer.write(first)
            while not stop.is_set():
                writer.write(piece)
                await writer.drain()
                with contextlib.suppress(asyncio.TimeoutError):
                    if not await asyncio.wait_for(reader.read(4096), 0.2):
                        break
        closed += not stop.is_set()

    await asyncio.gather(*(one() for _ in range(clients)))
    return closed


def beside(job):
    """Runs the job in a thread; its result, or its exception, comes from the function that is returned."""
    result = []

    def run():
        try:
            result.append((job(), None))
        except Exception as error:  # handed on
            result.append((None, error))

    thread = threading.Thread(target=run)
    thread.start()

    def wait():
        thread.join()
        value, error = result[0]
        if error:
            raise error
        return value

    return wait
