"""The check of the order of folders finds what it is for."""

import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
CHECK = ROOT / "scripts" / "folders.py"


class Folders(unittest.TestCase):
    def setUp(self):
        self._directory = tempfile.TemporaryDirectory()
        self.addCleanup(self._directory.cleanup)
        self.root = Path(self._directory.name)

    def write(self, name, *includes):
        file = self.root / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text("".join(f'#include "{include}"\n' for include in includes))

    def run_check(self, *arguments):
        result = subprocess.run([sys.executable, CHECK, *arguments], capture_output=True, text=True, check=False)
        return result.returncode, result.stderr

    def assert_refused(self, *words):
        code, errors = self.run_check(self.root)
        self.assertEqual(code, 1)
        for word in words:
            self.assertIn(word, errors)

    def test_this_tree_keeps_its_order(self):
        self.assertEqual(self.run_check(), (0, ""))

    def test_a_folder_includes_what_is_below_it_and_itself(self):
        self.write("core/index/a.cpp", "core/index/a.hpp", "core/common/error.hpp")
        self.write("data/items/b.cpp", "core/index/a.hpp", "data/formats/csv.hpp")
        self.write("cli/main.cpp", "cli/commands/commands.hpp", "data/items/b.hpp", "models/encoder/c.hpp")
        self.assertEqual(self.run_check(self.root), (0, ""))

    def test_a_folder_above_is_refused_by_file_and_line(self):
        self.write("core/common/a.hpp", "core/common/b.hpp", "core/index/c.hpp")
        self.assert_refused("core/common/a.hpp:2", "core/index/c.hpp", "may not include core/index")

    def test_a_folder_on_the_same_level_is_refused(self):
        self.write("cli/matching/a.cpp", "cli/evaluation/b.hpp")
        self.assert_refused("cli/matching/a.cpp:1", "may not include cli/evaluation")

    def test_folders_in_folders_have_an_order_of_their_own(self):
        self.write("cli/serve/service/a.cpp", "cli/serve/http/b.hpp", "cli/output/c.hpp")
        self.assertEqual(self.run_check(self.root), (0, ""))
        self.write("cli/serve/http/b.hpp", "cli/serve/service/a.hpp")
        self.write("cli/serve/d.cpp")
        self.assert_refused("cli/serve/http/b.hpp:1", "may not include cli/serve/service", "cli/serve/d.cpp:1")

    def test_a_room_above_or_beside_is_refused(self):
        self.write("core/common/a.cpp", "data/items/b.hpp")
        self.write("data/items/b.cpp", "models/encoder/c.hpp")
        self.write("models/encoder/c.cpp", "tests/support/temp_dir.hpp")
        self.assert_refused("core/common/a.cpp:1", "data/items/b.cpp:1", "models/encoder/c.cpp:1")

    def test_a_file_without_a_known_folder_is_refused(self):
        self.write("core/a.cpp")
        self.write("core/attic/b.cpp")
        self.assert_refused("core/a.cpp:1", "core/attic/b.cpp:1")


if __name__ == "__main__":
    unittest.main()
