"""The `datapackage.json` of an export (Frictionless Data Package): what each table looks like, what is in it, and where it comes from.

A receiver can check from it alone that no table was altered or mixed up, that every value is within its rules, and which state of which office's
ledger it was exported from.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evalxl import __version__
from evalxl.domain.tables import ColumnType, TableColumn, TableSchema
from evalxl.steps.reports.csv_escaping import PATTERN, RULE
from evalxl.steps.reports.table_files import MEDIA_TYPES, Format

FILE = "datapackage.json"
FORMAT = 1  # of what evalxl adds to the package; a reader refuses a later one
_TYPES: Mapping[ColumnType, str] = {
    "text": "string",
    "points": "number",
    "number": "number",
    "count": "integer",
    "date": "date",
    "yes_no": "boolean",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an export comes from.

    Attributes:
        what: The week or period.
        rulebooks: The stamp and the whole text of each rule book behind it, the latest last.
        heads: Number of the last event and head of each ledger file, the oldest first.
    """

    what: str
    office: str
    office_id: str
    rulebooks: Sequence[tuple[str, bytes]]
    heads: Sequence[tuple[int, str]]
    anonymous: bool


def package(
    origin: Origin,
    kind: Format,
    schemas: Iterable[TableSchema],
    files: Mapping[str, Path],
    digests: Mapping[str, tuple[str, int]],
) -> bytes:
    """The file's bytes.

    Args:
        files: The file of each table; of one database or workbook the same for all.
        digests: SHA-256 and size of each table's file.
    """
    told: dict[str, Any] = {
        "name": f"evalxl-{origin.what.lower()}",
        "profile": "tabular-data-package",
        **({"description": RULE, "evalxl:undo": PATTERN} if kind == "csv" else {}),
        "evalxl:units": "A code `unit:X` is the unit X itself, which reports as a unit; no staff code has a colon.",
        "evalxl:format": FORMAT,
        "evalxl:version": __version__,
        "evalxl:what": origin.what,
        "evalxl:anonymous": origin.anonymous,
        "evalxl:office": {"id": origin.office_id, "name": origin.office},
        "evalxl:rulebooks": [
            {"stamp": stamp, "toml": base64.b64encode(text).decode()} for stamp, text in origin.rulebooks
        ],
        "evalxl:ledger": [[seq, head] for seq, head in origin.heads],
        "resources": [
            {
                "name": schema.name,
                "path": files[schema.name].name,
                "profile": "tabular-data-resource",
                "format": kind,
                "mediatype": MEDIA_TYPES[kind],
                **_dialect(kind, schema.name),
                "hash": f"sha256:{digests[schema.name][0]}",
                "bytes": digests[schema.name][1],
                "schema": _schema(schema),
            }
            for schema in schemas
        ],
    }
    return json.dumps(told, ensure_ascii=False, indent=1).encode()


def _dialect(kind: Format, table: str) -> Mapping[str, Any]:
    """How the table is found in its file."""
    if kind == "csv":
        return {"encoding": "utf-8-sig"}
    if kind == "sqlite":
        return {"dialect": {"sql": {"table": table}}}
    return {"dialect": {"excel": {"sheet": table}}} if kind == "xlsx" else {}


def _schema(schema: TableSchema) -> dict[str, Any]:
    told: dict[str, Any] = {"fields": [_field(column) for column in schema.columns], "missingValues": [""]}
    if schema.key:
        told["primaryKey"] = list(schema.key)
    if schema.belongs_to:
        link = ["week", "code"]
        told["foreignKeys"] = [{"fields": link, "reference": {"resource": schema.belongs_to, "fields": link}}]
    return told


def _field(column: TableColumn) -> dict[str, Any]:
    told: dict[str, Any] = {"name": column.name, "type": _TYPES[column.type]}
    bounds: dict[str, Any] = {}
    if column.required:
        bounds["required"] = True
    for name, bound in (("minimum", column.minimum), ("maximum", column.maximum)):
        if bound is not None:
            bounds[name] = int(bound) if bound == int(bound) else float(bound)
    if column.words:
        bounds["enum"] = list(column.words)
    if column.pattern:
        bounds["pattern"] = f"^{column.pattern}$"
    return {**told, "constraints": bounds} if bounds else told


def files_of_earlier(folder: Path, kept: Iterable[Path]) -> list[Path]:
    """The files of an earlier export in a folder that this one does not have: they would be taken for its own.

    Only what the earlier `datapackage.json` names, and only in this folder.
    """
    try:
        told = json.loads((folder / FILE).read_bytes())
        if not str(told["name"]).startswith("evalxl-"):
            return []
        names = {str(resource["path"]) for resource in told["resources"]}
    except (OSError, ValueError, KeyError, TypeError):
        return []
    plain = {name for name in names if Path(name).name == name and Path(name).suffix in _SUFFIXES}
    return sorted(folder / name for name in plain - {path.name for path in kept})


_SUFFIXES = {".csv", ".parquet", ".sqlite", ".xlsx"}
