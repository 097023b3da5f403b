#!/usr/bin/env python3
"""The long form of tests/torture/shards_test.py, against build/test: shards.py [TEST…]"""
import os
import pathlib
import runpy
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
os.environ["PMATCH_TORTURE_LONG"] = "1"
sys.path.insert(0, str(ROOT / "tests/torture"))
runpy.run_path(str(ROOT / "tests/torture/shards_test.py"), run_name="__main__")
