"""docs/serve.md: its commands run as they stand, and it names every address, status and metric that there is."""
import json
import re
import shutil
import subprocess
import unittest

from serve_support import Server
from support import PACKAGES, ROOT, CliTest

DOCUMENT = (ROOT / "docs" / "serve.md").read_text()


class ServeDocs(CliTest):
    def commands(self):
        blocks = re.findall(r"```\n(.*?)```", DOCUMENT, re.S)
        lines = "".join(blocks).replace("\\\n", " ").splitlines()
        return [line for line in lines if line.startswith("curl ")]

    def test_its_commands_run_as_they_stand(self):
        shutil.copytree(ROOT / "examples" / "shop", self.dir / "examples" / "shop")
        self.quiet("ingest", "shop", "examples/shop/catalog.csv", "--text", "title,description")
        self.quiet("embed", "shop", "--model", "builtin:colour")
        self.quiet("embed", "shop", "--model", PACKAGES / "text")
        self.quiet("build-index", "shop")
        commands = self.commands()
        self.assertGreater(len(commands), 6)
        with Server(self.dir, "shop") as server:
            for command in commands:
                line = command.replace("localhost:8080", f"127.0.0.1:{server.port}").replace("curl ", "curl -sS --fail ", 1)
                done = subprocess.run(["sh", "-c", line], cwd=self.dir, capture_output=True, check=False, timeout=60)
                self.assertEqual((done.returncode, done.stderr), (0, b""), command)
                if "-o" not in command:
                    self.assertIsInstance(json.loads(done.stdout), dict, command)
            self.assertTrue((self.dir / "thumb.jpg").read_bytes().startswith(b"\xff\xd8"))
            metrics = server.get("/metrics").body.decode()
            paths = server.get("/openapi.json").json["paths"]
        for name in re.findall(r"`((?:pmatch|process)_\w+)", DOCUMENT):
            self.assertIn(f"# TYPE {name} ", metrics)
        for path in paths:
            stem = path.split("{")[0].rstrip("/")
            self.assertTrue(f"{stem}" in DOCUMENT, path)

    def test_every_flag_it_names_is_in_the_help(self):
        known = self.pmatch("serve", "--help").stdout
        for flag in re.findall(r"`(--[a-z-]+)", DOCUMENT):
            self.assertIn(flag, known)


if __name__ == "__main__":
    unittest.main()
