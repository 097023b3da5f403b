"""`pmatch serve` under load, beside writers, and with clients that mean no good."""
import concurrent.futures
import contextlib
import functools
import http.client
import json
import random
import signal
import socket
import struct
import threading
import unittest
import zlib

from serve_support import Server, ServeTest
from support import PACKAGES

PNG = {"Content-Type": "image/png"}
HEAD = b"POST /search/text HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"


def png(width, height, bits, colour_type, rows):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    packed = zlib.compressobj(1)
    data = b"".join(packed.compress(b"\0" + row) for row in rows) + packed.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, colour_type, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


@functools.cache
def large_picture():
    """Noise, which takes some time to read, and to crop."""
    numbers = random.Random(1)
    return png(2000, 1000, 8, 2, (numbers.randbytes(6000) for _ in range(1000)))


class Load(ServeTest):
    def test_more_requests_than_the_queue_holds_are_told_to_come_again(self):
        picture = large_picture()
        with Server(self.shared, "shop", "--workers", "1", "--queue", "1", "--max-upload", "20MB") as server, \
                concurrent.futures.ThreadPoolExecutor(24) as pool:
            answers = list(pool.map(lambda i: server.post(f"/search/image?min_score=-{i}", picture, PNG), range(24)))
            self.assertEqual({answer.status for answer in answers}, {200, 429})
            for answer in answers:
                if answer.status == 429:
                    self.is_problem(answer, 429, "queue")
                    self.assertEqual(answer.headers["Retry-After"], "1")
            refused = sum(answer.status == 429 for answer in answers)
            self.assertEqual(server.metric("pmatch_queue_full_total"), refused)
            self.assertEqual(server.search("blue checks").status, 200)

    def test_an_answer_that_takes_too_long_is_given_up(self):
        picture = large_picture()
        with Server(self.shared, "shop", "--deadline", "0.03", "--max-upload", "20MB") as server:
            target = "/search/image?crop=0,0,0.9,0.9"
            self.is_problem(server.post(target, picture, PNG), 504, "0.03 seconds")
            server.until(lambda: server.metric("pmatch_active") == 1)  # the one that asks
            self.assertEqual(server.get("/health").status, 200)
        with Server(self.shared, "shop", "--deadline", "0") as server:
            self.is_problem(server.search("blue checks"), 504)
            self.assertGreater(server.metric("pmatch_overdue_total"), 0)

    def test_slow_clients_lose_their_connection_and_hold_up_nobody(self):
        with Server(self.shared, "shop", "--client-timeout", "0.5") as server, contextlib.ExitStack() as stack:
            slow = [stack.enter_context(socket.create_connection(("127.0.0.1", server.port), timeout=60))
                    for _ in range(300)]
            for number, client in enumerate(slow):
                client.sendall([b"GET /hea", HEAD + b"Content-Length: 100\r\n\r\n{", b""][number % 3])
            stop = threading.Event()

            def drip():
                while not stop.wait(0.1):
                    for number, client in enumerate(slow):
                        with contextlib.suppress(OSError):
                            client.sendall(b"l" if number % 3 == 0 else b" " if number % 3 == 1 else b"")

            dripping = threading.Thread(target=drip)
            dripping.start()
            for _ in range(20):
                self.assertEqual(server.get("/health").status, 200)
                self.assertEqual(server.search("blue checks").status, 200)
            for client in slow:
                with contextlib.suppress(ConnectionError):
                    while client.recv(1000):
                        pass
            stop.set()
            dripping.join()
            server.until(lambda: server.metric("pmatch_connections_timed_out_total") == len(slow))

    def test_a_client_that_does_not_take_its_answer_loses_its_connection(self):
        with Server(self.shared, "shop", "--client-timeout", "0.2") as server, \
                socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            with contextlib.suppress(OSError):
                client.sendall(b"GET /openapi.json HTTP/1.1\r\nHost: x\r\n\r\n" * 2000)
            server.until(lambda: server.metric("pmatch_connections_timed_out_total") > 0)
            self.assertEqual(server.get("/health").status, 200)

    def test_clients_that_hang_up_are_not_computed_for(self):
        picture = large_picture()
        with Server(self.shared, "shop", "--workers", "1", "--max-upload", "20MB") as server:
            head = b"POST /search/image?min_score=-%d HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\n" \
                   b"Content-Length: %d\r\n\r\n"
            before = server.descriptors()
            for number in range(12):
                with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
                    client.sendall(head % (number, len(picture)) + picture)
            server.until(lambda: server.metric("pmatch_active") == 1)
            self.assertGreater(server.metric("pmatch_clients_left_total"), 0)
            self.assertEqual(server.post("/search/image", picture, PNG).status, 200)
            for _ in range(200):
                with socket.create_connection(("127.0.0.1", server.port), timeout=60) as client:
                    client.sendall(HEAD)
            server.until(lambda: server.descriptors() <= before + 2)

    def test_pictures_that_are_huge_when_decoded_are_refused(self):
        side = 30_000  # 900 million pixels of one bit
        bomb = png(side, side, 1, 0, (bytes(side // 8) for _ in range(side)))
        with Server(self.shared, "shop") as server:
            self.is_problem(server.post("/search/image", bomb, PNG), 422, "too_many_pixels")
            self.is_problem(server.post("/search/image?crop=0,0,0.5,0.5", bomb, PNG), 422, "too_many_pixels")

    def test_many_clients_at_once_all_get_the_same_bytes(self):
        with Server(self.shared, "shop", "--queue", "1000") as server, \
                concurrent.futures.ThreadPoolExecutor(64) as pool:
            queries = [f"{colour} checks {number}" for number in range(25) for colour in ("red", "green", "blue")]
            found = list(pool.map(lambda query: server.search(query, preset="lexical").body, queries * 8))
            for number, query in enumerate(queries):
                self.assertEqual(len(set(found[number::len(queries)])), 1, query)
            self.assertGreater(server.metric("pmatch_cache_hits_total", cache="answers"), 0)


class Life(ServeTest):
    def write_catalog(self, state):
        colours = ["red", "green", "blue", "white"]
        rows = [f"i{number},{colours[number % 4]} mug of state {state},{state}" for number in range(40)]
        (self.dir / "catalog.csv").write_text("id,title,state\n" + "\n".join(rows) + "\n")

    def build(self, state):
        self.write_catalog(state)
        self.quiet("ingest", "mugs", "catalog.csv", "--text", "title")
        self.quiet("embed", "mugs", "--model", PACKAGES / "text", "--precision", "fp32")
        self.quiet("build-index", "mugs")
        self.quiet("build-index", "mugs", "--layout", "bm25")

    def test_a_collection_is_rebuilt_while_clients_ask_and_no_request_fails_or_mixes_states(self):
        self.build(0)
        answers, stop = [], threading.Event()
        with Server(self.dir, "mugs", "--watch", "0.05") as server:

            def ask(number):
                connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=60)
                for i in range(1_000_000):
                    if stop.is_set():
                        break
                    preset = ("lexical", "text", "hybrid")[i % 3]
                    connection.request("POST", "/search/text", f'{{"query": "mug {number} {i}", "preset": "{preset}"}}',
                                       {"Content-Type": "application/json"})
                    response = connection.getresponse()
                    answers.append((response.status, response.read()))
                connection.close()

            threads = [threading.Thread(target=ask, args=(number,)) for number in range(4)]
            for thread in threads:
                thread.start()
            for state in (1, 2, 3):
                self.build(state)
            newest = self.manifest("mugs")["generation"]
            server.until(lambda: server.get("/health").json["generation"] == newest)
            stop.set()
            for thread in threads:
                thread.join()
            self.assertEqual(server.search("mug").json["answers"][0]["fields"]["state"], "3")
            self.assertGreater(server.metric("pmatch_reload_total", result="done"), 0)
        self.check_consistent(answers)

    def check_consistent(self, answers):
        states_of = {}
        for status, body in answers:
            self.assertEqual(status, 200, body)
            answer = json.loads(body)
            states = {one["fields"]["state"] for one in answer["answers"]}
            self.assertEqual(len(states), 1, body)
            states_of.setdefault(answer["generation"], set()).update(states)
        for generation, states in states_of.items():
            self.assertEqual(len(states), 1, generation)
        self.assertGreater(len(states_of), 1)

    def test_hangup_looks_for_a_newer_state_and_begins_the_log_anew(self):
        self.build(0)
        log = self.dir / "log"
        with Server(self.dir, "mugs", "--watch", "0", "--access-log", log) as server:
            old = server.get("/health").json["generation"]
            self.build(1)
            self.assertEqual(server.get("/health").json["generation"], old)
            log.rename(self.dir / "log.1")
            server.process.send_signal(signal.SIGHUP)
            server.until(lambda: server.get("/health").json["generation"] > old)
            server.until(log.exists)

    def test_a_newer_state_that_cannot_be_opened_leaves_the_former_one_in_place(self):
        self.build(0)
        with Server(self.dir, "mugs", "--watch", "0.05") as server:
            manifest = self.dir / "mugs" / "collection.json"
            good = manifest.read_bytes()
            self.write("mugs/collection.json", good[:-100])
            server.until(lambda: server.metric("pmatch_reload_total", result="failed") > 0)
            self.assertEqual(server.search("red mug").status, 200)
            self.assertIn("the former one answers on", server.said())

    def test_termination_answers_what_was_asked_and_ends_with_success(self):
        picture = large_picture()
        with Server(self.shared, "shop", "--workers", "1", "--deadline", "60", "--max-upload", "20MB") as server, \
                concurrent.futures.ThreadPoolExecutor(3) as pool:
            asked = [pool.submit(server.post, f"/search/image?crop=0,0,1,0.9{i}", picture, PNG) for i in range(3)]
            server.until(lambda: server.metric("pmatch_active") >= 3)
            self.assertEqual(server.stop(), 0)
            self.assertEqual([one.result().status for one in asked], [200] * 3)
            with self.assertRaises(ConnectionError):
                server.get("/health")

    def test_before_it_is_warm_it_says_that_it_is_not_ready(self):
        self.build(0)
        with Server(self.dir, "mugs", wait=False) as server:
            statuses = set()
            server.until(lambda: statuses.add(server.get("/health/ready").status) or 200 in statuses)
            self.assertLessEqual(statuses, {200, 503})

    def test_an_interrupt_ends_it_as_well(self):
        with Server(self.shared, "shop") as server:
            self.assertEqual(server.stop(signal.SIGINT), 0)


if __name__ == "__main__":
    unittest.main()
