#!/usr/bin/env python3
"""Makes a model package for pmatch from weights; docs/models.md describes both sides."""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

# Nothing but a hub id may touch the network: set before transformers is imported.
os.environ.setdefault("HF_HUB_OFFLINE", "1")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Make a model package for pmatch.")
    parser.add_argument(
        "source",
        metavar="SOURCE",
        nargs="?",
        help="a default's name (see --list), a checkpoint directory as save_pretrained writes it, or a hub id; "
        "with --random-init a family: bert or dinov2",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="the package directory to make (default: $PMATCH_MODELS/NAME)")
    parser.add_argument("--name", help="the package's name (default: from SOURCE)")
    parser.add_argument("--force", action="store_true", help="replace an existing package")
    parser.add_argument("--list", action="store_true", help="list the defaults and leave")
    parser.add_argument("--random-init", action="store_true", help="seeded random weights instead of trained ones, for tests")
    parser.add_argument("--size", default="tiny", help="size with --random-init: tiny, small or base (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=0, help="seed with --random-init (default: %(default)s)")
    options = parser.parse_args(arguments)
    if not options.list and not options.source:
        parser.error("SOURCE is missing; see --list")
    return options


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    from exporter import registry
    from exporter.errors import ExportError
    from exporter.package import check_target, write_package

    if options.list:
        for name, family in registry.DEFAULTS.items():
            print(f"{name}\t{family.DEFAULTS[name]}")
        return 0
    try:
        if options.out:
            check_target(options.out, options.force)
        if options.random_init:
            model = registry.load_random(options.source, options.size, options.seed, options.name)
        else:
            model = registry.load(options.source, options.name)
        for note in model.notes:
            print(f"export_model: note: {note}", file=sys.stderr)
        target = options.out or default_directory() / model.name
        write_package(model, target, options.force)
    except ExportError as error:
        print(f"export_model: error: {error.what}\n  fix:  {error.fix}", file=sys.stderr)
        return 1
    print(target)
    return 0


def default_directory() -> Path:
    return Path(os.environ.get("PMATCH_MODELS") or Path.home() / ".cache/pmatch/models")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
