"""A running `pmatch serve` and a client for it."""
import contextlib
import http.client
import json
import os
import pathlib
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.parse

from support import BINARY, PACKAGES, CliTest, write_png


class Server:
    """Until the end of the block; ends with SIGTERM and wants exit code 0."""

    def __init__(self, directory, *arguments, wait=True, command=(BINARY, "serve"), seconds=60, **options):
        self.stderr = tempfile.TemporaryFile()
        self.process = subprocess.Popen([*command, *map(str, arguments), "--port", "0"], cwd=directory,
                                        stderr=self.stderr, stdout=subprocess.PIPE, **options)
        self.port = self.find_port(seconds)
        if wait:
            self.until(lambda: self.get("/health/ready").status == 200)

    def said(self):
        size = os.fstat(self.stderr.fileno()).st_size
        return os.pread(self.stderr.fileno(), size, 0).decode()

    def until(self, true, seconds=60):
        deadline = time.monotonic() + seconds
        while not true():
            if time.monotonic() > deadline or self.process.poll() is not None:
                raise AssertionError(f"the server does not get there; it said:\n{self.said()}")
            time.sleep(0.02)

    def find_port(self, seconds):
        found = []
        self.until(lambda: found.extend(re.findall(r"http://\S+:(\d+)", self.said())) or found, seconds)
        return int(found[0])

    def request(self, method, target, body=None, headers=None, timeout=60):
        """The response, read, with `body` and, where it is JSON, `json`."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        with contextlib.closing(connection):
            connection.request(method, target, body, headers or {})
            response = connection.getresponse()
            response.body = response.read()
        if "json" in (response.headers.get("Content-Type") or "") and response.body:
            response.json = json.loads(response.body)
        return response

    def get(self, target, **headers):
        return self.request("GET", target, headers={k.replace("_", "-"): v for k, v in headers.items()})

    def post(self, target, body, headers=None, **options):
        """`body` as JSON, or bytes as they are."""
        if isinstance(body, bytes):
            return self.request("POST", target, body, headers, **options)
        return self.request("POST", target, json.dumps(body), {"Content-Type": "application/json", **(headers or {})},
                            **options)

    def search(self, query, **options):
        return self.post("/search/text", {"query": query, **options})

    def form(self, target, parts, headers=None):
        """`parts`: name and bytes or text."""
        body = b""
        for name, value in parts.items():
            content = value if isinstance(value, bytes) else value.encode()
            file = '; filename="x"' if isinstance(value, bytes) else ""
            body += f'--xyz\r\nContent-Disposition: form-data; name="{name}"{file}\r\n\r\n'.encode() + content + b"\r\n"
        return self.post(target, body + b"--xyz--\r\n",
                         {"Content-Type": "multipart/form-data; boundary=xyz", **(headers or {})})

    def raw(self, data, timeout=60):
        """What comes back until the server closes the connection."""
        with socket.create_connection(("127.0.0.1", self.port), timeout=timeout) as client:
            with contextlib.suppress(ConnectionError):
                client.sendall(data)
            received = b""
            with contextlib.suppress(ConnectionError):
                while piece := client.recv(65536):
                    received += piece
            return received

    def metric(self, name, **labels):
        """The value of a sample; 0 if there is none."""
        for line in self.get("/metrics").body.decode().splitlines():
            found = re.fullmatch(r"(\w+)(?:\{(.*)\})? (\S+)", line)
            if found and found[1] == name and dict(re.findall(r'(\w+)="([^"]*)"', found[2] or "")) == labels:
                return float(found[3])
        return 0.0

    def descriptors(self):
        return len(os.listdir(f"/proc/{self.process.pid}/fd"))

    def stop(self, signal_number=signal.SIGTERM):
        self.process.send_signal(signal_number)
        return self.process.wait(60)

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        code = self.stop() if self.process.poll() is None else self.process.returncode
        self.process.stdout.close()
        said = self.said()
        self.stderr.close()
        if kind is None and code != 0:
            raise AssertionError(f"exit code {code}; it said:\n{said}")


def quoted(item):
    return urllib.parse.quote(item, safe="")


class ServeTest(CliTest):
    """All tests of a class share the collection `shop` in the directory `shared`."""

    @classmethod
    def setUpClass(cls):
        cls.shared = pathlib.Path(tempfile.mkdtemp(prefix="pmatch-serve-"))
        cls.addClassCleanup(shutil.rmtree, cls.shared, ignore_errors=True)
        cls.make_shop(cls.shared)

    @staticmethod
    def make_shop(directory):
        colours = {"a": (200, 30, 30), "b": (30, 200, 30), "c": (30, 30, 200), "a2": (180, 60, 30), "d": (240, 240, 20)}
        for name, colour in colours.items():
            write_png(directory / f"{name}.png", 40, 32,
                      lambda x, y, c=colour: c if (x // 8 + y // 8) % 2 else (x * 6, y * 7, 90))
        (directory / "catalog.csv").write_text("id,title,colour,price,image\n"
                                               "a,red checks,red,9.50,a.png|a2.png\nb,green checks,green,12,b.png\n"
                                               "c/1,blue checks,blue,30,c.png\nd é,yellow checks,yellow,40,d.png\n"
                                               "e,desk lamp,red,50,\n")

        def pmatch(*arguments):
            subprocess.run([BINARY, "--quiet", *map(str, arguments)], cwd=directory, check=True, timeout=300)

        pmatch("ingest", "shop", "catalog.csv", "--text", "title")
        pmatch("embed", "shop", "--model", PACKAGES / "text", "--precision", "fp32")
        pmatch("embed", "shop", "--model", "builtin:colour")
        pmatch("build-index", "shop")
        pmatch("build-index", "shop", "--layout", "bm25")

    def picture(self, name):
        return (self.shared / f"{name}.png").read_bytes()

    def is_problem(self, response, status, *words):
        """Problem JSON with what and fix."""
        self.assertEqual(response.status, status, response.body[:500])
        self.assertEqual(response.headers["Content-Type"], "application/problem+json")
        self.assertEqual(response.json["status"], status)
        self.assertTrue(response.json["title"] and response.json["detail"] and response.json["fix"])
        for word in words:
            self.assertIn(word, response.json["detail"] + " " + response.json["fix"])
        return response
