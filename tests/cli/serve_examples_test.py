"""examples/serve: the client asks a real server, the dashboard names real metrics, the manifests have what they need."""
import json
import pathlib
import re
import subprocess
import sys
import unittest

import yaml
from serve_support import Server, ServeTest
from support import BINARY

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples" / "serve"
METRIC = re.compile(r"\b(?:pmatch|process)_\w+")


class ServeExamples(ServeTest):
    def client(self, server, *arguments):
        return subprocess.run([sys.executable, EXAMPLES / "client.py", f"http://127.0.0.1:{server.port}",
                               *map(str, arguments)], cwd=self.shared, capture_output=True, text=True, timeout=60)

    def test_the_client_asks_by_text_by_picture_and_by_both(self):
        with Server(self.shared, "shop", "--max-top", "4") as server:
            found = self.client(server, "--text", "blue checks", "--top", 2)
            self.assertEqual((found.returncode, len(found.stdout.splitlines())), (0, 2), found.stderr)
            self.assertEqual(found.stdout.split("\t")[1], "c/1")
            self.assertEqual(self.client(server, "--image", "b.png").stdout.split("\t")[1], "b")
            both = self.client(server, "--image", "b.png", "--text", "green checks", "--where", "price > 20")
            self.assertNotIn("\tb\t", both.stdout)
            clamped = self.client(server, "--text", "checks", "--top", 50)
            self.assertIn("50", clamped.stderr)
            refused = self.client(server, "--text", "checks", "--where", "nonsense > 3")
            self.assertEqual(refused.returncode, 1)
            self.assertIn("nonsense", refused.stderr)
        gone = self.client(server, "--text", "checks")
        self.assertIn("does not answer", gone.stderr)

    def test_the_client_sends_its_token(self):
        (self.shared / "token").write_text("secret\n")
        with Server(self.shared, "shop", "--token-file", "token") as server:
            self.assertIn("401", self.client(server, "--text", "checks").stderr)
            self.assertEqual(self.client(server, "--text", "checks", "--token", "secret").returncode, 0)

    def test_the_dashboard_names_metrics_that_there_are(self):
        with Server(self.shared, "shop") as server:
            server.search("blue checks")
            there = set(METRIC.findall(server.get("/metrics").body.decode()))
        dashboard = json.loads((EXAMPLES / "grafana.json").read_text())
        named = {name for panel in dashboard["panels"] for target in panel["targets"]
                 for name in METRIC.findall(target["expr"])}
        self.assertGreater(len(named), 12)
        self.assertEqual(named - there, set())

    def test_the_autoscaler_reads_a_metric_that_there_is(self):
        scaler = yaml.safe_load((EXAMPLES / "kubernetes" / "autoscaler.yaml").read_text())
        [metric] = scaler["spec"]["metrics"]
        with Server(self.shared, "shop") as server:
            self.assertIn(metric["pods"]["metric"]["name"] + " ", server.get("/metrics").body.decode())
        self.assertLessEqual(scaler["spec"]["minReplicas"], scaler["spec"]["maxReplicas"])

    def test_the_manifests_fit_together(self):
        deployment, service, scaler = (yaml.safe_load((EXAMPLES / "kubernetes" / f"{name}.yaml").read_text())
                                       for name in ("deployment", "service", "autoscaler"))
        for manifest in (deployment, service, scaler):
            self.assertTrue({"apiVersion", "kind", "metadata", "spec"} <= set(manifest))
        pod = deployment["spec"]["template"]
        self.assertEqual(deployment["spec"]["selector"]["matchLabels"], pod["metadata"]["labels"])
        self.assertEqual(service["spec"]["selector"], pod["metadata"]["labels"])
        self.assertEqual(scaler["spec"]["scaleTargetRef"]["name"], deployment["metadata"]["name"])
        [container] = pod["spec"]["containers"]
        volumes = {volume["name"] for volume in pod["spec"]["volumes"]}
        self.assertEqual({mount["name"] for mount in container["volumeMounts"]}, volumes)

    def test_commands_in_the_examples_have_flags_that_there_are(self):
        said = subprocess.run([BINARY, "serve", "--help"], capture_output=True, text=True, check=True).stdout
        unit = (EXAMPLES / "pmatch-serve.service").read_text()
        compose = yaml.safe_load((EXAMPLES / "compose.yaml").read_text())
        deployment = yaml.safe_load((EXAMPLES / "kubernetes" / "deployment.yaml").read_text())
        words = re.search(r"ExecStart=.*? serve (.*)", unit)[1].split() + compose["services"]["pmatch"]["command"]
        words += deployment["spec"]["template"]["spec"]["containers"][0]["args"]
        words += re.search(r'ENTRYPOINT (.*)', (EXAMPLES / "Dockerfile").read_text())[1].split('"')
        flags = {word for word in words if word.startswith("--")} - {"--quiet"}
        self.assertEqual({flag for flag in flags if f"{flag} " not in said}, set())

    def test_probes_ask_routes_that_there_are(self):
        deployment = yaml.safe_load((EXAMPLES / "kubernetes" / "deployment.yaml").read_text())
        [container] = deployment["spec"]["template"]["spec"]["containers"]
        with Server(self.shared, "shop") as server:
            for probe in ("readinessProbe", "livenessProbe", "startupProbe"):
                self.assertEqual(server.get(container[probe]["httpGet"]["path"]).status, 200)


if __name__ == "__main__":
    unittest.main()
