"""`pmatch serve`: every route and every refusal, of the real program over a socket."""
import base64
import contextlib
import http.client
import io
import json
import shutil
import socket
import subprocess
import threading
import time
import unittest

import h5py
from PIL import Image
from serve_support import Server, ServeTest, quoted
from support import BINARY, write_png


class Routes(ServeTest):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.server = Server(cls.shared, "shop", "--max-top", "3", "--max-upload", "200KB")
        cls.addClassCleanup(cls.server.__exit__, None, None, None)

    def of_command_line(self, *arguments):
        """What `pmatch query` finds, best first."""
        done = subprocess.run([BINARY, "--quiet", "query", "shop", "--format", "jsonl", *arguments],
                              cwd=self.shared, capture_output=True, text=True, check=True, timeout=60)
        return [(a["item"], round(a["score"], 4)) for a in json.loads(done.stdout)["answers"]]

    def found(self, response):
        self.assertEqual(response.status, 200, response.body)
        return [(a["item"], round(a["score"], 4)) for a in response.json["answers"]]

    def items(self, response):
        return [item for item, _ in self.found(response)]

    def test_a_text_has_the_answers_of_the_command_line(self):
        for preset in ("auto", "text", "lexical"):
            wanted = self.of_command_line("--text", "blue checks", "--top", "3", "--preset", preset)
            answer = self.server.search("blue checks", top_k=3, preset=preset)
            self.assertEqual(self.found(answer), wanted)
        self.assertEqual(self.server.search("blue checks", preset="lexical").json["answers"][0], {
            "rank": 1, "item": "c/1", "score": answer.json["answers"][0]["score"], "title": "blue checks",
            "fields": {"title": "blue checks", "colour": "blue", "price": "30", "image": "c.png"},
            "thumbs": ["thumb/c%2F1/0"]})

    def test_options_of_a_text(self):
        self.assertEqual(self.items(self.server.search("checks", where="price > 35", preset="lexical")), ["d é"])
        red = self.items(self.server.search("red desk lamp", collapse="colour", preset="text"))
        self.assertEqual(len(red), 3)
        explained = self.server.search("checks", explain=True, preset="lexical").json["answers"][0]["explain"]
        self.assertEqual(explained["preset"], "lexical")
        self.assertEqual(self.items(self.server.search("checks", min_score=1e9, preset="lexical")), [])

    def test_more_answers_than_the_server_gives_are_cut_and_it_says_so(self):
        answer = self.server.search("checks", top_k=500, preset="text")
        self.assertEqual((answer.json["top_k"], len(answer.json["answers"])), (3, 3))
        self.assertIn("500", answer.json["warnings"][0])
        self.assertEqual(self.server.search("checks", top_k=2).json["warnings"], [])

    def test_a_picture_as_a_form_or_as_bytes_has_the_answers_of_the_command_line(self):
        wanted = self.of_command_line("--image", "c.png", "--top", "3")
        self.assertEqual(wanted[0][0], "c/1")
        picture = self.picture("c")
        for target in ("/search/image", "/api/search-image", "/c/shop/search/image"):
            self.assertEqual(self.found(self.server.form(target, {"file": picture, "top_k": "3"})), wanted)
        for kind in ("image/png", "application/octet-stream"):
            answer = self.server.post("/search/image?top_k=3", picture, {"Content-Type": kind})
            self.assertEqual(self.found(answer), wanted)

    def test_a_box_of_a_picture_is_searched_alone(self):
        write_png(self.dir / "two.png", 80, 32, lambda x, y: (30, 30, 200) if x < 40 else (240, 240, 20))
        two = (self.dir / "two.png").read_bytes()
        left = self.server.form("/search/image", {"file": two, "crop": "0,0,0.5,1"})
        right = self.server.post("/search", {"parts": [
            {"image": base64.b64encode(two).decode(), "crop": {"x": 0.5, "width": 0.5}}]})
        self.assertEqual((self.items(left)[0], self.items(right)[0]), ("c/1", "d é"))

    def test_parts_with_weights_lead_to_some_and_away_from_others(self):
        blue, yellow = (base64.b64encode(self.picture(name)).decode() for name in ("c", "d"))
        both = [{"image": blue}, {"image": yellow, "weight": 0.3}]
        self.assertEqual(self.items(self.server.post("/search", {"parts": both}))[:2], ["c/1", "d é"])
        away = [{"image": blue}, {"image": yellow, "weight": -0.9}]
        self.assertNotEqual(self.found(self.server.post("/search", {"parts": away})),
                            self.found(self.server.post("/search", {"parts": both})))
        form = self.server.form("/search", {"request": json.dumps({"parts": [{"file": "p"}]}), "p": self.picture("c")})
        self.assertEqual(self.items(form)[0], "c/1")
        mixed = {"parts": [{"text": "yellow checks", "weight": 1}, {"image": blue, "weight": 3}]}
        self.assertEqual(self.items(self.server.post("/search", mixed))[0], "c/1")
        mixed["parts"][0]["weight"] = 30
        self.assertNotEqual(self.items(self.server.post("/search", mixed))[0], "c/1")

    def test_a_batch_answers_in_order_and_names_what_it_cannot_answer(self):
        queries = [{"query": "blue checks"}, {"id": "odd", "query": "!!!"}, {"query": "desk lamp"}]
        answer = self.server.post("/search/batch", {"queries": queries, "top_k": 1, "preset": "lexical"})
        results = answer.json["results"]
        self.assertEqual([one["query"] for one in results], ["1", "odd", "3"])
        self.assertEqual(results[0]["answers"][0]["item"], "c/1")
        self.assertEqual(results[1]["problem"]["code"], "nothing_to_compare")
        self.assertEqual(results[2]["answers"][0]["item"], "e")

    def test_embed_gives_the_vectors_that_the_collection_holds(self):
        with h5py.File(self.shared / "shop/embeddings/text.h5") as file:
            vectors = file["vectors"][:]
        answer = self.server.post("/embed", {"text": "blue checks"})
        self.assertEqual(answer.json["dim"], len(answer.json["vector"]))
        for one, other in zip(answer.json["vector"], vectors[2]):
            self.assertAlmostEqual(one, float(other), places=5)
        answer = self.server.post("/embed", self.picture("c"), {"Content-Type": "image/png"})
        self.assertEqual((answer.json["space"], answer.json["model"]), ("colour", "builtin:colour"))
        self.assertEqual(self.server.post("/embed", {"text": "a", "space": "text"}).json["space"], "text")
        self.is_problem(self.server.post("/embed", {"text": "a", "space": "colour"}), 422, "colour", "takes no texts")
        self.is_problem(self.server.post("/embed", {"text": "a", "space": "none"}), 422, "there is no space 'none'")
        self.is_problem(self.server.post("/embed", b"text", {"Content-Type": "text/plain"}), 415)

    def test_items_are_found_by_ids_with_slashes_and_blanks(self):
        for item, title in (("c/1", "blue checks"), ("d é", "yellow checks")):
            answer = self.server.get(f"/items/{quoted(item)}")
            self.assertEqual((answer.json["item"], answer.json["title"]), (item, title))
        self.assertEqual(self.server.get("/items/a").json["thumbs"], ["thumb/a/0", "thumb/a/1"])
        for target in ("/items/nothing", "/items/..", "/items/..%2F..%2Fetc%2Fpasswd", "/items/%2e%2e"):
            self.is_problem(self.server.get(target), 404)

    def test_thumbnails_are_small_jpegs_which_clients_keep(self):
        answer = self.server.get("/thumb/a/1?size=16")
        self.assertEqual((answer.status, answer.headers["Content-Type"]), (200, "image/jpeg"))
        self.assertEqual(Image.open(io.BytesIO(answer.body)).size, (16, 12))
        tag = answer.headers["ETag"]
        again = self.server.get("/thumb/a/1?size=16", If_None_Match=tag)
        self.assertEqual((again.status, again.body, again.headers["ETag"]), (304, b"", tag))
        self.assertEqual(self.server.get("/thumb/a/1?size=16", If_None_Match='"other"').status, 200)
        self.assertNotEqual(self.server.get("/thumb/a/0?size=16").headers["ETag"], tag)
        self.assertEqual(self.server.get("/api/thumb/0?size=16").body, self.server.get("/thumb/a?size=16").body)
        self.is_problem(self.server.get("/thumb/a/2"), 404, "2 pictures")
        self.is_problem(self.server.get("/thumb/e"), 404)
        self.is_problem(self.server.get("/thumb/nobody"), 404)
        self.is_problem(self.server.get("/api/thumb/99"), 404)
        for target in ("/thumb/a/-1", "/thumb/a/x", "/thumb/a?size=0", "/thumb/a?size=5000", "/thumb/a?size=x",
                       "/thumb/a?width=9", "/api/thumb/-1", "/api/thumb/99999999999999999999"):
            self.is_problem(self.server.get(target), 400)

    def test_health_info_and_description(self):
        self.assertEqual(self.server.get("/health/live").status, 200)
        self.assertEqual(self.server.get("/health").json, self.server.get("/api/health").json)
        self.assertEqual(self.server.get("/health").json["status"], "ok")
        info = self.server.get("/info").json
        self.assertEqual((info["collection"], info["limits"]["top_k"]), ("shop", 3))
        shop, = info["collections"]
        self.assertEqual((shop["items"], shop["pictures"]), (5, 5))
        self.assertEqual({field["name"]: field["type"] for field in shop["fields"]}["price"], "number")
        self.assertEqual({space["name"] for space in shop["spaces"]}, {"text", "colour", "text.words"})
        self.assertIn("hybrid", shop["presets"])
        self.assertNotIn("flat-ip", shop["presets"])
        for preset in shop["presets"]:
            self.assertIn(self.server.search("red checks", preset=preset).status, (200, 422), preset)
        document = self.server.get("/c/shop/openapi.json").json
        self.assertEqual(document["servers"], [{"url": "/c/shop"}])

    def test_the_page_is_one_file_under_a_strict_policy(self):
        for target in ("/", "/c/shop", "/c/shop/"):
            page = self.server.get(target)
            self.assertEqual((page.status, page.headers["Content-Type"]), (200, "text/html; charset=utf-8"))
            self.assertTrue(page.headers["Content-Security-Policy"].startswith("default-src 'none'; "))
        self.assertEqual(self.server.request("HEAD", "/").body, b"")

    def test_metrics_are_what_prometheus_reads_and_they_count(self):
        before = self.server.metric("pmatch_request_total", route="/items/{id}", code="404")
        self.server.get("/items/nothing")
        self.server.get("/nowhere")
        self.server.search("counted once")
        self.server.search("counted  once ")
        self.assertEqual(self.server.metric("pmatch_request_total", route="/items/{id}", code="404"), before + 1)
        self.assertGreater(self.server.metric("pmatch_cache_hits_total", cache="answers"), 0)
        self.assertGreater(self.server.metric("pmatch_batch_size_count"), 0)
        self.assertGreater(self.server.metric("pmatch_generation", collection="shop"), 0)
        self.assertGreater(self.server.metric("pmatch_index_bytes", collection="shop"), 0)
        self.assertGreater(self.server.metric("process_resident_memory_bytes"), 1e6)
        for stage in ("queue", "decode", "encode", "search", "fuse", "write"):
            self.assertGreater(self.server.metric("pmatch_stage_duration_seconds_count", stage=stage), 0)
        self.assertRegex(self.server.get("/metrics/summary").body.decode(), r"\d+\.\d % went into encode")
        self.is_prometheus_text(self.server.get("/metrics"))

    def is_prometheus_text(self, response):
        self.assertEqual(response.headers["Content-Type"], "text/plain; version=0.0.4; charset=utf-8")
        typed, last = set(), None
        for line in response.body.decode().splitlines():
            if line.startswith("# TYPE "):
                _, _, last, kind = line.split()
                self.assertNotIn(last, typed)
                self.assertIn(kind, ("counter", "gauge", "histogram"))
                self.assertEqual(last.endswith("_total"), kind == "counter")
                typed.add(last)
            elif not line.startswith("# HELP "):
                self.assertRegex(line, rf'^{last}(_bucket|_sum|_count)?({{(\w+="[^"]*",?)+}})? -?[0-9.e+-]+$')

    def test_equal_questions_have_equal_bytes(self):
        first, second = self.server.search("green checks"), self.server.search("  green checks")
        self.assertEqual(first.body, second.body)
        self.assertNotEqual(first.headers["X-Request-Id"], second.headers["X-Request-Id"])

    def test_what_is_malformed_is_refused_with_what_and_fix(self):
        wrong = [("/search/text", b"{"), ("/search/text", b"[]"), ("/search/text", b""), ("/search/text", b"\xff"),
                 ("/search/text", b'{"query": "\xff"}'), ("/search/text", b'{"query": "a", "more": 1}'),
                 ("/search/text", b'{"query": ' + b"[" * 100_000), ("/search", b'{"parts": []}'),
                 ("/search/batch", b'{"queries": [{"query": "a"}%s]}' % (b', {"query": "a"}' * 64)),
                 ("/embed", b"{}")]
        for target, body in wrong:
            answer = self.server.post(target, body, {"Content-Type": "application/json"})
            self.is_problem(answer, 400)
        self.is_problem(self.server.post("/search/text", b'{"query": "a"}', {"Content-Type": "text/plain"}), 415)
        self.is_problem(self.server.post("/search/image", b"x", {"Content-Type": "text/plain"}), 415)
        self.is_problem(self.server.form("/search/image", {"other": b"x"}), 400)
        self.is_problem(self.server.form("/search", {"p": b"x"}), 400)
        self.is_problem(self.server.form("/search/image", {"file": b"x", "top_k": "many"}), 400, "top_k")
        self.is_problem(self.server.post("/search/image", b"--xyz",
                                         {"Content-Type": "multipart/form-data; boundary=abc"}), 400)
        self.is_problem(self.server.get("/items/%zz"), 400)

    def test_what_the_collection_cannot_answer_is_refused_with_what_and_fix(self):
        self.is_problem(self.server.search("a", preset="nothing"), 422, "there is no preset 'nothing'")
        self.is_problem(self.server.search("a", preset="flat-ip"), 422)
        self.is_problem(self.server.search("a", where="nothing = 1"), 422)
        self.is_problem(self.server.search("a", where="1; drop table items"), 422)
        self.is_problem(self.server.search("a", collapse="nothing"), 422, "colour")
        self.is_problem(self.server.search("!!!"), 422, "nothing_to_compare")
        self.is_problem(self.server.form("/search/image", {"file": b"no picture"}), 422, "unsupported_format")
        self.is_problem(self.server.form("/search/image", {"file": self.picture("a")[:60]}), 422)
        self.is_problem(self.server.post("/search", {"parts": [{"text": "a", "weight": -1}]}), 422, "away")

    def test_no_file_of_the_server_is_read_for_a_client(self):
        secret = self.write("secret.jsonc", "{}")
        for preset in (str(secret), "../secret.jsonc", "secret.json", "/etc/passwd"):
            answer = self.is_problem(self.server.search("a", preset=preset), 422, "not the name of a preset")
            self.assertNotIn("passwd'", answer.json["fix"])
        for target in ("/../../etc/passwd", "/thumb/..%2F..%2Fetc%2Fpasswd", "/c/..%2Fshop/info", "/c/../info"):
            self.is_problem(self.server.get(target), 404)

    def test_other_methods_and_addresses_are_refused(self):
        for method in ("PUT", "DELETE", "PATCH", "GET", "HEAD", "TRACE", "BREW"):
            answer = self.server.request(method, "/search/text")
            self.assertEqual((answer.status, answer.headers["Allow"]), (405, "POST, OPTIONS"), method)
        self.is_problem(self.server.post("/info", {}), 405, "GET")
        self.is_problem(self.server.get("/search"), 405)
        self.is_problem(self.server.get("/c/other/info"), 404, "there is no collection 'other'")
        self.assertEqual(self.server.request("OPTIONS", "/info").headers["Allow"], "GET, HEAD, OPTIONS")

    def test_bodies_beyond_the_limit_are_refused_before_they_are_read(self):
        self.is_problem(self.server.post("/search/image", b"x" * 250_000, {"Content-Type": "image/png"}), 413)
        chunked = (b"POST /search/image HTTP/1.1\r\nHost: x\r\nContent-Type: image/png\r\nConnection: close\r\n"
                   b"Transfer-Encoding: chunked\r\n\r\n" + b"3e80\r\n%s\r\n" % (b"x" * 16_000) * 20 + b"0\r\n\r\n")
        self.assertIn(b" 413 ", self.server.raw(chunked).split(b"\r\n")[0])
        huge = b"POST /search/image HTTP/1.1\r\nHost: x\r\nContent-Length: 10000000000\r\n\r\n"
        self.assertIn(b" 413 ", self.server.raw(huge).split(b"\r\n")[0])

    def test_curl_and_the_python_client_agree(self):
        url = f"http://127.0.0.1:{self.server.port}"
        done = subprocess.run(["curl", "-s", "-d", '{"query": "blue checks"}', "-H", "Content-Type: application/json",
                               f"{url}/search/text"], capture_output=True, check=True, timeout=60)
        self.assertEqual(done.stdout, self.server.search("blue checks").body)
        done = subprocess.run(["curl", "-s", "-F", "file=@c.png", "-F", "top_k=2", f"{url}/search/image"],
                              cwd=self.shared, capture_output=True, check=True, timeout=60)
        self.assertEqual(len(json.loads(done.stdout)["answers"]), 2)

    def test_thousands_of_requests_leave_no_descriptor_behind(self):
        picture = self.picture("b")
        self.server.post("/search/image", picture, {"Content-Type": "image/png"})
        before = self.server.descriptors()

        def ask(number):
            connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
            for i in range(250):
                connection.request("GET", "/items/a" if i % 5 else "/thumb/b?size=32")
                connection.getresponse().read()
                if i % 10 == 0:
                    self.server.post(f"/search/image?min_score=-{number + 1}{i}", picture, {"Content-Type": "image/png"})
            connection.close()

        threads = [threading.Thread(target=ask, args=(number,)) for number in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.server.until(lambda: self.server.descriptors() <= before + 1, 10)


class Commands(ServeTest):
    def test_help_has_examples_and_wrong_command_lines_say_what_to_do(self):
        self.assertIn("curl", self.pmatch("serve", "--help").stdout)
        shop = self.shared / "shop"
        self.fails("serve", self.dir / "none", says=["pmatch ingest"])
        self.fails("serve", shop, "--preset", "nothing", code=2, says=["there is no preset 'nothing'"])
        self.fails("serve", shop, "--max-upload", "much", code=2, says=["10MB"])
        self.fails("serve", shop, "--max-top", "0", code=2)
        self.fails("serve", shop, "--nothing", code=2)
        self.fails("serve", shop, shop, code=2, says=["two collections are called 'shop'"])
        self.fails("serve", shop, "--host", "no.such.host.invalid", code=2, says=["no.such.host.invalid"])
        self.fails("serve", shop, "--token-file", self.write("empty", "\n"), says=["token"])
        self.fails("serve", shop, "--token-file", self.dir / "none", says=["token"])
        self.fails("serve", shop, "--access-log", self.dir / "none" / "log", says=["access log"])

    def test_a_port_in_use_is_named(self):
        with Server(self.shared, "shop") as server:
            self.fails("serve", self.shared / "shop", "--port", server.port, says=[str(server.port), "--port"])

    def test_without_its_library_it_says_so_and_other_commands_do_without(self):
        (self.dir / "bin").mkdir()
        copy = shutil.copy2(BINARY, self.dir / "bin" / "pmatch")

        def run(*arguments):
            return subprocess.run([copy, *arguments], cwd=self.shared, capture_output=True, text=True, check=False,
                                  timeout=60)

        done = run("serve", "shop", "--port", "0")
        self.assertEqual((done.returncode, "the library that speaks HTTP is missing" in done.stderr), (1, True))
        self.assertEqual(run("query", "shop", "--text", "checks", "--preset", "lexical").returncode, 0)

    def test_quiet_says_nothing(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = subprocess.Popen([BINARY, "--quiet", "serve", "shop", "--port", str(port)], cwd=self.shared,
                                   stderr=subprocess.PIPE)
        self.addCleanup(process.kill)
        while process.poll() is None:
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
            with contextlib.closing(connection), contextlib.suppress(ConnectionError):
                connection.request("GET", "/health/ready")
                if connection.getresponse().status == 200:
                    break
            time.sleep(0.02)
        process.terminate()
        self.assertEqual((process.communicate(timeout=60)[1], process.returncode), (b"", 0))

    def test_heads_that_are_no_head_do_no_harm(self):
        many = b"GET /health HTTP/1.1\r\nHost: x\r\n" + b"".join(b"X-%d: y\r\n" % i for i in range(100_000)) + b"\r\n"
        with Server(self.shared, "shop", "--client-timeout", "0.5") as server:
            self.assertRegex(server.raw(many), rb"^(HTTP/1.1 431 |$)")
            self.assertRegex(server.raw(b"GET /" + b"a" * 100_000 + b" HTTP/1.1\r\n\r\n"), rb"^(HTTP/1.1 4|$)")
            for junk in (b"\0" * 1000, b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00"):
                self.assertNotIn(b" 200 ", server.raw(junk + b"\r\n\r\n"))
            self.assertEqual(server.get("/health").status, 200)

    def test_a_token_is_wanted_of_all_but_health_page_and_description(self):
        token = self.write("token", "secret-1\n")
        with Server(self.shared, "shop", "--token-file", token) as server:
            for target in ("/", "/health/live", "/health/ready", "/health", "/api/health", "/openapi.json"):
                self.assertEqual(server.get(target).status, 200)
            for target in ("/info", "/metrics", "/items/a", "/thumb/a", "/metrics/summary"):
                answer = self.is_problem(server.get(target), 401, "Bearer")
                self.assertEqual(answer.headers["WWW-Authenticate"], "Bearer")
                for wrong in ("Bearer secret-2", "Bearer secret-1x", "Bearer ", "secret-1", "Basic c2VjcmV0LTE="):
                    self.assertEqual(server.get(target, Authorization=wrong).status, 401)
                self.assertEqual(server.get(target, Authorization="Bearer secret-1").status, 200)
            self.is_problem(server.search("a"), 401)

    def test_pages_of_one_origin_may_ask(self):
        with Server(self.shared, "shop", "--cors", "https://shop.example") as server:
            asked = {"Access-Control-Request-Method": "POST", "Origin": "https://shop.example"}
            leave = server.request("OPTIONS", "/search/text", headers=asked)
            self.assertEqual(leave.headers["Access-Control-Allow-Origin"], "https://shop.example")
            self.assertIn("POST", leave.headers["Access-Control-Allow-Methods"])
            self.assertIn("content-type", leave.headers["Access-Control-Allow-Headers"])
            other = server.get("/info", Origin="https://other.example")
            self.assertIsNone(other.headers["Access-Control-Allow-Origin"])
            self.assertEqual(other.headers["Vary"], "Origin")

    def test_several_collections_and_a_host_that_others_reach(self):
        self.text_catalog()
        self.quiet("ingest", "texts", "catalog.csv")
        self.quiet("build-index", "texts", "--layout", "bm25")
        with Server(self.dir, self.shared / "shop", "texts", "--host", "0.0.0.0") as server:
            self.assertIn("pmatch: warning: whoever reaches", server.said())
            self.assertEqual(server.post("/c/texts/search/text", {"query": "lamp"}).json["answers"][0]["item"][0], "l")
            self.assertEqual(server.get("/health").json["collection"], "shop")
            self.assertEqual(server.get("/c/texts/info").json["collection"], "texts")
            self.assertEqual([one["name"] for one in server.get("/info").json["collections"]], ["shop", "texts"])
            self.is_problem(server.get("/c/texts/items/a"), 404)

    def test_the_access_log_has_a_line_per_request_and_not_what_was_asked(self):
        log = self.dir / "access.jsonl"
        with Server(self.shared, "shop", "--access-log", log) as server:
            number = server.search("unmistakable words").headers["X-Request-Id"]
            server.get("/items/unmistakable")
            server.until(lambda: log.read_text().count("\n") >= 2)
            lines = [json.loads(line) for line in log.read_text().splitlines()]
            line, = (line for line in lines if line["id"] == number)
            self.assertEqual((line["route"], line["code"], line["method"]), ("/search/text", 200, "POST"))
            self.assertRegex(line["stages"], r"queue;dur=[0-9.]+, decode;dur=")
            self.assertNotIn("unmistakable", log.read_text())


if __name__ == "__main__":
    unittest.main()
