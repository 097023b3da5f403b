#!/usr/bin/env python3
"""The exporter's packages, compared with transformers, sentence-transformers, tokenizers and Pillow.

Runs export/*_test.py in one process, because loading the libraries takes longer than most of the tests.
"""

import sys
import unittest
from pathlib import Path

if __name__ == "__main__":
    folder = Path(__file__).resolve().parent / "export"
    sys.path.insert(0, str(folder))
    import support  # noqa: F401  skips where the libraries are absent

    tests = unittest.defaultTestLoader.discover(str(folder), pattern=sys.argv[1] if len(sys.argv) > 1 else "*_test.py")
    sys.exit(not unittest.TextTestRunner(warnings="ignore").run(tests).wasSuccessful())
