import os
import subprocess
import unittest

from support import BINARY, ROOT, CliTest, verbs

VERBS = [verb for verb in verbs() if verb != "model"]  # which has verbs of its own
MODEL_VERBS = verbs("model")


class CommandLine(CliTest):
    def test_help_lists_every_verb(self):
        files = (ROOT / "cli" / "commands").glob("command_*.cpp")
        self.assertEqual(sorted(verbs()), sorted(f.stem.removeprefix("command_").replace("_", "-") for f in files))
        self.assertEqual(MODEL_VERBS, ["inspect", "verify"])

    def test_every_verb_has_help_with_an_example(self):
        for verb in VERBS:
            text = self.pmatch(verb, "--help").stdout
            self.assertIn("Example", text)
            self.assertIn(f"pmatch {verb}", text)

    def test_the_verbs_about_models_have_help_with_an_example(self):
        for verb in MODEL_VERBS:
            text = self.pmatch("model", verb, "--help").stdout
            self.assertIn("Example", text)
            self.assertIn(f"pmatch model {verb}", text)
        self.fails("model", code=2)
        self.fails("model", "verfy", "x", code=2)

    def test_threads_of_openmp_sleep_soon_when_they_wait_unless_the_user_says_otherwise(self):
        for given, spins in [({}, "'1000'"), ({"GOMP_SPINCOUNT": "77"}, "'77'"),
                             ({"OMP_WAIT_POLICY": "active"}, "'30000000000'")]:
            clean = {name: value for name, value in os.environ.items()
                     if name not in ("GOMP_SPINCOUNT", "OMP_WAIT_POLICY")}
            said = subprocess.run([BINARY, "--version"], env=clean | given | {"OMP_DISPLAY_ENV": "verbose"},
                                  capture_output=True, text=True, check=True).stderr
            self.assertIn(f"GOMP_SPINCOUNT = {spins}", said)

    def test_version_is_one_line_on_stdout(self):
        self.assertRegex(self.pmatch("--version").stdout, r"^pmatch \d+\.\d+\.\d+\n$")

    def test_a_mistyped_verb_is_named(self):
        self.fails("quary", "shop", code=2, says=["unknown command 'quary'; did you mean 'query'?", "pmatch --help"])
        self.assertNotIn("did you mean", self.fails("polish", "shop", code=2, says=["unknown command"]).stderr)

    def test_no_verb_is_a_usage_error(self):
        self.fails(code=2)

    def test_an_unknown_flag_is_a_usage_error_and_writes_nothing(self):
        self.text_catalog()
        self.fails("ingest", "shop", "catalog.csv", "--colour", code=2, says=["--colour"])
        self.assertFalse((self.dir / "shop").exists())

    def test_a_mistyped_flag_is_named_though_the_right_one_is_missing(self):
        self.fails("embed", "shop", "--modle", "x", code=2, says=["unknown option '--modle'; did you mean '--model'?"])
        self.fails("presets", "show", "hybird", code=2, says=["no preset 'hybird'; did you mean 'hybrid'?"])

    def test_a_value_that_is_not_allowed_names_those_that_are(self):
        self.fails("query", "shop", "--text", "x", "--format", "xml", code=2, says=["table", "trec"])

    def test_a_directory_that_is_no_collection_says_how_to_make_one(self):
        (self.dir / "shop").mkdir()
        for verb in ["status", "ledger"]:
            self.fails(verb, "shop", says=["pmatch ingest", "shop"])
        self.fails("query", "nowhere", "--text", "x", says=["nowhere", "pmatch ingest"])


if __name__ == "__main__":
    unittest.main()
