"""The library that looks at pictures: found, missing and damaged, through the program."""
import pathlib
import shutil
import subprocess
import unittest

from support import BINARY, CliTest

LIBRARY = "libpmatch_vision.so"


class VisionLibrary(CliTest):
    def run_copy(self, *arguments):
        return subprocess.run([self.dir / "bin" / "pmatch", *arguments], cwd=self.dir, capture_output=True, text=True,
                              timeout=120)

    def setUp(self):
        super().setUp()
        (self.dir / "bin").mkdir()
        shutil.copy2(BINARY, self.dir / "bin" / "pmatch")
        self.library = pathlib.Path(BINARY).parent / LIBRARY
        self.picture_catalog()
        self.quiet("ingest", "shop", "pictures.csv")

    def test_it_is_opened_beside_the_program_or_where_it_is_installed(self):
        for folder in ("bin", "lib/pmatch"):
            (self.dir / folder).mkdir(parents=True, exist_ok=True)
            shutil.copy(self.library, self.dir / folder / LIBRARY)
            done = self.run_copy("embed", "shop", "--model", "builtin:colour", "--replace")
            self.assertEqual(done.returncode, 0, done.stderr)
            (self.dir / folder / LIBRARY).unlink()

    def test_without_it_the_run_ends_and_no_picture_is_blamed(self):
        def ends_with(words):
            done = self.run_copy("embed", "shop", "--model", "builtin:colour")
            self.assertEqual(done.returncode, 1, done.stderr)
            self.assertIn(words, done.stderr)
            self.assertIn(LIBRARY, done.stderr)
            self.assertEqual(self.ledger(), [])

        ends_with("the library that looks at pictures is missing")
        self.write(f"bin/{LIBRARY}", "no library")
        ends_with("cannot be loaded")
        # What needs no picture needs no library.
        self.assertEqual(self.run_copy("status", "shop").returncode, 0)
        self.assertEqual(self.run_copy("model", "inspect", "builtin:colour").returncode, 0)


if __name__ == "__main__":
    unittest.main()
