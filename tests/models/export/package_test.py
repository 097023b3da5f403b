"""Writing a package, and the command line."""

import json
import subprocess
import sys

from support import SCRIPTS, ExportError, PackageTest, random_model, registry, torch  # isort: skip
from exporter.package import write_package


class WritingTest(PackageTest):
    def test_a_tower_that_differs_from_the_reference_is_not_published(self):
        model = random_model("bert")
        model.text.module.layers[1]["narrow"].bias[5] += 1
        with self.assertRaisesRegex(ExportError, "differs from the reference library: cosine"):
            write_package(model, self.directory / "package")
        self.assertEqual(list(self.directory.iterdir()), [])

    def test_a_package_is_replaced_only_when_told(self):
        package, first = self.export(random_model("dinov2"))
        other = registry.load_random("dinov2", "tiny", 4, "little")
        with self.assertRaisesRegex(ExportError, "exists already"):
            write_package(other, package)
        write_package(other, package, replace=True)
        self.assertNotEqual(json.loads((package / "model.json").read_text())["files"], first["files"])
        self.assertEqual([file.name for file in self.directory.iterdir()], ["package"])

    def test_what_is_no_package_is_never_replaced(self):
        (self.directory / "photos").mkdir()
        with self.assertRaisesRegex(ExportError, "is not a model package"):
            write_package(random_model("dinov2"), self.directory / "photos", replace=True)


class CommandLineTest(PackageTest):
    def run_export(self, *arguments: str) -> subprocess.CompletedProcess:
        command = [sys.executable, str(SCRIPTS / "export_model.py"), *arguments]
        return subprocess.run(command, capture_output=True, text=True, cwd=self.directory, check=False)

    def test_help_needs_no_heavy_import(self):
        result = self.run_export("--help")
        self.assertEqual((result.returncode, result.stderr), (0, ""))
        self.assertIn("--random-init", result.stdout)

    def test_an_unknown_source_says_what_and_how_to_mend_it(self):
        result = self.run_export("no-such-model")
        self.assertEqual((result.returncode, result.stdout), (1, ""))
        self.assertRegex(result.stderr, r"\Aexport_model: error: no-such-model is neither .*\n  fix:  .*--list\n\Z")

    def test_the_path_of_the_package_is_all_that_is_printed(self):
        result = self.run_export("dinov2", "--random-init", "--seed", "7", "--out", "here")
        self.assertEqual((result.returncode, result.stdout, result.stderr), (0, "here\n", ""))
