#!/usr/bin/env python3
"""Writes a Parquet file or a sheet of an Excel workbook as CSV for `pmatch ingest`; see docs/catalog.md."""

from __future__ import annotations

import argparse
import csv
import datetime
import json
import os
import sys
from collections.abc import Iterator
from pathlib import Path


def parse(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Write a Parquet file or an Excel workbook as CSV.")
    parser.add_argument("source", metavar="SOURCE", type=Path, help=".parquet or .xlsx")
    parser.add_argument("target", metavar="TARGET", type=Path, help="the CSV to write")
    parser.add_argument("--sheet", help="sheet of the workbook (default: the first one)")
    return parser.parse_args(arguments)


def library(name: str):
    try:
        return __import__(name, fromlist=["_"])
    except ImportError:
        package = name.split(".")[0]
        sys.exit(f"convert_catalog: {package} is not there: install it with `pip install {package}`")


def text_of(value) -> str:
    """As one would write the value: no .0 behind whole numbers, lists as pmatch reads pictures."""
    if value is None or (isinstance(value, float) and value != value):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, (datetime.datetime, datetime.date)):
        is_day = isinstance(value, datetime.datetime) and value.time() == datetime.time()
        return (value.date() if is_day else value).isoformat()
    if isinstance(value, list):
        plain = all(isinstance(part, str) for part in value)
        return "|".join(value) if plain else json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return str(value)


def parquet_rows(source: Path) -> Iterator[list[str]]:
    file = library("pyarrow.parquet").ParquetFile(source)
    names = file.schema_arrow.names
    yield names
    for batch in file.iter_batches():
        columns = [column.to_pylist() for column in batch.columns]
        for cells in zip(*columns):
            yield [text_of(cell) for cell in cells]


def sheet_cell(cell) -> str:
    """Numbers that are shown with zeros in front (format 00000) are codes: the zeros belong to them."""
    text = text_of(cell.value)
    shown = getattr(cell, "number_format", None) or ""
    return text.zfill(len(shown)) if text.isdigit() and shown and set(shown) == {"0"} else text


def sheet_rows(source: Path, sheet: str | None) -> Iterator[list[str]]:
    book = library("openpyxl").load_workbook(source, read_only=True, data_only=True)
    if sheet is not None and sheet not in book.sheetnames:
        sys.exit(f"convert_catalog: {source} has no sheet '{sheet}'; there are {', '.join(book.sheetnames)}")
    for row in book[sheet or book.sheetnames[0]].iter_rows():
        yield [sheet_cell(cell) for cell in row]


def rows_of(options: argparse.Namespace) -> Iterator[list[str]]:
    extension = options.source.suffix.lower()
    if extension == ".parquet":
        return parquet_rows(options.source)
    if extension in (".xlsx", ".xlsm"):
        return sheet_rows(options.source, options.sheet)
    sys.exit(f"convert_catalog: {options.source} is neither .parquet nor .xlsx")


def main(arguments: list[str]) -> None:
    options = parse(arguments)
    if not options.source.is_file():
        sys.exit(f"convert_catalog: {options.source} is not there")
    temporary = options.target.with_name(options.target.name + ".part")
    written = 0
    try:
        with temporary.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            for row in rows_of(options):
                writer.writerow(row)
                written += 1
        os.replace(temporary, options.target)
    finally:
        temporary.unlink(missing_ok=True)
    print(f"{options.target}: {max(written - 1, 0)} rows", file=sys.stderr)


if __name__ == "__main__":
    main(sys.argv[1:])
