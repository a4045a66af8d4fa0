"""Rows of a week as columns: what is kept of a week that nothing was added to, so that its events need not be read again.

A column of few different values holds each once, so a year of them is read at once and takes little room. What comes out is what went in, to the last digit;
a record that fits nothing raises.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any

from evalxl.domain.evaluation.scoring import Scores, Task
from evalxl.domain.evaluation.week_view import Result
from evalxl.domain.names import code_key
from evalxl.domain.typed_rows import Check, ScoreWords
from evalxl.domain.weeks import Week

SHARES = 16  # of the people of a week, so that what people did over a year can be gone through without having all of it at hand

Columns = Mapping[str, Any]

_STAGES = ("self_scores", "scored", "approved")
_LINES = ("self_lines", "scored_lines")  # of parts that have lines, each row's as one text
_NARROW = ("tasks", "checks")  # what only its own reader asks for, with the words of a form and of a manager
# What is chosen instead of written is said in the words of a result (`week_results`), so it has no column.
_CHOSEN = ("breach_kind", "breach_day", "earned_by")
_OF_SCORE = tuple(one for one in ScoreWords.names() if one not in _CHOSEN)
_WORDS = ("conduct_note", "reply", *(name for name in _OF_SCORE if name != "breach"), "opinion", "reason")
_PLAIN = tuple(
    one.name
    for one in fields(Result)
    if one.name not in (*_STAGES, *_LINES, *_NARROW, *_WORDS, *_CHOSEN, "week", "counted_total", "flags")
)
_ORDER = tuple(one.name for one in fields(Result) if not one.kw_only)
_TASK, _CHECK = ([one.name for one in fields(of)] for of in (Task, Check))
_DECIMALS, _DATES = ("coefficient", "assigned", "done"), ("due", "finished")


def share_of(code: str) -> int:
    """In which share of a week's people somebody is, in each week the same."""
    return zlib.crc32(code_key(code).encode()) % SHARES


def pack_results(rows: Sequence[Result]) -> Columns:
    """Everything of a week's rows but tasks, checks and what was written about them."""
    found: dict[str, Any] = {name: _packed([getattr(row, name) for row in rows]) for name in _PLAIN}
    found |= {name: _packed([_text_of_lines(getattr(row, name)) for row in rows]) for name in _LINES}
    found["flags"] = _packed([" ".join(row.flags) for row in rows])
    found["counted_total"] = _packed([_text(row.counted_total) for row in rows])
    found["parts"] = list(rows[0].approved.codes) if rows else []  # of one week: all rows are under one rule book
    for stage in _STAGES:
        for part in found["parts"]:
            found[f"{stage}.{part}"] = _packed([_text(getattr(row, stage).part(part)) for row in rows])
    return found


def rows_of(told: Columns, week: Week) -> list[Result]:
    """The rows without tasks, checks and what was written about them."""
    count = len(unpacked(told["code"]))
    more: dict[str, list[Any]] = {name: [""] * count for name in _WORDS}
    return _rows(told, week, more | {"tasks": [()] * count, "checks": [{} for _ in range(count)]})


def _rows(told: Columns, week: Week, more: Mapping[str, Iterable[Any]]) -> list[Result]:
    """The rows that `pack_results` was told of, with the columns that it leaves out."""
    plain = {name: unpacked(told[name]) for name in _PLAIN}
    flags = unpacked(told["flags"], lambda words: tuple(words.split()))
    stages = {stage: _scores(told, stage, len(flags)) for stage in _STAGES}
    lines = {name: unpacked(told[name], _lines) for name in _LINES}
    columns = {
        **plain,
        **stages,
        **lines,
        **more,
        "flags": flags,
        "counted_total": unpacked(told["counted_total"], _decimal),
    }
    columns["week"] = [week] * len(flags)
    said = (
        dict(zip(_OF_SCORE, words, strict=True)) for words in zip(*(columns[name] for name in _OF_SCORE), strict=True)
    )
    rows = zip(*(columns[name] for name in _ORDER), strict=True)
    return [Result(*one, **words) for one, words in zip(rows, said, strict=True)]


def _scores(told: Columns, stage: str, count: int) -> list[Scores]:
    """Scores that were written alike are one value: of a year there are few different ones."""
    codes = tuple(told["parts"])
    if not codes:
        return [Scores()] * count
    same: dict[tuple[int, ...], Scores] = {}
    found = []
    for parts in zip(*(unpacked(told[f"{stage}.{part}"], _decimal) for part in codes), strict=True):
        alike = tuple(map(id, parts))
        if alike not in same:
            same[alike] = Scores(codes, parts)
        found.append(same[alike])
    return found


def pack_details(rows: Sequence[Result], share: int | None = None) -> Columns:
    """Everything of the rows of one share of the people, or of all; `places` says which rows they are."""
    mine = [(place, row) for place, row in enumerate(rows) if share is None or share_of(row.code) == share]
    tasks = [task for _, row in mine for task in row.tasks]
    checks = [check for _, row in mine for check in row.checks.values()]
    return {
        "places": [place for place, _ in mine],
        "wide": pack_results([row for _, row in mine]),
        **{name: _packed([getattr(row, name) for _, row in mine]) for name in _WORDS},
        "tasks": [len(row.tasks) for _, row in mine],
        "checks": [len(row.checks) for _, row in mine],
        "checked": _packed([key for _, row in mine for key in row.checks]),
        **{f"task.{name}": _packed([_as_text(name, getattr(task, name)) for task in tasks]) for name in _TASK},
        **{f"check.{name}": _packed([getattr(check, name) for check in checks]) for name in _CHECK},
    }


def joined(told: Columns, week: Week) -> list[tuple[int, Result]]:
    """The rows that `pack_details` was told of as they were, each with its place."""
    columns = [unpacked(told[f"task.{name}"], _READ.get(name)) for name in _TASK]
    tasks = map(Task, *columns)
    said = map(Check, *(unpacked(told[f"check.{name}"]) for name in _CHECK))
    checks = zip(unpacked(told["checked"]), said, strict=True)
    more: dict[str, Iterable[Any]] = {name: unpacked(told[name]) for name in _WORDS}
    more["tasks"] = [tuple(islice(tasks, count)) for count in told["tasks"]]
    more["checks"] = [dict(islice(checks, count)) for count in told["checks"]]
    return list(zip(told["places"], _rows(told["wide"], week, more), strict=True))


def _packed(values: Iterable[Any]) -> Any:
    """A column; one of few different values as these, and the place of each."""
    values = list(values)
    places: dict[tuple[type, Any], int] = {}
    at = [places.setdefault((type(value), value), len(places)) for value in values]
    return {"of": [value for _, value in places], "at": at} if len(places) * 2 < len(values) else values


def unpacked(column: Any, read: Any = None) -> list[Any]:
    """The values of a column, each read once where they are few."""
    if isinstance(column, dict):
        values = column["of"] if read is None else [read(value) for value in column["of"]]
        return [values[place] for place in column["at"]]
    return list(column) if read is None else [read(value) for value in column]


def distinct(column: Any) -> list[Any]:
    """The values of which a column is made, as they are written."""
    return list(column["of"] if isinstance(column, dict) else column)


def _text_of_lines(lines: Mapping[str, Decimal]) -> str:
    return " ".join(f"{key}={value}" for key, value in lines.items())


def _lines(text: str) -> Mapping[str, Decimal]:
    """What was given in the lines; rows that gave the same share it."""
    return {key: Decimal(value) for key, _, value in (one.partition("=") for one in text.split())}


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _day(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)


def _as_text(name: str, value: Any) -> Any:
    return value if value is None or name not in _READ else str(value)


_READ = dict.fromkeys(_DECIMALS, _decimal) | dict.fromkeys(_DATES, _day)
