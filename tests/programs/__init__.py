"""The programs beside LibreOffice that people save workbooks with: Gnumeric, SheetJS, ExcelJS and openpyxl.

    python -m tests.programs        fetches the two packages that Node runs, into the environment of this Python

SheetJS and ExcelJS stand for the web services and portals that hand a workbook on. Each is one file of its package; only that file is kept.
"""

from __future__ import annotations

import base64
import contextlib
import hashlib
import io
import json
import shutil
import subprocess
import sys
import tarfile
import tempfile
import warnings
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import openpyxl

from tests.people import cells

_CLIENT = Path(__file__).with_name("client.js")
# A value typed into a cell: sheet, address, value.
Typing = Iterable[tuple[str, str, Any]]


@dataclass(frozen=True)
class Package:
    """One version of a package of Node: its name, the hash of what the registry hands out, and the file that is used of it."""

    name: str
    version: str
    sha512: str
    file: str

    @property
    def path(self) -> Path:
        return Path(sys.prefix) / "evalxl-node" / f"{self.name}-{self.version}.js"


SHEETJS = Package(
    "xlsx",
    "0.18.5",
    "dmg3LCjBPHZnQp5/F/+nnTa+miPJxUXB6vtk42YjBBKayDNagxGEeIdWApkYPOf3Z3pm3k62Knjzp7lMeTEtFQ==",
    "dist/xlsx.full.min.js",
)
EXCELJS = Package(
    "exceljs",
    "4.4.0",
    "XctvKaEMaj1Ii9oDOqbW/6e1gXknSY4g/aLCDicOXqBE4M0nRWkUu0PTp++UPNzoFY12BNHMfs/VadKIS6llvg==",
    "dist/exceljs.min.js",
)


class ProgramError(Exception):
    """A program could not do what it was asked."""


def fetch() -> None:
    """Fetch what Node runs, by npm; what is there is left alone.

    Raises:
        ProgramError: npm is not there or does not get it, or it is not what was pinned.
    """
    for package in (SHEETJS, EXCELJS):
        if package.path.exists():
            continue
        npm = shutil.which("npm")
        if npm is None:
            raise ProgramError("npm is not installed")
        with tempfile.TemporaryDirectory() as folder:
            asked = [npm, "pack", "--silent", "--pack-destination", folder, f"{package.name}@{package.version}"]
            done = subprocess.run(asked, capture_output=True, text=True, check=False, cwd=folder)
            if done.returncode:
                raise ProgramError(f"npm did not get {package.name} {package.version}: {done.stderr[-500:]}")
            data = next(Path(folder).glob("*.tgz")).read_bytes()
        if base64.b64encode(hashlib.sha512(data).digest()).decode() != package.sha512:
            raise ProgramError(f"{package.name} {package.version} is not what was pinned")
        with tarfile.open(fileobj=io.BytesIO(data)) as archive:
            file = archive.extractfile(f"package/{package.file}")
            assert file is not None
            package.path.parent.mkdir(parents=True, exist_ok=True)
            package.path.write_bytes(file.read())


@cache
def missing_gnumeric() -> str:
    """Why Gnumeric cannot be used here; empty where it can."""
    return "" if shutil.which("ssconvert") else "Gnumeric (ssconvert) is not installed"


@cache
def missing_node() -> str:
    """Why SheetJS and ExcelJS cannot be used here; empty where they can."""
    if shutil.which("node") is None:
        return "Node (node) is not installed"
    if not all(package.path.exists() for package in (SHEETJS, EXCELJS)):
        return "SheetJS and ExcelJS are not here (python -m tests.programs)"
    return ""


def save_by_gnumeric(path: Path, to: Path) -> None:
    """Gnumeric opens a workbook and saves it as xlsx."""
    done = subprocess.run(
        ["ssconvert", "-T", "Gnumeric_Excel:xlsx2", str(path), str(to)], capture_output=True, text=True, check=False
    )
    if done.returncode or not to.exists():
        raise ProgramError(f"Gnumeric did not save: {done.stderr[-500:]}")


def save_by_openpyxl(path: Path, to: Path, values: Mapping[str, Any] | None = None) -> None:
    """openpyxl loads a workbook, types values by name, and saves it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(path)
        for name, value in (values or {}).items():
            column = value if isinstance(value, list) else [value]
            for cell, one in zip(cells(book, name), column, strict=False):
                if one is not None:
                    cell.value = _plain(one)
        book.save(to)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else value


class Node:
    """A running Node with SheetJS and ExcelJS in it."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            ["node", str(_CLIENT), str(SHEETJS.path), str(EXCELJS.path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            encoding="utf-8",
        )

    def save(self, program: str, path: Path, to: Path, typing: Typing = ()) -> None:
        """A program (`sheetjs`, `sheetjs_plain` without options, `exceljs`) loads a workbook, types values, and saves it.

        Raises:
            ProgramError: it failed.
        """
        asked = {
            "program": program,
            "from": str(path),
            "to": str(to),
            "typing": [[s, c, _sent(v)] for s, c, v in typing],
        }
        assert self._process.stdin is not None and self._process.stdout is not None
        self._process.stdin.write(json.dumps(asked) + "\n")
        self._process.stdin.flush()
        said = json.loads(self._process.stdout.readline() or '"Node ended"')
        if said != "done":
            raise ProgramError(f"{program}: {said}")

    def close(self) -> None:
        assert self._process.stdin is not None
        with contextlib.suppress(OSError):
            self._process.stdin.close()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(10)


def _sent(value: Any) -> Any:
    if isinstance(value, Decimal):
        return float(value)
    return {"date": value.isoformat()} if isinstance(value, date) else value
