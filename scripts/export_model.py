#!/usr/bin/env python3
"""Exports weights as a model package for pmatch; see docs/models.md."""

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
        help="a default's name (see --list), a checkpoint directory as save_pretrained writes it, a torchvision-style "
        "ResNet state dict, or a hub id; with --random-init a family",
    )
    parser.add_argument("--out", metavar="DIR", type=Path, help="the package directory to make (default: $PMATCH_MODELS/NAME)")
    parser.add_argument("--name", help="the package's name (default: from SOURCE)")
    parser.add_argument("--force", action="store_true", help="replace an existing package")
    parser.add_argument("--list", action="store_true", help="list what is known, with pooling and preprocessing, and leave")
    parser.add_argument("--wrap", metavar="SETTINGS.json", type=Path, help="pack one's own TorchScript files instead of SOURCE")
    add_vector_options(parser.add_argument_group("vectors (default: as the checkpoint says)"))
    group = parser.add_argument_group("random weights, for tests")
    group.add_argument("--random-init", action="store_true", help="seeded random weights instead of trained ones")
    group.add_argument("--config", default="tiny", help="tiny, small, base, … or a config.json (default: %(default)s)")
    group.add_argument("--seed", type=int, default=0, help="seed with --random-init (default: %(default)s)")
    options = parser.parse_args(arguments)
    if not options.list and bool(options.source) == bool(options.wrap):
        parser.error("give either SOURCE or --wrap; see --list" if options.source else "SOURCE is missing; see --list")
    if options.size is not None and options.size < 1:
        parser.error(f"--size is {options.size}, expected pixels")
    return options


def add_vector_options(group: argparse._ArgumentGroup) -> None:
    group.add_argument("--pool", metavar="HOW", help="cls, mean or cls+mean of a vision transformer; mean, cls or max of a text")
    group.add_argument("--size", metavar="PIXELS", type=int, help="height and width of what the network sees")
    group.add_argument("--preprocess", metavar="PRESET", help="a preset, or several with a comma; docs/models.md lists them")
    group.add_argument("--l2", dest="normalize", action=argparse.BooleanOptionalAction, help="vectors of unit length")
    group.add_argument("--query-prefix", metavar="TEXT", help="put before every query")
    group.add_argument("--document-prefix", metavar="TEXT", help="put before every document")
    group.add_argument("--max-tokens", metavar="N", type=int, help="longest text, special tokens included")
    group.add_argument("--head", metavar="FILE.pt", type=Path, help="state dict of a linear head, with or without its DINOv2")


def main(arguments: list[str]) -> int:
    options = parse(arguments)
    from exporter import registry, rounding, wrap
    from exporter.errors import ExportError
    from exporter.options import FLAGS, Options
    from exporter.package import check_target, write_package

    if options.list:
        for row in registry.table():
            print("\t".join(row))
        return 0
    asked = Options(**{field: getattr(options, field) for field in FLAGS})
    try:
        if options.out:
            check_target(options.out, options.force)
        if options.wrap:
            asked.check("--wrap", ())
            model = wrap.load(options.wrap, options.name)
        elif options.random_init:
            model = registry.load_random(options.source, options.config, options.seed, options.name, asked)
        else:
            model = registry.load(options.source, options.name, asked)
            # Random weights say nothing of trained ones, and nobody compares answers by them.
            model.losses = rounding.losses(model)
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
