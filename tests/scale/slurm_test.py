"""examples/scale/slurm under a real Slurm: an array of shares, a task that is killed and requeued, a lost task that is
made again, and the merge that waits for all."""
import csv
import json
import os
import pathlib
import re
import sys
import time
import unittest

import slurm

ROOT = pathlib.Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests/cli"))
from support import BINARY, PACKAGES, CliTest  # noqa: E402

EXAMPLES = ROOT / "examples/scale/slurm"
TEXTS = 6000  # six windows of 1,024


class SlurmArray(CliTest):
    def setUp(self):
        super().setUp()
        with open(self.dir / "catalog.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title"])
            writer.writerows([f"p{i}", f"{['red mug', 'blue cup', 'oak chair'][i % 3]} {i}"] for i in range(TEXTS))
        self.pmatch("ingest", "shop", "catalog.csv")
        self.pmatch("ingest", "whole", "catalog.csv")
        self.pmatch("--threads", "1", "embed", "whole", "--model", PACKAGES / "text")
        self.slurm = self.enterContext(slurm.Slurm())
        (self.dir / "bin").mkdir()
        (self.dir / "bin/pmatch").symlink_to(BINARY)
        self.path = {"PATH": f"{self.dir / 'bin'}:{os.environ['PATH']}"}

    def submit(self, shards, *options):
        said = self.slurm.run(EXAMPLES / "submit.sh", "shop", PACKAGES / "text", shards, *options, cwd=self.dir,
                              extra=self.path)
        return re.fullmatch(r"(\d+) (\d+)\n", said).groups()

    def assert_completed(self, job):
        states = self.slurm.wait(job)
        said = "\n".join(f"{path.name}: {path.read_text()}" for path in sorted(self.dir.glob("slurm-*.out")))
        self.assertEqual(set(states.values()), {"COMPLETED"}, f"{states}\n{said}")

    def assert_whole(self):
        for one, other in zip(self.read_space("text", "shop"), self.read_space("text", "whole")):
            self.assertEqual(one.tobytes(), other.tobytes())
        manifest = json.loads((self.dir / "shop/collection.json").read_text())
        self.assertIn("text", manifest["indexes"])

    def test_an_array_and_the_merge_after_it_make_the_collection(self):
        array, merge = self.submit(4)
        self.assert_completed(array)
        self.assert_completed(merge)
        self.assert_whole()

    def test_a_task_that_is_killed_and_requeued_goes_on(self):
        array, merge = self.submit(4)
        deadline = time.monotonic() + 60
        while self.slurm.states(array).get("0") != "RUNNING" and time.monotonic() < deadline:
            time.sleep(.05)
        self.slurm.run("scontrol", "requeue", f"{array}_0", check=False)
        self.assert_completed(array)
        self.assert_completed(merge)
        self.assert_whole()

    def test_the_merge_does_not_run_while_a_task_is_lost_and_runs_when_it_is_made_again(self):
        array, merge = self.submit(3, "--hold")
        self.slurm.run("scancel", f"{array}_1")
        self.slurm.run("scontrol", "release", array)
        self.slurm.run("scontrol", "release", merge)
        states = self.slurm.wait(array)
        self.assertNotEqual(states.get("1"), "COMPLETED")
        time.sleep(1)
        self.assertNotIn("COMPLETED", self.slurm.states(merge).values())
        self.slurm.run("scancel", merge)
        said = self.pmatch("merge", "shop", code=1).stderr
        self.assertIn("1/3 is missing", said)
        # A task of its own number makes the lost share, as the array's script says.
        again = self.slurm.run("sbatch", "--parsable", "--array=1", EXAMPLES / "embed.sh", cwd=self.dir,
                               extra=self.path | {"COLLECTION": str(self.dir / "shop"), "SHARDS": "3",
                                                  "MODEL": str(PACKAGES / "text")}).strip()
        self.assert_completed(again)
        self.pmatch("merge", "shop")
        self.pmatch("build-index", "shop")
        self.assert_whole()


if __name__ == "__main__":
    reason = "it starts system services, not in CI" if os.environ.get("CI") else slurm.missing()
    if reason:
        print(f"skipped: {reason}")
        sys.exit(77)
    unittest.main()
