"""The organisation as the ledger stores it, so that a week can be explained years later by the organisation of its issue."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import MISSING, fields
from datetime import date
from typing import Any

from evalxl.domain.organisation.people import (
    Absence,
    Authority,
    CatalogueTask,
    DayOff,
    Delegation,
    Organisation,
    Position,
    Post,
    Unit,
)

_ROWS = {
    "units": Unit,
    "posts": Post,
    "positions": Position,
    "tasks": CatalogueTask,
    "absences": Absence,
    "delegations": Delegation,
    "days_off": DayOff,
    "authorities": Authority,
}


def canonical(organisation: Organisation) -> dict[str, Any]:
    """The organisation as the ledger stores it: rows of texts and numbers, without default values."""
    return {
        name: rows
        for name in _ROWS
        if (rows := [_record(row) for row in getattr(organisation, name)]) or name in ("units", "posts")
    }


def from_canonical(record: Mapping[str, Any]) -> Organisation:
    """The organisation from the form that `canonical` gives."""
    return Organisation(
        **{name: tuple(_from_record(kind, row) for row in record.get(name, ())) for name, kind in _ROWS.items()}
    )


def digest(organisation: Organisation) -> str:
    """The SHA-256 of the organisation's canonical JSON. It is equal for equal organisations, however their workbooks look."""
    text = json.dumps(canonical(organisation), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _record(row: Any) -> dict[str, Any]:
    values = {entry.name: getattr(row, entry.name) for entry in fields(row)}
    defaults = {entry.name: entry.default for entry in fields(row) if entry.default is not MISSING}
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in values.items()
        if name not in defaults or value != defaults[name]
    }


def _from_record(kind: Any, record: Mapping[str, Any]) -> Any:
    days = {entry.name for entry in fields(kind) if entry.type in (date, "date")}
    return kind(**{name: date.fromisoformat(value) if name in days else value for name, value in record.items()})
