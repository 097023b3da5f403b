"""How a check ends that cannot be made. ctest takes exit code 77 for a skip.

Public data may be absent anywhere. A reference library may be absent where people work, but not where CI looks:
scripts/setup.sh installs them all, and a check that is skipped there would be green for ever without a reference.
"""
import os
import sys

SKIPPED = 77


def in_ci():
    return os.environ.get("CI", "").lower() not in ("", "0", "false", "no")


def no_library(missing):
    """Ends the check; `missing` is the ImportError or the library's name."""
    if in_ci():
        sys.exit(f"failed: {missing}; CI is set, and there every check has its reference\n  fix: scripts/setup.sh --dev")
    print(f"skipped: {missing}; run scripts/setup.sh --dev", flush=True)
    sys.exit(SKIPPED)


def no_data(missing):
    """Ends the check; `missing` says which data and where it was looked for."""
    print(f"skipped: {missing}; $PMATCH_DATA names the directory of the public data", flush=True)
    sys.exit(SKIPPED)
