"""A disk that fails: every file operation of a small run in turn, by a library that is preloaded."""
import itertools
import os
import shutil
import unittest

from common import LONG, STEPS, TortureTest, content, difference, good, in_parallel, make_shop, must, not_mended, run

# Whose failure costs nothing: the file is removed by the next writer.
HARMLESS = {"unlink"}
SAMPLES = 7  # operations of a step that the short form breaks, with each fault in turn


class Disk(TortureTest):
    """Each failing operation: exit 1, a file's name, a sound collection, and the same bytes from the next run."""

    def operations(self, directory, step, reads):
        """What a step does to the collection's files, in order."""
        log = directory / "operations"
        settings = {"SHIM_LOG": str(log)} | ({"SHIM_READS": "1"} if reads else {})
        result = run(directory, STEPS[step], settings)
        self.assertTrue(good(result), result.stderr)
        lines = [line.split(" ", 2) for line in log.read_text().splitlines()]
        log.unlink()
        return [(int(number), operation) for number, operation, _ in lines]

    def broken(self, task):
        """What was not as it should be, or None."""
        step, number, operation, fault, reads, template, wanted = task
        directory = self.place(f"w{next(self.names):05}", template)
        try:
            settings = {"SHIM_AT": str(number), "SHIM_FAULT": fault} | ({"SHIM_READS": "1"} if reads else {})
            result = run(directory, STEPS[step], settings)
            what = f"{step}: {fault} at {operation} {number}: exit {result.returncode}: {result.stderr}"
            if good(result):
                # HDF5 tries a name before it makes the file: what succeeds all the same must be whole at once.
                if operation not in HARMLESS and difference(content(directory / "shop"), wanted):
                    return f"it went on: {what}"
            elif result.returncode != 1 or "file: " not in result.stderr or "fix: " not in result.stderr:
                return what
            elif str(directory / "shop") not in result.stderr and "shop" not in result.stderr:
                return f"it names another file: {what}"
            problem = not_mended(directory, step, wanted)
            return f"{problem} after {what}" if problem else None
        finally:
            shutil.rmtree(directory, ignore_errors=True)

    def torture(self, steps, faults, reads=False):
        self.names = itertools.count()
        template = self.dir / "template"
        template.mkdir()
        make_shop(template)
        tasks = []
        for place, step in enumerate(STEPS):
            whole = self.place(f"whole{place}", template)
            if step in steps:
                operations = self.operations(whole, step, reads)
                tasks += self.chosen(step, operations, faults, reads, template, whole)
            else:
                must(whole, STEPS[step])
            template = whole
            tasks = [task if task[-1] is not None else (*task[:-1], content(template / "shop")) for task in tasks]
            if step == steps[-1]:
                break
        failures = [failure for failure in in_parallel(self.broken, tasks) if failure]
        print(f"{len(tasks)} runs with a failing operation: {len(failures)} not as promised")
        self.assertEqual(failures, [], "\n".join(failures[:5]))

    def chosen(self, step, operations, faults, reads, template, whole):
        if not LONG:
            stride = max(1, len(operations) // SAMPLES)
            pairs = [(operation, faults[i % len(faults)])
                     for i, operation in enumerate(operations[::stride])]
        else:
            pairs = [(operation, fault) for operation in operations for fault in faults]
        return [(step, number, operation, fault, reads, template, None) for (number, operation), fault in pairs]

    def test_every_write_that_fails_leaves_a_sound_collection(self):
        self.torture(list(STEPS), ["ENOSPC", "EIO", "EDQUOT", "SHORT"])

    def test_every_read_that_fails_is_told_apart_from_damage(self):
        self.torture(["ingest", "embed", "build-index", "bm25"], ["EIO", "EMFILE"], reads=True)


if __name__ == "__main__":
    unittest.main()
