"""Findings: what is wrong, where, and what to do about it.

A finding is a value. Its kind is a row of the catalogue (`words/findings.toml`), which gives its level and its
sentences; the finding holds the place and the facts that fill them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from evalxl import words
from evalxl.domain.names import on_one_line, shown_code, visible
from evalxl.words import Lang, Level

OUR_FAULT = "file.our_fault"
"""The kind of a file that is not read because the program itself has failed: nobody who filled it has anything to do."""


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing a person should know or put right.

    Attributes:
        kind: The catalogue's row, named by meaning: `score.out_of_bounds`.
        code: The staff code of the person concerned, where there is one; `unit:VP` for what concerns a unit's own result.
        file, sheet, cell: Where it stands; `file` is relative to the week's folder.
        found: What stands there, as typed.
        values: Other facts that the sentences of the kind speak of.
    """

    kind: str
    code: str = ""
    file: str = ""
    sheet: str = ""
    cell: str = ""
    found: str = ""
    values: Mapping[str, Any] = field(default_factory=dict)

    @property
    def level(self) -> Level:
        return words.level_of(self.kind)

    def message(self, lang: Lang = "vi", shut: bool = True) -> str:
        """What is wrong.

        Args:
            shut: Only whom it concerns can read it. Where colleagues can, the sentence names cells and no value.
        """
        if shut:
            return words.say(self.kind, lang, **self._facts(lang))
        return words.say_openly(self.kind, lang, **self._open_facts(lang))

    def remedy(self, lang: Lang = "vi", shut: bool = True) -> str:
        """What to do about it; `shut` as in `message`."""
        return words.remedy(self.kind, lang, **(self._facts(lang) if shut else self._open_facts(lang)))

    def at(self, **place: str) -> Finding:
        """The same finding with more of its place known."""
        return replace(self, **place)  # type: ignore[arg-type]

    def brief(self) -> str:
        """`score.out_of_bounds Phiếu!D8`, for tests and logs: no name, no score."""
        place = f"{self.sheet}!{self.cell}" if self.sheet else self.cell
        return f"{self.kind} {place}".rstrip()

    def _facts(self, lang: Lang) -> dict[str, Any]:
        named = {"code": shown_code(self.code), "file": self.file, "sheet": self.sheet, "cell": self.cell}
        facts = {name: visible(text) for name, text in named.items()} | {"found": on_one_line(self.found)}
        # A value that is itself a catalogue key ("@term.quality") is said in the reader's language; what a person typed may begin with @ too.
        for key, value in self.values.items():
            said = words.in_language(value, lang) if isinstance(value, str) else None
            facts[key] = on_one_line(words.as_read(str(value), lang)) if said is None else said
        if self.kind in _SHOWS_A_NUMBER:
            facts["found"] = words.as_read(facts["found"], lang)
        return facts

    def _open_facts(self, lang: Lang) -> dict[str, Any]:
        """The facts that colleagues may read: places and what the rules say; for everything else stand dots."""
        shown = {*_OPEN, *_OPEN_OF.get(self.kind, ())} - ({"cells"} if self.kind in _VALUES_IN_CELLS else set())
        return {name: value if name in shown else "…" for name, value in self._facts(lang).items()}


# What is no value of a cell: where it is, what the field is called, what the rules allow.
_OPEN = frozenset(
    [
        "code",
        "file",
        "sheet",
        "cell",
        "cells",
        "lines",
        "label",
        "maximum",
        "step",
        "key",
        "week",
        "place",
        "count",
        "room",
        "rows",
        "limit",
        "name",
        "read",
        "other",
        "otherwise",
    ]
)
# Facts that hold a place in some kinds.
_OPEN_OF = {
    "cell.hard_to_see": ("why",),
    "cell.merged": ("found",),
    "cell.moved": ("issued",),
    "file.sheet_renamed": ("found",),
    "file.twin_names": ("found",),
    "score.comment_missing": ("why",),
    "task.no_status": ("standing",),  # what nobody typed
}
# Kinds in which a list of cells says what stands in them.
_VALUES_IN_CELLS = ("row.kept", "row.rivals")

# What stands in the cell is a number there; elsewhere `found` is shown just as it was typed.
_SHOWS_A_NUMBER = ("score.off_step", "score.out_of_bounds", "score.not_allowed")


def as_record(finding: Finding) -> dict[str, Any]:
    """The finding as the ledger keeps it."""
    record = {name: getattr(finding, name) for name in ("kind", "code", "file", "sheet", "cell", "found")}
    return {name: value for name, value in record.items() if value} | (
        {"values": dict(finding.values)} if finding.values else {}
    )


def from_record(record: Mapping[str, Any]) -> Finding:
    return Finding(**record)


def findings_from(told: Iterable[Finding | Mapping[str, Any]]) -> tuple[Finding, ...]:
    """Findings as they are, or as the ledger keeps them."""
    return tuple(one if isinstance(one, Finding) else from_record(one) for one in told)


def worst(findings: Iterable[Finding]) -> Level | None:
    """The most serious level among findings; None where there are none."""
    levels = {finding.level for finding in findings}
    return next((level for level in words.LEVELS if level in levels), None)
