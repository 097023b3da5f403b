"""`pmatch serve` keeps what its /openapi.json promises: Schemathesis makes up requests, good and bad, and checks every
answer. For more of them: serve_schema_test.py EXAMPLES (per address and method)."""
import pathlib
import subprocess
import sys
import unittest

from serve_support import Server, ServeTest

sys.path.insert(1, str(pathlib.Path(__file__).resolve().parents[1] / "support"))
from skipped import no_library  # noqa: E402

EXAMPLES = 12
# Well formed, but not for this collection: made-up conditions, presets and pictures.
CONFIGURATION = """
[checks.positive_data_acceptance]
expected-statuses = ["2xx", "401", "404", "422"]
"""


class Schema(ServeTest):
    def shortened(self, text):
        return "\n".join(line[:400] for line in text.splitlines())[-20_000:]

    def check(self, *arguments):
        self.write("schemathesis.toml", CONFIGURATION)
        with Server(self.shared, "shop", "--deadline", "60") as server:
            done = subprocess.run([sys.executable, "-m", "schemathesis.cli", "run", "--checks", "all", "--seed", "1",
                                   "--max-examples", str(EXAMPLES), "--continue-on-failure", "--no-color", *arguments,
                                   f"http://127.0.0.1:{server.port}/openapi.json"], cwd=self.dir, capture_output=True,
                                  text=True, check=False, timeout=None)
            self.assertEqual(done.returncode, 0, self.shortened(done.stdout) + done.stderr[-2000:])
            self.assertRegex(done.stdout, r"\d+ passed")
            print(*[line for line in done.stdout.splitlines() if "generated" in line or "passed" in line], sep="\n")

    def test_every_answer_to_made_up_requests_is_as_described(self):
        self.check("--phases", "examples,coverage,fuzzing")


if __name__ == "__main__":
    try:
        import schemathesis  # noqa: F401
    except ImportError as missing:
        no_library(missing)
    if len(sys.argv) > 1 and sys.argv[1].isdecimal():
        EXAMPLES = int(sys.argv.pop(1))
    unittest.main()
