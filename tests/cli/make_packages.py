"""Exports the small random-weight packages that the command-line tests embed with.

Packages of random weights do not record what bf16 costs, so that `--precision auto` is fp32 for them on every processor.

Usage: make_packages.py EXPORTER DIRECTORY
"""
import pathlib
import subprocess
import sys

PACKAGES = {"text": ["bert", "--seed", "1"], "text2": ["bert", "--seed", "2"],
            "image": ["dinov2", "--seed", "3"], "caption": ["llava-onevision", "--seed", "4"]}


def main():
    exporter, directory = sys.argv[1], pathlib.Path(sys.argv[2])
    directory.mkdir(parents=True, exist_ok=True)
    for name, source in PACKAGES.items():
        subprocess.run([sys.executable, exporter, *source, "--random-init", "--force", "--name",
                        name, "--out", directory / name], check=True)


if __name__ == "__main__":
    main()
