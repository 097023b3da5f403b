"""Trains the model of the preset `matcher` on Abt-Buy, Walmart-Amazon and wdc-b, both directions, and writes it into
presets/matcher.jsonc. The first run embeds and indexes into DIRECTORY; features come from `pmatch match --features`.

Usage: .venv/bin/python scripts/train_matcher.py DIRECTORY [--package packages/minilm-l6]
"""
import argparse
import json
import pathlib
import re

from matcher_sets import ROOT, directions
from matcher_training import figures, train


def write(model, path):
    """Replaces the features of the preset, one a line."""
    parts = model.json()
    text = path.read_text()
    for name, features in parts.items():
        lines = ",\n".join("      " + json.dumps(one) for one in features)
        text, count = re.subn(rf'"{name}": \[.*?\]', lambda _: f'"{name}": [\n{lines}\n    ]', text, flags=re.S)
        assert count == 1, name
    path.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("directory", type=pathlib.Path)
    parser.add_argument("--package", type=pathlib.Path, default=ROOT / "packages" / "minilm-l6")
    options = parser.parse_args()
    every = directions(options.directory, options.package)
    model = train([one.pool for one in every])
    write(model, ROOT / "presets" / "matcher.jsonc")
    for one in every:
        alone, batch = figures(model, one.pool)
        print(f"{str(one):22} its own training data: recall@1 {alone[one.scored].mean():.3f}, "
              f"whole file {batch[one.scored].mean():.3f}; candidates hold {one.reached:.4f}")


if __name__ == "__main__":
    main()
