"""examples/serve: the client runs; the other files name flags, addresses and metrics that exist."""
import json
import re
import subprocess
import sys
import unittest

import yaml
from serve_support import Server, ServeTest
from support import ROOT

EXAMPLES = ROOT / "examples" / "serve"


class ServeExample(ServeTest):
    def client(self, server, *arguments, token="secret"):
        return subprocess.run([sys.executable, EXAMPLES / "client.py", f"http://127.0.0.1:{server.port}", *arguments],
                              cwd=self.shared, capture_output=True, text=True, check=False, timeout=60,
                              env={"PMATCH_TOKEN": token})

    def test_the_client_and_what_the_files_name(self):
        token = self.write("token", "secret\n")
        with Server(self.shared, "shop", "--token-file", token) as server:
            allowed = {"Authorization": "Bearer secret"}
            lines = self.client(server, "blue checks", "2").stdout.splitlines()
            self.assertEqual(len(lines), 2)
            found = server.post("/search/text", {"query": "blue checks"}, allowed).json["answers"][0]
            self.assertEqual(lines[0], f"1\t{found['item']}\t{found['score']:.4f}\t{found['title']}")
            self.assertTrue(self.client(server, "c.png", "1").stdout.startswith("1\tc/1\t"))
            refused = self.client(server, "blue", token="wrong")
            self.assertEqual((refused.returncode, "Bearer" in refused.stderr), (1, True))
            metrics = server.request("GET", "/metrics", headers=allowed).body.decode()
            paths = server.get("/openapi.json").json["paths"]
        self.check_dashboard(set(re.findall(r"# TYPE (\w+)", metrics)))
        self.check_addresses(paths)

    def check_dashboard(self, metrics):
        dashboard = json.loads((EXAMPLES / "grafana.json").read_text())
        named = [name for panel in dashboard["panels"] for target in panel["targets"]
                 for name in re.findall(r"\b(?:pmatch|process)_\w+", target["expr"])]
        self.assertGreater(len(set(named)), 10)
        for name in named:
            self.assertTrue({name, re.sub("_(bucket|sum|count)$", "", name)} & metrics, name)

    def check_addresses(self, paths):
        text = "".join((EXAMPLES / name).read_text() for name in ("kubernetes.yaml", "Dockerfile", "Caddyfile"))
        addresses = re.findall(r"/health/\w+|/metrics", text)
        self.assertGreater(len(addresses), 4)
        for address in addresses:
            self.assertIn(address, paths)

    def test_flags_exist_and_yaml_is_yaml(self):
        known = self.pmatch("serve", "--help").stdout
        unit = (EXAMPLES / "pmatch.service").read_text()
        compose = yaml.safe_load((EXAMPLES / "compose.yaml").read_text())
        command = re.search("ExecStart=(.*)", unit)[1].split() + compose["services"]["pmatch"]["command"]
        flags = [word for word in command if word.startswith("--")]
        self.assertEqual(flags, ["--token-file"] * 2)
        for flag in flags:
            self.assertIn(flag, known)
        kinds = [one["kind"] for one in yaml.safe_load_all((EXAMPLES / "kubernetes.yaml").read_text())]
        self.assertEqual(kinds, ["Deployment", "Service", "HorizontalPodAutoscaler"])
        self.assertIn("pmatch_queue_size", (EXAMPLES / "kubernetes.yaml").read_text())


if __name__ == "__main__":
    unittest.main()
