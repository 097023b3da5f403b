"""Directories and machines that give less than is asked for: read-only, full, few descriptors, little memory."""
import os
import shutil
import subprocess
import unittest

from common import (ASK, BINARY, LONG, PACKAGES, STEPS, TortureTest, content, difference, doctor, good, in_parallel,
                    make_shop, must, run)

VERBS = {
    "ingest": ["ingest", "fresh", "newer.csv"],
    "embed": ["embed", "shop", "--model", PACKAGES / "text", "--space", "other"],
    "build-index": ["build-index", "shop", "--space", "text", "--layout", "HNSW16"],
    "query": ASK,
    "evaluate": ["evaluate", "shop", "--queries", "catalog.csv", "--truth", "truth.csv"],
    "status": ["status", "shop"],
}
MEGABYTES = (200, 350, 500, 600, 800, 1200, 2500)
MEGABYTES_LONG = range(200, 4097, 100)
FOR_EVER = 300  # seconds; each ends in a few, on a busy machine, too


class Limits(TortureTest):
    def setUp(self):
        super().setUp()
        make_shop(self.dir)

    def refused(self, result, *words):
        self.assertEqual(result.returncode, 1, result.stdout + result.stderr)
        self.assertIn("pmatch: error: ", result.stderr)
        self.assertIn("fix: ", result.stderr)
        for word in words:
            self.assertIn(word, result.stderr)

    def whole(self):
        for name in ("ingest", "embed", "build-index", "bm25"):
            must(self.dir, STEPS[name])
        return content(self.dir / "shop")

    def test_a_directory_that_cannot_be_written_is_an_error_and_still_answers(self):
        before = self.whole()
        shutil.copy(self.dir / "newer.csv", self.dir / "catalog.csv")
        if os.getuid() == 0:
            # Root may write anywhere, so the file system itself has to refuse.
            if not self.mount("--bind", self.dir / "shop", self.dir / "shop") or \
                    not self.mount("-o", "remount,ro,bind", self.dir / "shop"):
                self.skipTest("nothing can be mounted here")
        else:
            for path in [self.dir / "shop", *(self.dir / "shop").rglob("*")]:
                if not path.is_symlink():
                    path.chmod(0o555 if path.is_dir() else 0o444)
                    self.addCleanup(path.chmod, 0o755)
        for name in ("ingest", "embed", "build-index", "bm25"):
            self.refused(run(self.dir, STEPS[name]), "shop")
        self.assertEqual(difference(before, content(self.dir / "shop")), [])
        must(self.dir, ASK)
        must(self.dir, ["status", "shop"])
        self.assertTrue(doctor(self.dir)[0])

    def mount(self, *arguments):
        target = arguments[-1]
        done = subprocess.run(["mount", *map(str, arguments)], capture_output=True)
        if done.returncode == 0:
            self.addCleanup(subprocess.run, ["umount", str(target)], capture_output=True)
        return done.returncode == 0

    def test_a_full_file_system_is_an_error_and_the_next_run_goes_on(self):
        wanted = self.whole()
        steps = ["ingest", "embed", "build-index", "bm25"]
        shutil.rmtree(self.dir / "shop")
        (self.dir / "shop").mkdir()
        if not self.mount("-t", "tmpfs", "-o", "size=1m", "tmpfs", self.dir / "shop"):
            self.skipTest("no tmpfs can be mounted here")
        ballast = self.dir / "shop" / "ballast.pmatch-tmp"  # a name that the first ingest takes for a leftover
        for name in steps:
            for left in (0, 8192, 40960):
                self.fill(ballast, left)
                result = run(self.dir, STEPS[name])
                if good(result):
                    break
                self.refused(result, "shop", "free some space")
            ballast.unlink(missing_ok=True)
            must(self.dir, STEPS[name])
        self.assertTrue(doctor(self.dir)[0])
        self.assertEqual(difference(wanted, content(self.dir / "shop")), [])

    def fill(self, ballast, left):
        ballast.unlink(missing_ok=True)
        with open(ballast, "wb", buffering=0) as file:
            try:
                while True:
                    file.write(b"x" * 4096)
            except OSError:
                pass
            file.truncate(max(0, file.tell() - left))

    def limited(self, option, values):
        """Each step with ever more of what `option` limits, until it is enough; then what was not done before is done
        without a limit. How often pmatch itself said what was missing."""
        wanted = self.whole()
        shutil.rmtree(self.dir / "shop")
        refused = 0
        for name in ("ingest", "embed", "build-index", "bm25"):
            for value in values():
                result = run(self.dir, STEPS[name], prefix=["prlimit", f"--{option}={value}"])
                if good(result):
                    break
                # With too little the loader does not find or map its libraries.
                self.assertIn(result.returncode, (1, 127), f"{name} {value}: {result.stderr}")
                refused += "pmatch: error: " in result.stderr
            must(self.dir, STEPS[name])
        self.assertTrue(doctor(self.dir)[0])
        self.assertEqual(difference(wanted, content(self.dir / "shop")), [])
        return refused

    def test_few_file_descriptors_are_an_error_and_never_half_a_collection(self):
        self.assertGreater(self.limited("nofile", lambda: (3, 4, 5, 6, 8, 10, 12, 14, 17, 20)), 3)

    def test_little_memory_is_an_error_and_never_half_a_collection(self):
        self.limited("as", lambda: [megabytes << 20 for megabytes in self.sizes()])

    def test_any_limit_of_memory_is_enough_or_called_too_little(self):
        """Every verb, with all its threads: it ends, and what is missing is memory, not a better package."""
        self.whole()
        (self.dir / "truth.csv").write_text("query,item\np1,p1\np2,p2\n")
        runs = [(verb, megabytes) for megabytes in (MEGABYTES_LONG if LONG else MEGABYTES) for verb in VERBS]
        ends = in_parallel(lambda task: self.end_with_memory(*task), runs)
        self.assertEqual([end for end in ends if end not in ("done", "too little", "not loaded")], [])
        self.assertIn("done", ends)
        self.assertIn("too little", ends)

    def end_with_memory(self, verb, megabytes):
        place = self.dir / "runs" / f"{verb}-{megabytes}"
        shutil.copytree(self.dir / "shop", place / "shop", symlinks=True)
        for file in (*self.dir.glob("*.csv"), *self.dir.glob("*.png")):
            shutil.copy(file, place)
        try:
            result = subprocess.run(["prlimit", f"--as={megabytes << 20}", BINARY, *map(str, VERBS[verb])], cwd=place,
                                    capture_output=True, text=True, timeout=FOR_EVER)
        except subprocess.TimeoutExpired:
            return f"{verb} with {megabytes} MB waits for ever"
        finally:
            shutil.rmtree(place)
        if good(result):
            return "done"
        if result.returncode == 1 and "not enough memory" in result.stderr and "fix: " in result.stderr:
            return "too little"
        # The loader ends the process before a line of pmatch runs.
        if result.returncode == 127 and "error while loading shared libraries" in result.stderr:
            return "not loaded"
        return f"{verb} with {megabytes} MB: {result.returncode} {result.stderr}"

    def starts(self, megabytes):
        return run(self.dir, ["--version"], prefix=["prlimit", f"--as={megabytes << 20}"]).returncode == 0

    def sizes(self):
        """From where the program just starts to where torch can be opened, too."""
        too_little, least = 0, 16384
        while least - too_little > 16:
            size = (too_little + least) // 2
            too_little, least = (too_little, size) if self.starts(size) else (size, least)
        return [least + more for more in (0, 8, 16, 32, 64, 128, 256, 512, 768, 1024)]


if __name__ == "__main__":
    unittest.main()
