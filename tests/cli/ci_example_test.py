import os
import pathlib
import subprocess
import unittest
import xml.etree.ElementTree

from support import BINARY, PACKAGES, CliTest

ROOT = pathlib.Path(__file__).resolve().parents[2]
MODELS = [ROOT / "packages" / name for name in ("minilm-l6", "efficientnet-lite0")]


@unittest.skipUnless(all(model.exists() for model in MODELS), "packages/ is not there: scripts/setup.sh")
class CiExample(CliTest):
    def gate(self, **models):
        environment = {**os.environ, **{name: str(path) for name, path in models.items()},
                       "PATH": f"{pathlib.Path(BINARY).parent}:/usr/bin:/bin"}
        done = subprocess.run([ROOT / "examples" / "ci" / "gate.sh", self.dir / "result"], cwd=ROOT,
                              capture_output=True, text=True, env=environment, timeout=300)
        suite = xml.etree.ElementTree.parse(self.dir / "result" / "gate.xml").getroot().find("testsuite")
        return done, suite

    def test_the_shipped_models_pass(self):
        done, suite = self.gate()
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        self.assertEqual((suite.get("tests"), suite.get("failures")), ("4", "0"))
        self.assertEqual(suite.findall("testcase/failure"), [])
        self.assertIn("| recall |", (self.dir / "result" / "summary.md").read_text())
        rows = (self.dir / "result" / "queries.csv").read_text().splitlines()
        self.assertEqual(len(rows), 1 + 66)

    def test_a_worse_text_model_is_stopped_with_a_readable_report(self):
        done, suite = self.gate(TEXT_MODEL=PACKAGES / "text")  # random weights
        self.assertEqual(done.returncode, 4, done.stderr)
        self.assertIn("below the gate", done.stderr)
        self.assertIn("recall@1", done.stderr)
        cases = suite.findall("testcase")
        failed = [case for case in cases if case.find("failure") is not None]
        self.assertEqual(suite.get("failures"), str(len(failed)))
        self.assertEqual(cases[:len(failed)], failed)  # first
        self.assertIn("recall@1, at least 0.7", [case.get("name") for case in failed])
        for case in failed:
            self.assertRegex(case.find("failure").get("message"), r"is 0\.\d+, wanted")
        drops = [case.find("failure").text for case in failed if "below" in case.get("name")]
        self.assertTrue(drops)
        for text in drops:
            self.assertIn("(p = ", text)


if __name__ == "__main__":
    unittest.main()
