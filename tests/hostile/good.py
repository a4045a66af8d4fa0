"""The good form that everything hostile is made of: issued by evalxl, filled by a person, and taken apart."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import Any

from evalxl.excel.returned.examine import Examined, WeekBooks, examine
from evalxl.excel.returned.guard import open_package
from evalxl.excel.returned.reading import read_workbook, sheet_parts
from evalxl.excel.stamping.stamp import Stencil
from evalxl.forms import kinds
from evalxl.forms.binding import stamp_values
from evalxl.forms.values import encode
from evalxl.forms.workbook import Range, address
from evalxl.records.package_files import shipped
from tests.excel.packages import packed
from tests.people import GOOD_FORM

WEEK = "2025-W23"
TEMPLATE = (shipped("templates") / "form.xlsx").read_bytes()
RULES = (shipped("rulebooks") / "cv-8679-2025.toml").read_bytes()
VALUES: Mapping[str, Any] = {
    "ev_person_code": "V1-03",
    "ev_person_name": "Vũ Văn An",
    "ev_unit_code": "VU1",
    "ev_unit_name": "Vụ Một",
    "ev_week": WEEK,
    "ev_task_name": ["Rà soát quy chế làm việc"],
}


def hash_of(template: bytes) -> str:
    """As the ledger names a template. The stamp shows the first sixteen letters, which are alike in all workbooks that are kept here."""
    return "a" * 16 + hashlib.sha256(template).hexdigest()[16:]


def event(subject: str = "V1-03", form_id: str = "f" * 32, week: str = WEEK, office: str = "") -> dict[str, Any]:
    """What the ledger keeps of an issued form."""
    values = {**VALUES, "ev_person_code": subject, "ev_week": week}
    return {
        "form_id": form_id,
        "workbook": "form",
        "subject": subject,
        "week": week,
        "template": hash_of(TEMPLATE),
        "rulebook": "cv-8679-2025@abc",
        "rules": "b" * 64,
        "seal": "c" * 64,
        "office": office,
        "values": {name: encode(value) for name, value in values.items()},
        "given": [0],
        "origins": {"01": "given"},
    }


MINE, COLLEAGUE = event(), event("V1-04", "e" * 32)


@cache
def books(template: bytes = TEMPLATE) -> WeekBooks:
    """What a worker knows of the week: my form and a colleague's."""
    issues = {one["form_id"]: {**one, "template": hash_of(template)} for one in (MINE, COLLEAGUE)}
    return WeekBooks(WEEK, issues, {hash_of(template): template}, {MINE["rules"]: RULES})


@cache
def issued(
    subject: str = "V1-03", form_id: str = "f" * 32, week: str = WEEK, template: bytes = TEMPLATE, office: str = ""
) -> bytes:
    """The form as it lies in the shared folder."""
    stamp = stamp_values(event(subject, form_id, week, office))
    values = {**VALUES, "ev_person_code": subject, "ev_week": week}
    return Stencil(template, kinds.FORM).stamp(
        values | {f"ev_stamp_{name}": value for name, value in stamp.items()},
        {f"evalxl.{name}": value for name, value in stamp.items()},
        given=[0],
    )


FILLED: Mapping[str, Any] = {**GOOD_FORM, "ev_task_name": [None, "Tham mưu báo cáo tuần"]}


def filled(changed: Mapping[str, Any] | None = None, data: bytes | None = None) -> bytes:
    """The form as the person saved it, but for what is changed."""
    return Stencil(data or issued(), kinds.FORM).stamp({**FILLED, **(changed or {})}, {})


@cache
def good() -> Form:
    return Form(filled())


def answer(data: bytes) -> Examined:
    """What the real path says to a file."""
    return examine(data, books())


@dataclass(frozen=True)
class Form:
    """A filled form, its parts, and the places of its cells."""

    data: bytes

    @cached_property
    def parts(self) -> Mapping[str, bytes]:
        return open_package(self.data)

    @cached_property
    def sheets(self) -> Mapping[str, str]:
        """The part of each sheet."""
        return sheet_parts(self.parts)

    @cached_property
    def names(self) -> Mapping[str, Range]:
        return read_workbook(self.data).names

    def part_of(self, name: str) -> str:
        return self.sheets[self.names[name].sheet]

    def cell_of(self, name: str, row: int = 0) -> str:
        place = self.names[name]
        return address((place.top + row, place.left))

    def packed(self, changed: Mapping[str, bytes | None]) -> bytes:
        """The form with some parts changed, added, or (None) left out."""
        parts = {**self.parts, **changed}
        return packed({name: text for name, text in parts.items() if text is not None})

    def edited(self, part: str, old: str, new: str, count: int = 1) -> bytes:
        """The form with some words of a part replaced, which must stand there."""
        text = self.parts[part].decode()
        assert old in text, (part, old)
        return self.packed({part: text.replace(old, new, count).encode()})

    def with_cell(self, name: str, xml: str, row: int = 0, more: Mapping[str, bytes] | None = None) -> bytes:
        """The form with other XML in the place of a cell; `{r}` and `{s}` are its reference and style."""
        part, reference = self.part_of(name), self.cell_of(name, row)
        text = {**self.parts, **(more or {})}[part].decode()
        match = re.search(rf'<c r="{reference}"(?: s="(\d+)")?[^>]*?(?:/>|>.*?</c>)', text)
        assert match, (name, reference)
        put = xml.replace("{r}", reference).replace("{s}", match[1] or "0")
        return self.packed({**(more or {}), part: (text[: match.start()] + put + text[match.end() :]).encode()})

    def with_style(self, code: str, name: str, xml: str) -> bytes:
        """The form with a cell of a number format of its own; `{s}` in the XML is its style."""
        styles = self.parts["xl/styles.xml"].decode()
        count = len(re.findall(r"<xf ", styles[styles.index("<cellXfs") : styles.index("</cellXfs>")]))
        own = f'<numFmt numFmtId="199" formatCode="{code}"/>'
        if "<numFmts" in styles:
            styles = re.sub(r"(<numFmts[^>]*>)", rf"\g<1>{own}", styles, count=1)
        else:
            styles = re.sub(r"(<styleSheet[^>]*>)", rf"\g<1><numFmts>{own}</numFmts>", styles, count=1)
        styles = styles.replace(
            "</cellXfs>", '<xf numFmtId="199" applyProtection="1"><protection locked="0"/></xf></cellXfs>'
        )
        return self.with_cell(name, xml.replace("{s}", str(count)), more={"xl/styles.xml": styles.encode()})
