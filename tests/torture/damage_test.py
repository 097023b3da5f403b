"""Cuts and flipped bits in every kind of file, in one process that uses each file as the verbs do."""
import os
import shutil
import subprocess
import unittest

from common import LONG, PACKAGES, STEPS, TortureTest, make_shop, must

TOOL = os.environ.get("PMATCH_DAMAGE", "build/test/tests/torture/pmatch_damage")
CUTS, FLIPS = ("200", "500") if LONG else ("20", "50")


class Damage(TortureTest):
    def test_every_damaged_file_is_named_before_its_content_is_used(self):
        make_shop(self.dir)
        for arguments in STEPS.values():
            must(self.dir, arguments)
        for name in ("text", "image", "caption"):
            shutil.copytree(PACKAGES / name, self.dir / "packages" / name)
        done = subprocess.run([TOOL, "shop", "packages", CUTS, FLIPS], cwd=self.dir, capture_output=True, text=True,
                              timeout=7200)
        print(done.stdout)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        kinds = {line.split()[0] for line in done.stdout.splitlines()}
        self.assertEqual(kinds, {"BM25", "TorchScript", "captions", "collection.json", "exact", "index", "items",
                                 "model.json", "keys", "part", "rows", "sidecar", "tokenizer.json", "view"})


if __name__ == "__main__":
    unittest.main()
