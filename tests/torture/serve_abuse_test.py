"""`pmatch serve` and clients that mean no good, or are too many: it answers on, in bounded memory, without a leak."""
import asyncio
import contextlib
import json
import socket
import struct
import threading
import unittest

from common import LONG, PACKAGES
from serve_clients import Watched, ask, beside, crowd, drip, head, memory, text_search
from serve_load_test import png
from serve_support import Server, ServeTest

FEW = {"slow": 500, "crowd": 2000, "headers": 100_000, "requests": 100_000, "hang_up": 2000, "in_flight": 1000,
       "rebuilds": 10} if LONG else {"slow": 40, "crowd": 100, "headers": 2000, "requests": 600, "hang_up": 60,
                                     "in_flight": 60, "rebuilds": 2}
EACH = 10 if LONG else 3  # requests of each client of a crowd
JSON = {"Content_Type": "application/json"}
PNG = {"Content_Type": "image/png"}
UPLOADS = 320 + 8 * 3 * 50  # MB: bodies of all requests together, and 50 million pixels in each of 8 workers


def blank(width, height, bits, samples):
    """A picture of zeros, which is tiny as a file."""
    row = bytes((width * bits * samples + 7) // 8)
    return png(width, height, bits, 0 if samples == 1 else 2, (row for _ in range(height)))


class Abuse(ServeTest):
    @contextlib.contextmanager
    def abused(self, name, *arguments):
        """A server that must answer /health all the while, and a text afterwards."""
        with Server(self.shared, "shop", *arguments) as server:
            server.search("blue checks")
            with Watched(server, name) as watched:
                yield server
            self.assertEqual(watched.statuses, {"200"})
            if LONG:
                self.assertLess(watched.high, 100)
            self.assertLess(watched.megabytes, memory(server, "VmRSS") + UPLOADS)
            self.assertEqual(server.search("blue checks").status, 200)

    def raw(self, server, request):
        """The status line that comes back, or nothing."""
        return server.raw(request).partition(b"\r\n")[0]

    def test_slow_heads_and_slow_bodies_lose_their_connections(self):
        kinds = {"heads": (b"GET /hea", b"l"), "bodies": (text_search("x" * 5000)[:-5000], b" "),
                 "pictures": (head("POST", "/search/image", bytes(100_000), **PNG)[:-100_000], b"\x89")}
        for name, (first, piece) in kinds.items():
            with self.subTest(name), self.abused(f"{FEW['slow']} slow {name}", "--client-timeout", "1") as server:
                stop = threading.Event()
                closed = asyncio.run(drip(server.port, FEW["slow"], first, piece, stop))
                self.assertEqual(closed, FEW["slow"])
                server.until(lambda s=server: s.metric("pmatch_connections_timed_out_total") == FEW["slow"])

    def test_bodies_of_any_announced_size_are_refused_before_they_are_read(self):
        with self.abused("10 GB announced") as server:
            for size in (10**10, 2**63, 10**40):
                first = self.raw(server, f"POST /search/image HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                                         f"Content-Length: {size}\r\n\r\n".encode() + bytes(1000))
                self.assertRegex(first, rb"^(HTTP/1.1 4(13|00) .*|)$")
            chunks = b"10000\r\n" + bytes(0x10000) + b"\r\n"
            with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
                client.sendall(b"POST /search/image HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n"
                               b"Transfer-Encoding: chunked\r\n\r\n")
                with contextlib.suppress(ConnectionError):  # 1.3 GB, of which it takes 10 MB
                    for _ in range(20_000):
                        client.sendall(chunks)
                    self.fail("an endless body was read to its end")

    def test_heads_without_end_are_refused(self):
        with self.abused(f"{FEW['headers']} headers") as server:
            many = b"".join(b"x-%d: y\r\n" % number for number in range(FEW["headers"]))
            for request in (b"GET /health HTTP/1.1\r\nHost: x\r\n" + many + b"\r\n",
                            b"GET /health HTTP/1.1\r\nHost: x\r\nx: " + b"y" * 10_000_000 + b"\r\n\r\n",
                            b"GET /" + b"a" * 10_000_000 + b" HTTP/1.1\r\nHost: x\r\n\r\n"):
                self.assertNotIn(b" 200 ", self.raw(server, request))

    def test_json_of_any_depth_and_bytes_that_are_no_text_are_refused(self):
        bodies = [b"[" * 1_000_000, b'{"a":' * 1_000_000, b'{"query": ' + b"[" * 5_000_000,
                  b'{"query": "\xff\xfe"}', b'{"query": "\xc0\xaf"}', b'{"query": "\xed\xa0\x80"}', b"\x00" * 1000,
                  b'{"query": "\\ud800"}', b"\xef\xbb\xbf{}", b'{"query": "a", "top_k": 1e400}']
        with self.abused("deep JSON, bad UTF-8") as server:
            for body in bodies:
                answer = server.post("/search/text", body, {"Content-Type": "application/json"})
                self.assertEqual(answer.status, 400, body[:40])
            for target in (b"/items/\xff\xfe", b"/items/%ff%fe", b"/search?q=%c0%af"):
                request = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
                self.assertRegex(self.raw(server, request), rb"^HTTP/1.1 (400|404|405) ")

    def test_ids_that_look_like_paths_lead_nowhere(self):
        tricks = ["..", "../..", "%2e%2e/%2e%2e", "..%2f..%2fetc%2fpasswd", "%2fetc%2fpasswd", "..%5c..", "%00",
                  "a%00.png", "%252e%252e", "file:%2f%2f%2fetc%2fpasswd", "a" * 5000, "*", "%20", "a.png",
                  "..;/", "'%20or%201=1--"]
        with self.abused("path tricks") as server:
            for trick in tricks:
                for before, after in (("items/", ""), ("thumb/", ""), ("thumb/", "/0"), ("c/", "/info"), ("", ""),
                                      ("c/shop/", "")):
                    place = f"/{before}{trick}{after}"
                    line = self.raw(server, f"GET {place} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
                    self.assertRegex(line, rb"^HTTP/1.1 4\d\d ", place)

    def test_pictures_that_are_large_only_when_decoded_take_bounded_memory(self):
        below = blank(7000, 7000, 8, 3)  # 49 million pixels, 147 MB decoded, 0.2 MB as a file
        above = blank(30_000, 30_000, 1, 1)
        with self.abused("pictures that swell", "--deadline", "120") as server:
            async def send(picture, count, **options):
                requests = [head("POST", f"/search/image?min_score=-{number}", picture, **PNG)
                            for number in range(count)]
                return await crowd(server.port, count, lambda client: [requests[client]], **options)

            refused = asyncio.run(send(above, 8))
            self.assertEqual({status for status, _ in refused}, {422})
            answers = asyncio.run(send(below, 24 if LONG else 4))
            self.assertEqual({status for status, _ in answers}, {200})

    def test_a_crowd_is_answered_or_told_to_come_again(self):
        with self.abused(f"{FEW['crowd']} clients at once") as server:
            answers = asyncio.run(crowd(server.port, FEW["crowd"],
                                        lambda client: [text_search(f"mug {client} {i}") for i in range(EACH)]))
            statuses = [status for status, _ in answers]
            self.assertEqual(len(statuses), EACH * FEW["crowd"])
            self.assertLessEqual(set(statuses), {200, 429})
            self.assertGreater(statuses.count(200), 0)

    def test_clients_that_hang_up_leave_nothing_behind(self):
        with self.abused(f"{FEW['hang_up']} clients that hang up") as server:
            before = server.descriptors()
            picture = self.picture("c")
            whole = [text_search("blue checks"), head("POST", "/search/image", picture, **PNG), head("GET", "/thumb/a")]
            for number in range(FEW["hang_up"]):
                request = whole[number % 3]
                with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
                    if number % 2:  # a reset, not an end
                        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
                    client.sendall(request[:len(request) * (number % 5) // 4])
            server.until(lambda: server.metric("pmatch_active") == 1)
            server.until(lambda: server.descriptors() <= before + 4)

    def test_no_descriptor_and_no_memory_is_lost_over_many_requests(self):
        picture = self.picture("c")
        kinds = [*(head("GET", place) for place in ("/health", "/items/a", "/items/none", "/thumb/a?size=64")),
                 head("POST", "/search/text", b"{", **JSON), head("GET", "/nowhere"), head("GET", "/info"), None, None,
                 head("POST", "/search/image", picture, **PNG)]
        clients = 16

        def requests(client):
            for number in range(FEW["requests"] // clients):
                yield kinds[number % len(kinds)] or text_search(f"mug {client} {number}")

        with self.abused(f"{FEW['requests']} requests") as server:
            asyncio.run(crowd(server.port, clients, lambda client: list(requests(client))[:50]))
            server.until(lambda: server.metric("pmatch_connections") <= 3)
            descriptors, megabytes = server.descriptors(), memory(server, "VmRSS")
            answers = asyncio.run(crowd(server.port, clients, requests))
            self.assertEqual({status for status, _ in answers}, {200, 400, 404})
            server.until(lambda: server.descriptors() <= descriptors + 2)
            grown = memory(server, "VmRSS") - megabytes
            print(f"{len(answers)} requests: {descriptors} descriptors before, {server.descriptors()} after; "
                  f"{grown:+.1f} MB of memory", flush=True)
            self.assertLess(grown, 200)  # two caches of 64 MB fill


class Rebuilt(ServeTest):
    @classmethod
    def make_shop(cls, directory):
        pass

    def build(self, state):
        rows = [f"i{number},{('red', 'green', 'blue', 'white')[number % 4]} mug of state {state},{state}"
                for number in range(200)]
        self.write("catalog.csv", "id,title,state\n" + "\n".join(rows) + "\n")
        self.quiet("ingest", "mugs", "catalog.csv", "--text", "title")
        self.quiet("embed", "mugs", "--model", PACKAGES / "text", "--precision", "fp32")
        self.quiet("build-index", "mugs")
        self.quiet("build-index", "mugs", "--layout", "bm25")

    async def ask_until(self, port, stop):
        answers = []

        async def one(client):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            number = 0
            with contextlib.closing(writer):
                while not stop.is_set():
                    preset = ("lexical", "text", "hybrid")[number % 3]
                    answers.append(await ask(reader, writer, text_search(f"mug {client} {number}", preset=preset)))
                    number += 1

        await asyncio.gather(*(one(client) for client in range(FEW["in_flight"])))
        return answers

    def test_no_request_fails_and_no_answer_mixes_states_while_the_collection_is_rebuilt(self):
        self.build(0)
        with Server(self.dir, "mugs", "--watch", "0.05", "--queue", "4000", "--deadline", "120") as server, \
                Watched(server, f"{FEW['in_flight']} queries in flight, {FEW['rebuilds']} rebuilds"):
            stop = threading.Event()
            asking = beside(lambda: asyncio.run(self.ask_until(server.port, stop)))
            try:
                for state in range(1, FEW["rebuilds"] + 1):
                    self.build(state)
                newest = self.manifest("mugs")["generation"]
                server.until(lambda: server.get("/health").json["generation"] == newest)
            finally:
                stop.set()
                answers = asking()
        states_of = {}
        for status, body in answers:
            self.assertEqual(status, 200, body)
            answer = json.loads(body)
            states = {one["fields"]["state"] for one in answer["answers"]}
            states_of.setdefault(answer["generation"], set()).update(states)
        print(f"{len(answers)} answers of {len(states_of)} generations, none failed", flush=True)
        self.assertGreater(len(states_of), 1)
        for generation, states in states_of.items():
            self.assertEqual(len(states), 1, generation)


if __name__ == "__main__":
    unittest.main()
