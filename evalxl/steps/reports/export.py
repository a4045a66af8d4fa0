"""The export: the contract's tables as CSV with a `datapackage.json` (Frictionless Data Package), for any other program.

UTF-8 with BOM, comma, a header, numbers with a decimal point. Text that a spreadsheet program would take as a formula gets an apostrophe in front. The
`datapackage.json` states the rule, and programs can undo it (`steps.reports.csv_escaping`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.evaluation.scoring import Scores, shown
from evalxl.domain.evaluation.week_view import Check, Result, WeekView
from evalxl.domain.names import visible, visible_lines
from evalxl.domain.periods.rollups import PeriodView
from evalxl.domain.rulebook import parts_of_books
from evalxl.domain.weeks import Period, Week
from evalxl.records.publish import OURS_ALONE, Growing, publish
from evalxl.steps.office.office import Office
from evalxl.steps.office.past_weeks import weeks_of
from evalxl.steps.periods.roll_up import seen as seen_period
from evalxl.steps.periods.roll_up import signals_of
from evalxl.steps.reports.csv_escaping import PATTERN, RULE, inert
from evalxl.steps.reports.export_tables import (
    DIFFICULTIES,
    LINES,
    NUMBERS,
    SIGNALS,
    STATISTICS,
    difficulties,
    lines,
    statistics,
)
from evalxl.steps.reports.export_tables import signals as signal_rows
from evalxl.steps.views.week_view import week_view
from evalxl.words import Lang

Row = Mapping[str, Any]

_STAGES = ("self", "scored", "approved")
_WEEKS = ("weeks_evaluated", "weeks_awaiting", "weeks_absent", "weeks_missing")
TASKS = (
    *(
        "week",
        "code",
        "key",
        "name",
        "task_code",
        "important",
        "unplanned",
        "complexity",
        "coefficient",
        "unit_of_measure",
    ),
    *("assigned", "done", "due", "finished", "status", "product", "evidence", "cause", "origin"),
    *("checked_important", "checked_status", "recognised", "cause_accepted", "faults", "delays"),
)
FINDINGS = ("week", "code", "level", "kind", "file", "sheet", "cell", "found", "message", "remedy")
WARNINGS = ("week", "code", "kind", "first_week", "second_week", "evidence", "talk_with", "state")
MISSING = ("week", "code", "step", "reason", "waits_for")


def _points(codes: Sequence[str]) -> Iterator[str]:
    """The columns of points: each part and the total at each stage; nothing under a rule book by which nobody scores."""
    return (f"{stage}_{part}" for stage in _STAGES if codes for part in (*codes, "total"))


def results_columns(codes: Sequence[str]) -> tuple[str, ...]:
    """The columns of results.csv where the rule book has these parts."""
    head = ("week", "code", "name", "unit", "title", "rank", "state")
    return (*head, *_points(codes), "counted_total", "counted_basis", "band", "flags")


def units_columns(codes: Sequence[str]) -> tuple[str, ...]:
    """The columns of units.csv where the rule book has these parts."""
    rest = ("counted_total", "counted_basis", "band", "flags", "people_mean")
    return ("week", "code", "name", "state", *_points(codes), *rest)


_ORDER = (
    *("results", "tasks", "findings", "warnings", "missing", "units"),
    *("lines", "weeks", "difficulties", "statistics", "signals"),
)
_BOM = b"\xef\xbb\xbf"
_AT_ONCE = 2000  # rows that are written together

_NUMBERS = re.compile(
    r"(_(total|mean)|^(self|scored|approved)_.*|^(coefficient|assigned|done|faults|delays)|^weeks_.*)$"
)


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the tables are, and the number of rows of each."""

    folder: Path
    rows: Mapping[str, int]


class SignalsOfAWeekError(EvalxlError):
    """A single week has no signals, because they concern habits over many weeks."""

    key = "slip.signals_of_a_week"


def export(office: Office, what: Week | Period, folder: Path, today: date, signals: bool = False) -> Exported:
    """Write the tables of a week, or of a period.

    Args:
        signals: Add the signals about how scores were given in a period, which are for leaders and the office alone. Without it, signals of
            an earlier export are removed from the folder.

    Raises:
        NotIssuedError: the ledger knows nothing of it.
        SignalsOfAWeekError: signals of a single week are requested.
    """
    if signals and isinstance(what, Week):
        raise SignalsOfAWeekError(week=what)
    with closing(_Tables(folder)) as tables:
        if isinstance(what, Week):
            situation = week_view(office, what, today)
            codes = situation.view.rules.codes
            tables.add("results", results_columns(codes), _results(situation.view.results))
            _add_week(tables, situation.view, codes, office.lang)
            tables.add("difficulties", DIFFICULTIES, difficulties(what, situation.view.difficulties))
        else:
            weeks = weeks_of(office, office.history, what)
            codes = tuple(part.code for part in parts_of_books(past_week.rules for past_week in weeks))
            # One week after the other: because the views of a year of thousands of people do not fit into memory at once.
            for gone in weeks:
                _add_week(
                    tables, week_view(office, gone.week, today, warnings=gone.warnings()).view, codes, office.lang
                )
            # A closed period exports the weekly rows that its figures are based on, not the present state of the weeks.
            view, behind = seen_period(office, what)
            for past_week in behind:
                tables.add("weeks", results_columns(codes), _results(past_week.plain()))
            tables.add("results", (*results_columns(codes), *_WEEKS), _means(view))
            tables.add("difficulties", DIFFICULTIES, difficulties(what, view.difficulties))
            tables.add("statistics", STATISTICS, statistics(what, view.staffing))
            if signals:
                tables.add("signals", SIGNALS, signal_rows(what, signals_of(behind)))
        # Tables that only some exports have: an earlier one in the folder would be taken for this one's.
        for name in {"signals", "lines"} - tables.columns.keys():
            (folder / f"{name}.csv").unlink(missing_ok=True)
        tables.publish()
    order = [name for name in _ORDER if name in tables.columns]
    package = _package(what, {name: tables.columns[name] for name in order})
    publish(folder / "datapackage.json", json.dumps(package, ensure_ascii=False, indent=2).encode(), OURS_ALONE)
    return Exported(folder, {name: tables.rows[name] for name in order})


def result_rows(office: Office, what: Week | Period, today: date) -> tuple[Sequence[str], Iterator[Row]]:
    """The columns and the rows of the table `results`, as values.

    Raises:
        NotIssuedError: the ledger knows nothing of it.
    """
    if isinstance(what, Week):
        view = week_view(office, what, today).view
        return results_columns(view.rules.codes), _results(view.results)
    period = seen_period(office, what)[0]
    return (*results_columns([part.code for part in period.parts]), *_WEEKS), _means(period)


def _add_week(tables: _Tables, view: WeekView, codes: Sequence[str], lang: Lang) -> None:
    tables.add("tasks", TASKS, _tasks(view))
    if view.rules.lines:
        tables.add("lines", LINES, lines(view))
    tables.add("findings", FINDINGS, _findings(view, lang))
    tables.add("warnings", WARNINGS, _warnings(view))
    tables.add("missing", MISSING, _missing(view))
    tables.add("units", units_columns(codes), _units(view))


class _Tables:
    """The tables written so far, each with its columns and the number of its rows."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._files: dict[str, Growing] = {}
        self.columns: dict[str, Sequence[str]] = {}
        self.rows: Counter[str] = Counter()

    def add(self, name: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
        if name not in self._files:
            self._files[name], self.columns[name] = Growing(self._folder / f"{name}.csv"), columns
            self._files[name].add(_BOM + _lines([columns]))
        rows = iter(rows)
        while some := list(islice(rows, _AT_ONCE)):
            self._files[name].add(_lines(_row(columns, row) for row in some))
            self.rows[name] += len(some)

    def publish(self) -> None:
        for file in self._files.values():
            file.publish()

    def close(self) -> None:
        for file in self._files.values():
            file.drop()


def _results(results: Iterable[Result]) -> Iterator[Row]:
    for row in results:
        yield {
            "week": row.week,
            "code": row.code,
            "name": row.name,
            "unit": row.unit,
            "title": row.title,
            "rank": row.rank,
            "state": row.state,
            **_stages(row),
            "counted_total": row.counted_total,
            "counted_basis": row.basis,
            "band": row.band,
            "flags": " ".join(row.flags),
        }


def _stages(row: Result) -> Row:
    stages: tuple[tuple[str, Scores], ...] = (
        ("self", row.self_scores),
        ("scored", row.scored),
        ("approved", row.approved),
    )
    parts = {f"{stage}_{part}": value for stage, scores in stages for part, value in scores.given.items()}
    return parts | {f"{stage}_total": scores.total for stage, scores in stages}


def _tasks(view: WeekView) -> Iterator[Row]:
    for row in view.results:
        for task in row.tasks:
            check = row.checks.get(task.key)
            check = check if check is not None and check.task == task.name else Check()
            yield {
                "week": row.week,
                "code": row.code,
                "key": task.key,
                "name": task.name,
                "task_code": task.code,
                "important": _yes(task.important),
                "unplanned": _yes(task.unplanned),
                "complexity": task.complexity,
                "coefficient": task.coefficient,
                "unit_of_measure": task.unit_of_measure,
                "assigned": task.assigned,
                "done": task.done,
                "due": task.due,
                "finished": task.finished,
                "status": task.standing,
                "product": task.product,
                "evidence": task.evidence,
                "cause": task.cause,
                "origin": task.origin,
                "checked_important": check.important,
                "checked_status": check.status,
                "recognised": check.recognised,
                "cause_accepted": check.cause_accepted,
                "faults": check.faults,
                "delays": check.delays,
            }


def _findings(view: WeekView, lang: Lang) -> Iterator[Row]:
    for finding in view.findings:
        yield {
            "week": view.week,
            "code": finding.code,
            "level": finding.level,
            "kind": finding.kind,
            "file": visible(finding.file),
            "sheet": finding.sheet,
            "cell": finding.cell,
            "found": finding.found,
            "message": finding.message(lang),
            "remedy": finding.remedy(lang),
        }


def _warnings(view: WeekView) -> Iterator[Row]:
    for warning in view.warnings:
        yield {
            "week": view.week,
            "code": warning.code,
            "kind": warning.kind,
            "first_week": warning.first_week,
            "second_week": warning.second_week,
            "evidence": "\n".join(warning.evidence),
            "talk_with": " ".join(warning.talk_with),
            "state": warning.state,
        }


def _missing(view: WeekView) -> Iterator[Row]:
    for entry in view.missing:
        reason = entry.reason.partition(".")[2]
        yield {
            "week": view.week,
            "code": entry.code,
            "step": entry.step,
            "reason": reason,
            "waits_for": entry.waits_for,
        }


def _units(view: WeekView) -> Iterator[Row]:
    for row in view.unit_results:
        yield {
            "week": view.week,
            "code": row.unit,
            "name": row.name,
            "state": row.state,
            **_stages(row),
            "counted_total": row.counted_total,
            "counted_basis": row.basis,
            "band": row.band,
            "flags": " ".join(row.flags),
            "people_mean": view.people_means.get(row.unit),
        }


def _means(view: PeriodView) -> Iterator[Row]:
    """One row per person: the means of the weekly figures, with the number of weeks included and missing.

    A missing week is not a zero. It is counted as missing and left out of the means.
    """
    for row in view.results:
        yield {
            "week": row.period,
            "code": row.code,
            "name": row.name,
            "unit": row.unit,
            "title": row.title,
            "rank": row.rank,
            "state": row.state,
            **row.means,
            "counted_total": row.counted_total,
            "counted_basis": row.basis,
            "band": row.band,
            "flags": " ".join(row.flags),
            "weeks_evaluated": row.evaluated,
            "weeks_awaiting": row.awaiting,
            "weeks_absent": row.absent,
            "weeks_missing": row.missing,
        }


def _yes(value: bool) -> str:
    return "true" if value else "false"


def table_bytes(columns: Sequence[str], rows: Iterable[Row]) -> bytes:
    """A table as CSV: UTF-8 with BOM, comma, a header, Windows line ends."""
    return _BOM + _lines([columns, *(_row(columns, row) for row in rows)])


def _row(columns: Sequence[str], row: Row) -> list[str]:
    return [_plain(row.get(column)) for column in columns]


def _lines(rows: Iterable[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\r\n").writerows(rows)
    return out.getvalue().encode("utf-8")


def _plain(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, Decimal):
        return shown(value.quantize(Decimal("0.000001")))
    return inert(visible_lines(str(value)))


def _package(what: Week | Period, tables: Mapping[str, Sequence[str]]) -> dict[str, Any]:
    return {
        "name": f"evalxl-{str(what).lower()}",
        "profile": "tabular-data-package",
        "description": RULE,
        "evalxl:undo": PATTERN,
        "evalxl:units": "A code `unit:X` is the unit X itself, which reports as a unit; no staff code has a colon.",
        "resources": [
            {
                "name": name,
                "path": f"{name}.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8-sig",
                "schema": {"fields": [_column(column) for column in columns], "missingValues": [""]},
            }
            for name, columns in tables.items()
        ],
    }


def is_number(column: str) -> bool:
    """Whether a column of a table holds only numbers and empty fields."""
    return column in NUMBERS or _NUMBERS.search(column) is not None


def _column(name: str) -> dict[str, Any]:
    if is_number(name):
        return {"name": name, "type": "number"}
    if name in ("due", "finished"):
        return {"name": name, "type": "date"}
    if name in ("important", "unplanned"):
        return {"name": name, "type": "boolean"}
    return {"name": name, "type": "string"}
