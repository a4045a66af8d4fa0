"""Offices frozen by earlier versions, each with what it said then: every later version opens them and gets the same results.

`NAME.tar.xz` holds an office folder with the share of its last week, `NAME.json` beside it what `figures` gave when it was frozen. Where a later rule changes a figure,
`NAME.changes.toml` lists the difference and why.
"""

from __future__ import annotations

import csv
import json
import tarfile
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import redirect_stderr, redirect_stdout
from datetime import datetime
from io import StringIO
from pathlib import Path
from typing import Any

from evalxl.cli.main import main

HERE = Path(__file__).parent
ASKED = datetime(2026, 12, 1, 9)
NAMES = tuple(sorted(path.name.removesuffix(".tar.xz") for path in HERE.glob("*.tar.xz")))

# What an office says of a week or a period. Sentences may be worded better by a later version, so columns of words are left out; so is a column
# that version 0.1 did not have (`waits_for`).
TABLES = ("results", "warnings", "missing", "tasks", "units", "findings", "weeks")
WORDED = {"findings": ("message", "remedy", "found"), "warnings": ("evidence",), "missing": ("waits_for",)}


def unpack(name: str, to: Path) -> Path:
    """The office folder of a frozen office, made in a folder."""
    with tarfile.open(HERE / f"{name}.tar.xz") as package:
        package.extractall(to, filter="data")
    return to / "office"


def frozen(name: str) -> dict[str, Any]:
    """What the office said when it was frozen, with the differences that are listed since."""
    told: dict[str, Any] = json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))
    listed = HERE / f"{name}.changes.toml"
    changes = tomllib.loads(listed.read_text(encoding="utf-8"))["change"] if listed.exists() else []
    for change in changes:
        _apply(told, change)
    return told


def _apply(told: dict[str, Any], change: Mapping[str, Any]) -> None:
    """Put one listed difference into what was said: a row that is another one, is gone, or is new."""
    rows = told[change["of"]][change["table"]]
    if "was" in change:
        rows.remove(change["was"])
    if "is" in change:
        rows.append(change["is"])


def figures(office: Path, to: Path) -> dict[str, Any]:
    """What an office says now: `verify`, and of each week and period its tables and where each person's numbers came from."""
    told: dict[str, Any] = {"verify": _run(office, "verify")[0]}
    for what in _known(office):
        folder = to / what
        assert _run(office, "export", what, "--to", str(folder))[0] == 0, what
        told[what] = {
            table: _rows(folder / f"{table}.csv", table) for table in TABLES if (folder / f"{table}.csv").exists()
        }
        if "-W" in what:
            told[what]["explain"] = list(_explained(office, what, told[what]["results"]))
    return told


def _known(office: Path) -> list[str]:
    """The weeks of the ledger, and the months and quarters that they make."""
    weeks = sorted({path.stem.partition("_")[2] for path in (office / "ledger").glob("*.jsonl")})
    weeks = [week for week in weeks if "-W" in week]
    periods = {"2025": ("2025-06", "2025-Q2"), "2026": ("2026-03", "2026-Q1")}
    return [*weeks, *(period for year in sorted({week[:4] for week in weeks}) for period in periods[year])]


def _explained(office: Path, week: str, results: list[dict[str, str]]) -> Iterator[dict[str, Any]]:
    """Of each person: the total that counts, and the file and cell that each number came from."""
    for row in results:
        code, said = _run(office, "--json", "explain", week, row["code"])
        assert code == 0, said
        told = json.loads(said)
        yield {"code": row["code"], "origins": sorted(_places(told))}


def _places(told: Any) -> Iterator[str]:
    """Every file and cell that an explanation names."""
    if isinstance(told, dict):
        if told.get("cell"):
            yield f"{told.get('file', '')} {told.get('sheet', '')}!{told['cell']}"
        for value in told.values():
            yield from _places(value)
    elif isinstance(told, list):
        for value in told:
            yield from _places(value)


def _rows(path: Path, table: str) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return [
            {name: value for name, value in row.items() if name not in WORDED.get(table, ())}
            for row in csv.DictReader(file)
        ]


def _run(office: Path, *words: str) -> tuple[int, str]:
    """A command of the office at the moment at which all offices were asked: its exit code and what it printed."""
    out = StringIO()
    with redirect_stdout(out), redirect_stderr(StringIO()):
        code = main(["--office", str(office), *words], lambda: ASKED)
    return code, out.getvalue()
