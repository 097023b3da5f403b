"""Kills at random moments and at chosen operations (also between fsync and rename); the next run goes on, and the end
is that of a run nobody disturbed: the same vectors byte by byte, the same ledger, the same answers."""
import csv
import itertools
import os
import pathlib
import random
import shutil
import signal
import subprocess
import time
import unittest

from common import (ASK, BINARY, DATA, LONG, STEPS, THREADS, TortureTest, content, doctor, good,
                    in_parallel, make_shop, must, not_mended, run)

SAMPLES = 6  # operations of a step that the short form kills at
ROUNDS = int(os.environ.get("PMATCH_TORTURE_KILLS", 300 if LONG else 12))


TUNE = ["tune", "shop", "--queries", "queries.csv", "--truth", "truth.csv", "--preset", "lexical", "--recipes", "20",
        "--out", "tuned.jsonc"]


def ask_for_all(directory):
    """queries.csv and truth.csv: each item by the first and by the last words of its title."""
    with open(directory / "catalog.csv", newline="", encoding="utf-8") as file:
        titles = {row["id"]: row["title"].split() for row in csv.DictReader(file)}
    asked = [(f"{item}-{end}", " ".join(words[:2] if end == "first" else words[-2:]), item)
             for item, words in titles.items() for end in ("first", "last")]
    for name, header, rows in (("queries.csv", ["id", "title"], [row[:2] for row in asked]),
                               ("truth.csv", ["query", "item"], [(row[0], row[2]) for row in asked])):
        with open(directory / name, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerows([header, *rows])


def live(directory):
    """What the collection is for: vectors, ledger, answers, a tuned preset."""
    import h5py
    result = {}
    for view in sorted((directory / "shop" / "embeddings").glob("*.h5")):
        with h5py.File(view) as file:
            result[view.stem] = [file[name][:].tobytes() for name in ("ids", "ordinal", "vectors")]
    result["ledger"] = run(directory, ["ledger", "shop", "--format", "jsonl"]).stdout
    result["answers"] = must(directory, ASK).stdout + must(directory, [*ASK, "--preset", "lexical"]).stdout
    result["preset"] = (directory / "tuned.jsonc").read_bytes()
    return result


def real_shop(directory):
    """Real texts, and real pictures where there are some."""
    with open(DATA / "text/abt-buy/tableA.csv", newline="", encoding="utf-8", errors="replace") as file:
        rows = list(csv.DictReader(file))[:600]
    pictures = sorted((DATA / "image/eshop").rglob("*.webp"))[:40]
    with open(directory / "catalog.csv", "w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title", "image"])
        writer.writerows([row["id"], row["name"], pictures[i] if i < len(pictures) else ""]
                         for i, row in enumerate(rows))


class Crash(TortureTest):
    def test_killed_at_every_kind_of_operation_it_goes_on_to_the_same_bytes(self):
        """An injected stop: the process is killed instead of the n-th file operation."""
        template = self.dir / "template"
        template.mkdir()
        make_shop(template)
        tasks = []
        for place, (step, arguments) in enumerate(STEPS.items()):
            whole = self.place(f"whole{place}", template)
            log = whole / "operations"
            self.assertTrue(good(run(whole, arguments, {"SHIM_LOG": str(log)})))
            lines = [line.split(" ", 2)[:2] for line in log.read_text().splitlines()]
            log.unlink()
            stride = 1 if LONG else max(1, len(lines) // SAMPLES)
            wanted = content(whole / "shop")
            chosen = {int(number) for number, _ in lines[::stride]}
            # Between the sync of a file and its rename.
            renames = [int(number) for number, operation in lines if operation == "rename"]
            chosen |= set(renames if LONG else renames[-2:])
            tasks += [(step, number, template, wanted) for number in sorted(chosen)]
            template = whole
        self.names = itertools.count()
        failures = [failure for failure in in_parallel(self.killed, tasks) if failure]
        print(f"{len(tasks)} kills at chosen operations: {len(failures)} not as promised")
        self.assertEqual(failures, [], "\n".join(failures[:5]))

    def killed(self, task):
        step, number, template, wanted = task
        directory = self.place(f"w{next(self.names):05}", template)
        try:
            result = run(directory, STEPS[step], {"SHIM_AT": str(number), "SHIM_FAULT": "KILL"})
            what = f"{step} killed at {number}"
            if result.returncode != -signal.SIGKILL:
                return f"{what}: it ended with {result.returncode}: {result.stderr}"
            problem = not_mended(directory, step, wanted)
            return f"{what}: {problem}" if problem else None
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def test_killed_at_random_moments_it_ends_as_an_undisturbed_run(self):
        make_real = LONG and (DATA / "text/abt-buy/tableA.csv").exists()
        (real_shop if make_real else make_shop)(self.dir)
        steps = [arguments for arguments in STEPS.values()]
        if make_real:
            steps.append(["ingest", "shop", "catalog.csv"])
        ask_for_all(self.dir)
        steps.append(TUNE)
        took = []
        for arguments in steps:
            start = time.monotonic()
            must(self.dir, arguments)
            took.append(time.monotonic() - start)
        wanted = live(self.dir)
        generator = random.Random(8)
        kills = runs = 0
        while kills < ROUNDS:
            shutil.rmtree(self.dir / "shop")
            (self.dir / "tuned.jsonc").unlink()
            for arguments, seconds in zip(steps, took):
                tries = 0
                while self.disturbed(arguments, generator.uniform(0.02, max(seconds, 0.1)) if tries < 6 else None):
                    kills, tries = kills + 1, tries + 1
            runs += 1
            sound, said = doctor(self.dir)
            self.assertTrue(sound, said)
            found = live(self.dir)
            for name, value in wanted.items():
                self.assertEqual(value, found[name], f"{name} after {kills} kills")
        print(f"{kills} kills at random moments in {runs} runs: all ended as the undisturbed one")

    def disturbed(self, arguments, after):
        """True when the run was killed; None lets it end."""
        process = subprocess.Popen([BINARY, *THREADS, *map(str, arguments)], cwd=self.dir, stderr=subprocess.PIPE,
                                   stdout=subprocess.DEVNULL, text=True)
        try:
            _, said = process.communicate(timeout=after)
        except subprocess.TimeoutExpired:
            process.kill()
            _, said = process.communicate()
        if process.returncode == -signal.SIGKILL:
            return True
        self.assertIn(process.returncode, (0, 3), said)
        return False


if __name__ == "__main__":
    unittest.main()
