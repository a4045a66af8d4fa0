"""The export: the contract's tables as CSV with a `datapackage.json` (Frictionless Data Package), for any other program.

UTF-8 with BOM, comma, a header, numbers with a decimal point. Text that a spreadsheet program would take for a formula is led by an apostrophe, by a
rule that programs can undo and that the `datapackage.json` states (`steps.inert`).
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from evalxl.domain.errors import EvalxlError
from evalxl.domain.names import visible, visible_lines
from evalxl.domain.results import Check, Result, WeekView
from evalxl.domain.rollups import PeriodView
from evalxl.domain.scoring import Scores, shown
from evalxl.domain.weeks import Period, Week
from evalxl.records.publish import publish
from evalxl.steps.further_tables import DIFFICULTIES, NUMBERS, SIGNALS, STATISTICS, difficulties, statistics
from evalxl.steps.further_tables import signals as signal_rows
from evalxl.steps.inert import PATTERN, RULE, inert
from evalxl.steps.office import NotIssuedError, Office
from evalxl.steps.roll_up import seen as seen_period
from evalxl.steps.roll_up import signals_of
from evalxl.steps.view import look
from evalxl.words import Lang

Row = Mapping[str, Any]

_SCORES = ("quality", "progress", "conduct", "total")
RESULTS = (
    *("week", "code", "name", "unit", "title", "rank", "state"),
    *(f"{stage}_{part}" for stage in ("self", "scored", "approved") for part in _SCORES),
    *("counted_total", "counted_basis", "band", "flags"),
)
PERIOD_RESULTS = (*RESULTS, "weeks_evaluated", "weeks_awaiting", "weeks_absent", "weeks_missing")
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
MISSING = ("week", "code", "step", "reason")
UNITS = (
    *("week", "code", "name", "state"),
    *(f"{stage}_{part}" for stage in ("self", "scored", "approved") for part in _SCORES),
    *("counted_total", "counted_basis", "band", "flags", "people_mean"),
)

_NUMBERS = re.compile(r"(_(quality|progress|conduct|total|mean)|^(coefficient|assigned|done|faults|delays)|^weeks_.*)$")


@dataclass(frozen=True, slots=True)
class Exported:
    """Where the tables are, and how many rows each has."""

    folder: Path
    rows: Mapping[str, int]


class SignalsOfAWeekError(EvalxlError):
    """One week has no signals: they are about habits."""

    key = "slip.signals_of_a_week"


def export(office: Office, what: Week | Period, folder: Path, today: date, signals: bool = False) -> Exported:
    """Write the tables of a week, or of a period.

    Args:
        signals: Of a period also what leaders should look at in how scores were given, which is for them and the office alone. Without it no
            signals are left in the folder by an earlier export either.

    Raises:
        NotIssuedError: the ledger knows nothing of it.
        SignalsOfAWeekError: signals of a single week are asked for.
    """
    if signals and isinstance(what, Week):
        raise SignalsOfAWeekError(week=what)
    weeks = (what,) if isinstance(what, Week) else tuple(w for w in what.weeks() if office.history.week(w).issues())
    if not weeks:
        assert isinstance(what, Period)
        raise NotIssuedError(week=what, name=str(what.weeks()[0]))
    seen = [look(office, week, today) for week in weeks]
    weekly = list(_results(row for one in seen for row in one.view.results))
    tables: dict[str, tuple[Sequence[str], list[Row]]] = {
        "results": (RESULTS, weekly),
        "tasks": (TASKS, [row for one in seen for row in _tasks(one.view)]),
        "findings": (FINDINGS, [row for one in seen for row in _findings(one.view, office.lang)]),
        "warnings": (WARNINGS, [row for one in seen for row in _warnings(one.view)]),
        "missing": (MISSING, [row for one in seen for row in _missing(one.view)]),
        "units": (UNITS, [row for one in seen for row in _units(one.view)]),
    }
    if isinstance(what, Week):
        tables["difficulties"] = (DIFFICULTIES, list(difficulties(what, seen[0].view.difficulties)))
    else:
        # Of a closed period the weekly rows that its figures rest on, not what the weeks have become since.
        view, behind = seen_period(office, what)
        tables["weeks"] = (RESULTS, list(_results(row for one in behind for row in one.plain())))
        tables["results"] = (PERIOD_RESULTS, list(_means(view)))
        tables["difficulties"] = (DIFFICULTIES, list(difficulties(what, view.difficulties)))
        tables["statistics"] = (STATISTICS, list(statistics(what, view.staffing)))
        if signals:
            tables["signals"] = (SIGNALS, list(signal_rows(what, signals_of(behind))))
    if not signals:
        (folder / "signals.csv").unlink(missing_ok=True)
    for name, (columns, rows) in tables.items():
        publish(folder / f"{name}.csv", table_bytes(columns, rows))
    package = _package(what, {name: columns for name, (columns, _) in tables.items()})
    publish(folder / "datapackage.json", json.dumps(package, ensure_ascii=False, indent=2).encode())
    return Exported(folder, {name: len(rows) for name, (_, rows) in tables.items()})


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
    return {
        f"{stage}_{part}": scores.total if part == "total" else scores.part(part)
        for stage, scores in stages
        for part in _SCORES
    }


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
        yield {"week": view.week, "code": entry.code, "step": entry.step, "reason": entry.reason.partition(".")[2]}


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
    """One row per person: the means of the weekly figures; beside them how many weeks stand behind and how many do not.

    A missing week is not a zero: it is counted, and left out of the means.
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
    """A table as CSV: UTF-8 with BOM, comma, a header, lines as Windows ends them."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_plain(row.get(column)) for column in columns] for row in rows)
    return b"\xef\xbb\xbf" + out.getvalue().encode("utf-8")


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


def _column(name: str) -> dict[str, Any]:
    if name in NUMBERS or _NUMBERS.search(name):
        return {"name": name, "type": "number"}
    if name in ("due", "finished"):
        return {"name": name, "type": "date"}
    if name in ("important", "unplanned"):
        return {"name": name, "type": "boolean"}
    return {"name": name, "type": "string"}
