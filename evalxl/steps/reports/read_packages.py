"""Reads the `datapackage.json` of exports as they came from offices, and checks that the tables beside it are those that it names.

An export is checked as a file that somebody sent: nothing in it is trusted, and what is wrong with it is one sentence and no exception.
"""

from __future__ import annotations

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from evalxl.domain.errors import EvalxlError
from evalxl.domain.periods.gathered import LeftOut
from evalxl.domain.rulebook import RuleBook, read_rulebook
from evalxl.domain.weeks import Period, Week, parse_week_or_period
from evalxl.steps.reports.datapackage import FILE, FORMAT

_MOST = 64 << 20  # bytes of a datapackage.json


class _Told(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Office(_Told):
    id: Annotated[str, Field(pattern=r"^[0-9a-f]{16}$")]
    name: str = ""


class _Rules(_Told):
    stamp: str
    toml: str


class _Resource(_Told):
    name: str
    path: Annotated[str, Field(pattern=r"^[^/\\:]+$")]
    format: str
    hash: Annotated[str, Field(pattern=r"^sha256:[0-9a-f]{64}$")]


class _Package(_Told):
    format: Annotated[int, Field(alias="evalxl:format")]
    version: Annotated[str, Field(alias="evalxl:version")]
    what: Annotated[str, Field(alias="evalxl:what")]
    office: Annotated[_Office, Field(alias="evalxl:office")]
    rulebooks: Annotated[tuple[_Rules, ...], Field(alias="evalxl:rulebooks", min_length=1)]
    ledger: Annotated[tuple[tuple[int, str], ...], Field(alias="evalxl:ledger", min_length=1)]
    resources: tuple[_Resource, ...]


@dataclass(frozen=True, slots=True)
class Package:
    """An export whose tables are those that it names.

    Attributes:
        folder: As the gatherer calls the office.
        chain: The head of the office's ledger by the number of its last event, after each of its files.
        tables: The file of each table.
    """

    folder: str
    what: Week | Period
    office_id: str
    name: str
    version: str
    stamp: str
    rules: RuleBook
    chain: Mapping[int, str]
    tables: Mapping[str, Path]

    @property
    def seq(self) -> int:
        return max(self.chain)

    @property
    def head(self) -> str:
        return self.chain[self.seq]


def read_package(place: Path, office: str, rulebooks: dict[str, RuleBook]) -> Package | LeftOut:
    """The export in a folder.

    Args:
        office: As the gatherer calls the office.
        rulebooks: Those that were read already, by stamp; more are added.
    """
    try:
        if (place / FILE).stat().st_size > _MOST:
            return LeftOut(office, "gather.unreadable")
        data = json.loads((place / FILE).read_bytes())
        if isinstance(data, dict) and isinstance(data.get("evalxl:format"), int) and data["evalxl:format"] > FORMAT:
            return LeftOut(office, "gather.later_program", {"other": str(data.get("evalxl:version", ""))})
        told = _Package.model_validate(data)
        what = parse_week_or_period(told.what)
    except (OSError, ValueError, RecursionError, EvalxlError, ValidationError):
        return LeftOut(office, "gather.unreadable")
    values = {"what": told.what, "name": told.office.name}
    if any(resource.format != "parquet" for resource in told.resources):
        return LeftOut(office, "gather.not_parquet", values)
    for resource in told.resources:
        path = place / resource.path
        if not path.is_file():
            return LeftOut(office, "gather.table_missing", {**values, "file": resource.path})
        with path.open("rb") as file:
            if f"sha256:{hashlib.file_digest(file, 'sha256').hexdigest()}" != resource.hash:
                return LeftOut(office, "gather.altered", {**values, "file": resource.path})
    last = told.rulebooks[-1]
    rules = _rules(last, rulebooks)
    if rules is None:
        return LeftOut(office, "gather.unreadable")
    tables = {resource.name: place / resource.path for resource in told.resources}
    return Package(
        office, what, told.office.id, told.office.name, told.version, last.stamp, rules, dict(told.ledger), tables
    )


def _rules(told: _Rules, known: dict[str, RuleBook]) -> RuleBook | None:
    """The rule book; None if its text is not the one that its stamp names."""
    if told.stamp not in known:
        try:
            rules = read_rulebook(base64.b64decode(told.toml, validate=True), told.stamp)
        except (ValueError, EvalxlError):
            return None
        if rules.stamp != told.stamp:
            return None
        known[told.stamp] = rules
    return known[told.stamp]
