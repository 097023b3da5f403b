"""scripts/setup.sh and a torch that somebody replaced. No network: apt, dpkg and the python of .venv are stand-ins."""
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PYTHON = """#!/bin/sh
# pip is written down, and installs what it is asked for; everything else is Python's own.
if [ "$1 $2" = "-m pip" ]; then
    echo "$@" >>"{root}/pip.log"
    case "$*" in *torch==*+cpu*) printf "__version__ = '2.13.0+cpu'\\ncuda = None\\n" >"{root}/site/torch/version.py" ;; esac
    exit 0
fi
PYTHONPATH="{root}/site" exec /usr/bin/python3 "$@"
"""


class SetupTorch(unittest.TestCase):
    def setUp(self):
        self.root = pathlib.Path(tempfile.mkdtemp(prefix="pmatch-setup-"))
        self.addCleanup(shutil.rmtree, self.root)
        (self.root / "scripts").mkdir()
        for name in ("setup.sh", "lib.sh"):
            shutil.copy(ROOT / "scripts" / name, self.root / "scripts")
        (self.root / "requirements.txt").touch()
        (self.root / "site" / "torch").mkdir(parents=True)
        (self.root / "site" / "torch" / "__init__.py").touch()
        (self.root / "site" / "torch-1.dist-info").mkdir()
        (self.root / "site" / "torch-1.dist-info" / "METADATA").write_text("Name: torch\nVersion: 1\n")
        self.script(".venv/bin/python", PYTHON.replace("{root}", str(self.root)))
        self.script("bin/dpkg-query", "#!/bin/sh\necho installed\n")
        self.script("bin/apt-get", "#!/bin/sh\nexit 1\n")
        self.version = self.root / "site" / "torch" / "version.py"
        self.stamp = self.root / ".venv" / ".pmatch-torch"

    def script(self, name, text):
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        path.chmod(0o755)

    def setup(self):
        """What it said, and what it had pip install."""
        (self.root / "pip.log").write_text("")
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"
        done = subprocess.run(["bash", self.root / "scripts/setup.sh", "--no-models"], capture_output=True, text=True,
                              env=os.environ | {"PATH": path}, timeout=60)
        if "pmatch is set up on" in done.stderr:
            self.skipTest("this is no system that setup.sh is for")
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        asked = [line for line in (self.root / "pip.log").read_text().splitlines() if "torch==" in line]
        return done.stdout, asked

    def test_the_torch_that_is_wanted_stays(self):
        self.version.write_text("__version__ = '2.13.0+cpu'\ncuda = None\n")
        self.stamp.write_text("2.13.0 cpu\n")
        said, asked = self.setup()
        self.assertEqual(asked, [])
        self.assertIn("torch 2.13.0 (cpu): there", said)

    def test_another_version_is_replaced_whatever_the_stamp_says(self):
        self.version.write_text("__version__ = '2.14.1'\ncuda = '13.0'\n")
        self.stamp.write_text("2.13.0 cpu\n")
        said, asked = self.setup()
        self.assertEqual(len(asked), 1)
        self.assertIn("torch in .venv is 2.14.1 cuda; pmatch is built with 2.13.0 cpu", said)
        self.assertEqual(self.setup()[1], [])

    def test_a_build_with_cuda_in_the_place_of_the_one_without_is_replaced(self):
        self.version.write_text("__version__ = '2.13.0+cu130'\ncuda = '13.0'\n")
        self.stamp.write_text("2.13.0 cpu\n")
        self.assertEqual(len(self.setup()[1]), 1)

    def test_an_installation_that_was_interrupted_is_made_again(self):
        self.version.write_text("__version__ = '2.13.0+cpu'\ncuda = None\n")
        self.assertEqual(len(self.setup()[1]), 1)

    def test_no_torch_at_all_is_installed(self):
        shutil.rmtree(self.root / "site" / "torch")
        (self.root / "site" / "torch").mkdir()
        self.assertEqual(len(self.setup()[1]), 1)


if __name__ == "__main__":
    unittest.main()
