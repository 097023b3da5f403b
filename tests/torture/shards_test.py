"""Histories of four shards that run at once, are killed at random moments and run again, and of merges that are killed:
the end is the collection that one undisturbed run makes, byte by byte."""
import csv
import os
import random
import shutil
import signal
import subprocess
import time
import unittest

from common import BINARY, LONG, PACKAGES, THREADS, TortureTest, doctor, must, run

HISTORIES = int(os.environ.get("PMATCH_TORTURE_HISTORIES", 100 if LONG else 3))
SHARDS = 4
TEXTS = 9000  # nine windows of 1,024
EMBED = ["embed", "shop", "--model", PACKAGES / "text", "--checkpoint", "0"]


def vectors(directory):
    import h5py
    with h5py.File(directory / "shop/embeddings/text.h5") as file:
        return [file[name][:].tobytes() for name in ("ids", "ordinal", "vectors")]


def start(directory, arguments):
    return subprocess.Popen([str(BINARY), *THREADS, *map(str, arguments)], cwd=directory,
                            stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


class Shards(TortureTest):
    def setUp(self):
        super().setUp()
        self.template = self.dir / "template"
        self.template.mkdir()
        with open(self.template / "catalog.csv", "w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["id", "title"])
            writer.writerows([f"p{i}", f"{['red mug', 'blue cup', 'steel lamp'][i % 3]} {i}"] for i in range(TEXTS))
        must(self.template, ["ingest", "shop", "catalog.csv"])
        self.whole = self.place("whole", self.template)
        began = time.monotonic()
        must(self.whole, EMBED)
        self.seconds = time.monotonic() - began

    def killed_and_begun_again(self, place, chance):
        """Runs all shards at once until each has ended by itself; most are killed once or more."""
        running, kills = {}, 0
        waiting = [[*EMBED, "--shard", f"{i}/{SHARDS}"] for i in range(SHARDS)]
        left = {i: chance.choice([0, 1, 2]) for i in range(SHARDS)}
        for i in range(SHARDS):
            running[i] = start(place, waiting[i])
        while running:
            i = chance.choice(sorted(running))
            try:
                _, said = running[i].communicate(timeout=chance.uniform(0, self.seconds))
                self.assertEqual(running[i].returncode, 0, said)
                del running[i]
            except subprocess.TimeoutExpired:
                if left[i] == 0:
                    continue
                left[i] -= 1
                kills += 1
                running[i].send_signal(signal.SIGKILL)
                running[i].communicate()
                running[i] = start(place, waiting[i])
        return kills

    def merged_with_kills(self, place, chance):
        kills = 0
        for _ in range(chance.choice([0, 1, 3])):
            merge = start(place, ["merge", "shop"])
            try:
                merge.communicate(timeout=chance.uniform(0, .4))
                return kills
            except subprocess.TimeoutExpired:
                kills += 1
                merge.send_signal(signal.SIGKILL)
                merge.communicate()
        result = run(place, ["merge", "shop"])
        # A merge that was killed as its last act has left nothing to merge.
        self.assertTrue(result.returncode == 0 or "no shard waits" in result.stderr, result.stderr)
        return kills

    def test_whatever_is_killed_the_merged_collection_is_that_of_one_run(self):
        kills = 0
        for history in range(HISTORIES):
            chance = random.Random(history)
            place = self.place(f"history{history}", self.template)
            kills += self.killed_and_begun_again(place, chance)
            kills += self.merged_with_kills(place, chance)
            self.assertEqual(vectors(place), vectors(self.whole), f"history {history}")
            sound, said = doctor(place)
            self.assertTrue(sound, f"history {history}: {said}")
            self.assertFalse((place / "shop/staging").exists(), f"history {history}")
            shutil.rmtree(place)
        print(f"{HISTORIES} histories, {kills} kills")


if __name__ == "__main__":
    unittest.main()
