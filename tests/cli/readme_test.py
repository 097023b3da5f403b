import pathlib
import re
import shutil
import subprocess
import unittest

from support import BINARY, ROOT, CliTest, verbs

README = (ROOT / "README.md").read_text()
SHOP = ROOT / "examples" / "shop"
TEXT_PACKAGE = ROOT / "packages" / "minilm-l6"


class Readme(CliTest):
    def test_every_flag_it_names_is_in_the_help_of_its_verb(self):
        text = README.replace("\\\n", "")
        known = "|".join(verbs())
        commands = re.findall(rf"pmatch (?:--quiet )?({known})\b([^`\n]*)", text)
        self.assertGreater(len(commands), 10)
        for verb, arguments in commands:
            text = self.pmatch(verb, "--help").stdout
            for flag in re.findall(r"--[a-z-]+", arguments.split("#")[0]):
                self.assertIn(flag, text, f"pmatch {verb}")

    @unittest.skipUnless(TEXT_PACKAGE.exists(), "packages/minilm-l6 is not there: scripts/setup.sh")
    def test_the_ci_job_runs_as_it_stands(self):
        for name in ("catalog.csv", "queries.csv", "truth.csv"):
            shutil.copy(SHOP / name, self.dir)
        for name in ("pictures", "queries"):
            (self.dir / name).symlink_to(SHOP / name)
        (self.dir / "packages").symlink_to(ROOT / "packages")
        # Queries of this shop have either a picture or a text; the job embeds texts only.
        lines = (self.dir / "queries.csv").read_text().splitlines()
        self.write("queries.csv", "\n".join(l for l in lines if not l.startswith("p")) + "\n")
        job = next(block for block in re.findall(r"```\n(.*?)```", README, re.S)
                   if block.startswith("set -e"))
        *commands, gate = job.replace("\\\n", "").strip().splitlines()
        environment = {"PATH": f"{pathlib.Path(BINARY).parent}:/usr/bin:/bin"}
        done = subprocess.run(["bash", "-c", "\n".join(commands)], cwd=self.dir,
                              capture_output=True, text=True, env=environment, timeout=300)
        self.assertEqual((done.returncode, done.stdout, done.stderr), (0, "", ""))
        # The gate is either passed or not; that is the catalog's business.
        done = subprocess.run(["bash", "-c", gate], cwd=self.dir, capture_output=True, text=True,
                              env=environment, timeout=60)
        self.assertIn(done.returncode, (0, 4), done.stderr)
        self.assertEqual("below the gate" in done.stderr, done.returncode == 4)
        self.assertTrue((self.dir / "gate.xml").exists())


if __name__ == "__main__":
    unittest.main()
