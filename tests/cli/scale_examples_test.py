"""examples/scale: manifests that Kubernetes takes, and commands with flags that there are."""
import pathlib
import re
import subprocess
import unittest

import yaml
from support import BINARY

EXAMPLES = pathlib.Path(__file__).resolve().parents[2] / "examples"
MANIFESTS = sorted(EXAMPLES.glob("*/kubernetes/*.yaml"))


class ScaleExamples(unittest.TestCase):
    def test_every_manifest_fits_the_schemas_of_kubernetes(self):
        import kubernetes_validate
        version = kubernetes_validate.latest_version()
        self.assertGreaterEqual(len(MANIFESTS), 5)
        for path in MANIFESTS:
            with self.subTest(path.name):
                for manifest in yaml.safe_load_all(path.read_text()):
                    kubernetes_validate.validate(manifest, version, strict=True)

    def test_every_pod_of_the_job_takes_its_own_share(self):
        job = yaml.safe_load((EXAMPLES / "scale/kubernetes/embed.yaml").read_text())
        self.assertEqual(job["spec"]["completionMode"], "Indexed")
        [container] = job["spec"]["template"]["spec"]["containers"]
        self.assertIn(f"--shard auto/{job['spec']['completions']}", container["args"][0])

    def test_commands_in_the_examples_have_flags_that_there_are(self):
        said = {}
        checked = 0
        for path in sorted((EXAMPLES / "scale").rglob("*.*")):
            for line in re.sub(r"\\\n", " ", path.read_text()).splitlines():
                found = re.search(r"\bpmatch (?:--threads \S+ )?(plan|embed|merge|build-index)\b(.*)", line)
                if not found:
                    continue
                verb, words = found.groups()
                if verb not in said:
                    said[verb] = subprocess.run([BINARY, verb, "--help"], capture_output=True, text=True,
                                                check=True).stdout
                for flag in re.findall(r"--[a-z-]+", words):
                    self.assertIn(flag, said[verb], f"{path.name}: {line}")
                    checked += 1
        self.assertGreaterEqual(checked, 6)

    def test_the_scripts_are_shell(self):
        for path in sorted((EXAMPLES / "scale/slurm").glob("*.sh")):
            self.assertEqual(subprocess.run(["bash", "-n", path], check=False).returncode, 0, path.name)


if __name__ == "__main__":
    unittest.main()
