"""`pmatch serve --allow-url-fetch`: pictures by their URLs, and every way to lead it elsewhere."""
import base64
import concurrent.futures
import contextlib
import http.server
import os
import threading
import time
import unittest
import unittest.mock

from serve_support import Server, ServeTest

ALLOW = ("--allow-url-fetch", "--url-allow-network", "127.0.0.1")


class Pictures(http.server.ThreadingHTTPServer):
    """Serves files from memory and does all that a bad server does."""

    daemon_threads = True

    def __init__(self, files, address="127.0.0.1"):
        self.files, self.seen, self.slow, self.go = files, [], threading.Event(), threading.Event()
        super().__init__((address, 0), Handler)
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def url(self, path, host="127.0.0.1"):
        return f"http://{host}:{self.server_port}/{path}"

    def __exit__(self, *_):
        self.go.set()
        self.shutdown()
        self.server_close()


class Handler(http.server.BaseHTTPRequestHandler):
    def log_message(self, *_):
        pass

    def do_GET(self):
        self.server.seen.append((self.path, dict(self.headers)))
        kind, _, rest = self.path[1:].partition("/")
        with contextlib.suppress(ConnectionError):
            getattr(self, f"send_{kind}")(rest)

    def head(self, status, **headers):
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()

    def send_file(self, name):
        body = self.server.files[name]
        self.head(200, Content_Length=len(body), Set_Cookie="secret=1")
        self.wfile.write(body)

    def send_to(self, target):
        self.head(302, Location=target, Set_Cookie="secret=1", Content_Length=0)

    def send_status(self, number):
        self.head(int(number), Content_Length=5)
        self.wfile.write(b"sorry")

    def send_empty(self, _):
        self.head(200, Content_Length=0)

    def send_announced(self, size):
        self.head(200, Content_Length=size)

    def send_endless(self, _):
        self.head(200)
        while True:
            self.wfile.write(b"x" * 65536)

    def send_slow(self, _):
        self.server.slow.set()
        self.server.go.wait(60)

    def send_dripping(self, _):
        self.head(200)
        while not self.server.go.wait(0.05):
            self.wfile.write(b"x")


def by_url(url, **options):
    return {"parts": [{"image_url": url, **options}]}


class Urls(ServeTest):
    def pictures(self, **options):
        return self.enterContext(Pictures({name: self.picture(name) for name in "abcd"}, **options))

    def found(self, response):
        self.assertEqual(response.status, 200, response.body)
        return [(one["item"], one["score"]) for one in response.json["answers"]]

    def test_a_picture_by_its_url_has_the_answers_of_the_picture_itself(self):
        pictures = self.pictures()
        with Server(self.shared, "shop", *ALLOW) as server:
            for options in ({}, {"crop": {"x": 0.5, "width": 0.5}}):
                image = base64.b64encode(self.picture("c")).decode()
                wanted = self.found(server.post("/search", {"parts": [{"image": image, **options}]}))
                answer = server.post("/search", by_url(pictures.url("file/c"), **options))
                self.assertEqual(self.found(answer), wanted)
            self.assertRegex(answer.headers["Server-Timing"], r"fetch;dur=\d")
            led = server.post("/search", by_url(pictures.url("to//to//file/c")))
            self.assertEqual(self.found(led)[0][0], "c/1")
            vector = server.post("/embed", {"image_url": pictures.url("file/c")})
            self.assertEqual(vector.json, server.post("/embed", self.picture("c"), {"Content-Type": "image/png"}).json)
            both = {"parts": [{"text": "desk lamp", "weight": 0.01}, {"image_url": pictures.url("file/b")}]}
            self.assertEqual(self.found(server.post("/search", both))[0][0], "b")
            self.assertGreaterEqual(server.metric("pmatch_url_fetch_total", result="done"), 5)
            self.assertGreater(server.metric("pmatch_url_fetch_bytes_total"), 5 * len(self.picture("c")) - 100)
            self.assertGreater(server.metric("pmatch_stage_duration_seconds_sum", stage="fetch"), 0)

    def test_without_the_flag_there_are_no_urls(self):
        pictures = self.pictures()
        with Server(self.shared, "shop") as server:
            for answer in (server.post("/search", by_url(pictures.url("file/c"))),
                           server.post("/embed", {"image_url": pictures.url("file/c")})):
                self.is_problem(answer, 422, "--allow-url-fetch")
            document = server.get("/openapi.json").body
            self.assertNotIn(b"image_url", document)
            self.assertNotIn(b"x-url-fetch", document)
            self.assertEqual(server.get("/info").json["limits"]["urls"], 0)
        with Server(self.shared, "shop", *ALLOW) as server:
            schemas = server.get("/openapi.json").json["components"]["schemas"]
            self.assertIn({"$ref": "#/components/schemas/UrlPart"}, schemas["Parts"]["items"]["anyOf"])
            self.assertIn("ImageUrl", schemas)
            self.assertNotIn("x-url-fetch", str(schemas))
            self.assertEqual(server.get("/info").json["limits"]["urls"], 16)
        self.assertEqual(pictures.seen, [])

    def test_no_address_of_this_machine_or_its_networks_is_connected_to(self):
        pictures = self.pictures(address="0.0.0.0")
        hosts = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::ffff:127.0.0.1]",
                 "[64:ff9b::127.0.0.1]", "10.0.0.1", "192.168.0.1", "169.254.169.254", "224.0.0.1", "100.64.0.1"]
        with Server(self.shared, "shop", "--allow-url-fetch") as server:
            for host in hosts:
                answer = server.post("/search", by_url(pictures.url("file/c", host)))
                self.is_problem(answer, 422, "does not connect to", "--url-allow-network")
            self.assertEqual(server.metric("pmatch_url_fetch_total", result="refused"), len(hosts))
        self.assertEqual(pictures.seen, [])

    def test_a_redirect_leads_nowhere_that_a_url_does_not(self):
        pictures, others = self.pictures(), self.pictures(address="127.0.0.2")
        with Server(self.shared, "shop", *ALLOW) as server:
            elsewhere = pictures.url("to/" + others.url("file/c", "127.0.0.2"))
            self.is_problem(server.post("/search", by_url(elsewhere)), 422, "does not connect to")
            self.assertEqual(others.seen, [])
            around = pictures.url("to//to//to//to//file/c")
            self.is_problem(server.post("/search", by_url(around)), 422, "more than 3 times")
            for target in ("file:///etc/passwd", "ftp://127.0.0.1/x", "gopher://127.0.0.1/x", "dict://127.0.0.1/x"):
                self.is_problem(server.post("/search", by_url(pictures.url("to/" + target))), 422, "http")

    def test_nothing_is_sent_but_the_question(self):
        pictures, proxy = self.pictures(), self.pictures()
        (self.dir / ".netrc").write_text("machine 127.0.0.1 login a password b\n")
        changed = {name: proxy.url("") for name in ("http_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")}
        changed["HOME"] = str(self.dir)
        with unittest.mock.patch.dict(os.environ, changed), Server(self.shared, "shop", *ALLOW) as server:
            answer = server.post("/search", by_url(pictures.url("to//file/c")),
                                 {"Authorization": "Bearer x", "Cookie": "y=1"})
            self.assertEqual(answer.status, 200, answer.body)
            with_name = pictures.url("file/c").replace("http://", "http://user:word@")
            self.is_problem(server.post("/search", by_url(with_name)), 422, "name and a password")
        self.assertEqual(proxy.seen, [])
        self.assertEqual(len(pictures.seen), 2)
        for _, headers in pictures.seen:
            self.assertEqual(set(headers), {"Host", "User-Agent", "Accept"})

    def test_what_is_no_picture_or_no_url_is_told(self):
        pictures = self.pictures()
        pictures.files["text"] = b"not a picture"
        with Server(self.shared, "shop", *ALLOW) as server:
            for path, words in (("status/404", "status 404"), ("status/500", "status 500"), ("empty/", "empty file"),
                                ("announced/1000", "partial"), ("file/text", "picture")):
                self.is_problem(server.post("/search", by_url(pictures.url(path))), 422, words)
            for url in ("http://", "http://[::1", "http://127.0.0.1:99999/"):
                self.is_problem(server.post("/search", by_url(url)), 422)
            for url in ("", "c.png", "file:///etc/passwd", "ftp://h/c.png", "http://h/a b", "http://h/\u00e4",
                        "http://h/\n", "http://h/" + "a" * 2000, 7):
                self.is_problem(server.post("/search", by_url(url)), 400, "image_url")
            both = {"parts": [{"text": "a", "image_url": pictures.url("file/c")}]}
            self.is_problem(server.post("/search", both), 400)
            queries = [by_url(pictures.url("file/c"))] * 17
            self.is_problem(server.post("/search/batch", {"queries": queries}), 400, "17", "16")
        with Server(self.shared, "shop", *ALLOW, "--url-timeout", "0.3") as server:
            closed = self.pictures()
            closed.shutdown()
            closed.server_close()
            self.is_problem(server.post("/search", by_url(closed.url("file/c"))), 422, "cannot be reached")

    def test_files_that_are_too_large_or_too_slow_are_given_up(self):
        pictures = self.pictures()
        pictures.files["large"] = bytes(60_000)
        with Server(self.shared, "shop", *ALLOW, "--max-upload", "100KB", "--url-timeout", "0.5") as server:
            for path in ("announced/100001", "announced/99999999999999", "endless/"):
                self.is_problem(server.post("/search", by_url(pictures.url(path))), 422, "more than the 100000 bytes")
            two = {"parts": [{"image_url": pictures.url("file/large")}] * 2}
            self.is_problem(server.post("/search", two), 422, "more than the 100000 bytes")
            for path in ("slow/", "dripping/"):
                began = time.monotonic()
                self.is_problem(server.post("/search", by_url(pictures.url(path))), 422, "0.5 seconds")
                self.assertLess(time.monotonic() - began, 20)

    def test_a_batch_names_the_pictures_that_cannot_be_had_and_asks_for_them_again(self):
        pictures = self.pictures()
        queries = [{"id": "gone", **by_url(pictures.url("status/404"))}, {"query": "desk lamp"},
                   {"id": "blue", **by_url(pictures.url("file/c"))}]
        with Server(self.shared, "shop", *ALLOW) as server:
            gone = server.post("/search/batch", {"queries": queries[:1]})
            self.assertEqual(gone.json["results"][0]["problem"]["code"], "not_fetched")
            results = server.post("/search/batch", {"queries": queries}).json["results"]
            self.assertEqual([one["query"] for one in results], ["gone", "2", "blue"])
            self.assertIn("status 404", results[0]["problem"]["detail"])
            self.assertEqual(results[1]["answers"][0]["item"], "e")
            self.assertEqual(results[2]["answers"][0]["item"], "c/1")
            asked = len(pictures.seen)
            server.post("/search/batch", {"queries": queries})
            self.assertEqual(len(pictures.seen), asked + 2)

    def test_slow_picture_servers_do_not_hold_up_whoever_sends_pictures(self):
        pictures = self.pictures()
        patient = ("--workers", "8", "--url-timeout", "60", "--deadline", "60")
        with Server(self.shared, "shop", *ALLOW, *patient) as server, \
                concurrent.futures.ThreadPoolExecutor(1) as pool:
            slow = pool.submit(server.post, "/search", by_url(pictures.url("slow/")))
            pictures.slow.wait(60)
            refused = self.is_problem(server.post("/search", by_url(pictures.url("file/c"))), 429, "as it may")
            self.assertEqual(refused.headers["Retry-After"], "1")
            self.assertEqual(server.post("/search/image", self.picture("c"), {"Content-Type": "image/png"}).status, 200)
            pictures.go.set()
            self.is_problem(slow.result(), 422)
            self.assertEqual(server.post("/search", by_url(pictures.url("file/c"))).status, 200)

    def test_the_deadline_ends_a_fetch(self):
        pictures = self.pictures()
        short = ("--url-timeout", "600", "--deadline", "0.5", "--workers", "1")
        with Server(self.shared, "shop", *ALLOW, *short) as server:
            self.is_problem(server.post("/search", by_url(pictures.url("slow/"))), 504)
            server.until(lambda: server.metric("pmatch_active") == 1)
            self.assertEqual(server.search("blue checks").status, 200)

    def test_descriptors_are_given_back(self):
        pictures = self.pictures()
        with Server(self.shared, "shop", *ALLOW) as server:
            server.post("/search", by_url(pictures.url("file/c")))
            before = server.descriptors()
            for path in 15 * ["file/c", "status/404", "to/x", "to/http://10.0.0.1/"]:
                server.post("/search", by_url(pictures.url(path)))
            server.until(lambda: server.descriptors() <= before + 2)

    def test_flags_that_do_not_fit_are_refused(self):
        shop = self.shared / "shop"
        self.fails("serve", shop, "--url-allow-network", "10.0.0.0/8", code=2, says=["--allow-url-fetch"])
        self.fails("serve", shop, "--allow-url-fetch", "--url-allow-network", "10.0.0.1/8", code=2,
                   says=["10.0.0.1/8", "is not a network"])


if __name__ == "__main__":
    unittest.main()
